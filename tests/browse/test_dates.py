"""Formatting and parsing of dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.browse.dates import (
    be_year,
    english_date,
    iso_date,
    iso_end,
    thai_date,
    thai_month,
    thai_short_date,
    thai_weekday,
)
from scraper.thai.dates import find_dates
from scraper.thai.typed_dates import read_typed_date


def test_dates_are_formatted_in_both_eras() -> None:
    assert thai_date("2025-08-21") == "21 สิงหาคม 2568"
    assert thai_short_date("2025-08-21T03:00:00Z") == "21 ส.ค. 2568"
    assert english_date("2025-08-21") == "21 August 2025"
    assert thai_weekday("2025-08-21") == "พฤหัสบดี"
    assert thai_month("2025-08") == "ส.ค. 2568"
    assert be_year("2025-08-21") == 2568


@pytest.mark.parametrize("value", [None, "", "2025", "2025-02-30", "วันนี้"])
def test_invalid_dates_give_none(value: str | None) -> None:
    assert thai_date(value) is None
    assert be_year(value) is None


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_formatted_dates_can_be_parsed(day: date) -> None:
    shown = thai_date(day.isoformat())
    assert shown is not None
    assert read_typed_date(shown) == (day, day)
    assert find_dates(shown, None)[0].start_on == day


@pytest.mark.parametrize("typed", ["", "เมื่อวาน", "2568-13", "31/2/2568"])
def test_first_and_last_day_of_a_typed_date(typed: str) -> None:
    assert (iso_date("2568-02"), iso_end("2568-02")) == ("2025-02-01", "2025-02-28")
    assert (iso_date(typed), iso_end(typed)) == (None, None)
