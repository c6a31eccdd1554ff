"""Agencies are found by any of their official names."""

from __future__ import annotations

import pytest

from scraper.reference import read_table
from scraper.thai.agency_slugs import agencies_called


@pytest.mark.parametrize("name", ["diw", "DIW", "กรอ.", " กรมโรงงานอุตสาหกรรม\xa0"])
def test_an_agency_has_several_names(name: str) -> None:
    assert agencies_called(name) == {"diw": "กรมโรงงานอุตสาหกรรม"}


def test_every_slug_is_a_name() -> None:
    for row in read_table("agencies.csv")[:20]:
        assert row["slug"] in agencies_called(row["slug"])


@pytest.mark.parametrize("word", ["โรงงาน", "", " "])
def test_other_words_are_not_names(word: str) -> None:
    assert agencies_called(word) == {}
