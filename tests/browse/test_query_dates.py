"""Canned queries reject invalid dates."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from scraper.browse.query_dates import date_parameters

if TYPE_CHECKING:
    from tests.browse.conftest import Site

WITH_DATES = sorted(name for name, dates in date_parameters().items() if dates)


def test_which_queries_take_dates() -> None:
    assert date_parameters()["words_of_a_period"] == {"since", "until"}
    assert not date_parameters()["number_gaps"]
    assert len(WITH_DATES) == 7


@pytest.mark.parametrize("name", WITH_DATES)
@pytest.mark.parametrize("parameter", ["since", "until"])
def test_an_invalid_date_is_quoted_in_the_error(practice: Site, name: str, parameter: str) -> None:
    asked = urlencode({parameter: "31/2/2568"})
    page = practice.page(f"/thaigov/{name}?{asked}", status=400)
    assert "31/2/2568" in page
    assert "ไม่ใช่วันที่" in page
    answer = practice.get(f"/thaigov/{name}.json?{asked}")
    assert (answer.status_code, answer.json()["ok"]) == (400, False)
    assert "31/2/2568" in answer.json()["error"]


def test_an_invalid_date_is_escaped(practice: Site) -> None:
    page = practice.page(
        "/thaigov/dates_by_place?since=%3Cscript%3Ealert(1)%3C/script%3E", status=400
    )
    assert "<script>alert" not in page
    assert "content-security-policy" in practice.get("/thaigov/dates_by_place?since=x").headers


@pytest.mark.parametrize("typed", ["", "  ", "21 ส.ค. 2568", "๒๕๖๘", "8/2568"])
def test_valid_and_empty_dates_are_accepted(practice: Site, typed: str) -> None:
    practice.page("/thaigov/dates_by_place?" + urlencode({"since": typed}))


def test_other_pages_have_their_own_since(practice: Site) -> None:
    practice.page("/thaigov/articles?since=x")
    practice.page("/-/search?since=x", status=400)
