"""Dates of the practice site: worded true to their meaning, in the measured proportions."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.practice.prose.dates import MONTHS, DateWriter, full_date, long_date, short_date
from scraper.thai.dates.date_mention import Precision

PUBLISHED = date(2025, 3, 14)
days = st.dates(date(2016, 7, 1), date(2030, 12, 31))


def writer(seed: int, published: date = PUBLISHED) -> DateWriter:
    return DateWriter(Random(seed), published)


def test_the_forms_of_the_page_header() -> None:
    assert long_date(date(2025, 8, 21)) == "วันพฤหัสบดีที่ 21 สิงหาคม 2568"
    assert long_date(date(1970, 1, 1)) == "วันพฤหัสบดีที่ 1 มกราคม 2513"
    assert short_date(date(2025, 8, 1)) == "01/08/2568"
    assert full_date(date(2024, 2, 29)).string == "29 กุมภาพันธ์ 2567"


@given(seed=st.integers(0, 10_000), published=days, name=st.sampled_from(sorted(writer(0).slots)))
def test_words_and_meaning_of_every_slot_agree(seed: int, published: date, name: str) -> None:
    text = writer(seed, published).slots[name]()
    assert text.mentions()
    for meaning in text.mentions():
        words = meaning.text
        assert meaning.start_on is not None
        assert meaning.end_on is not None
        assert meaning.start_on <= meaning.end_on
        if meaning.precision is Precision.DAY:
            numbers = re.findall(r"\d+", words)
            assert str(meaning.start_on.day) in numbers
            assert str(meaning.end_on.day) in numbers
        else:
            assert meaning.start_on.day == 1
            assert (meaning.end_on + timedelta(days=1)).day == 1


@given(seed=st.integers(0, 10_000), published=days)
def test_a_year_is_left_out_only_of_near_days(seed: int, published: date) -> None:
    for name in ("today", "past", "soon", "range", "list"):
        for meaning in writer(seed, published).slots[name]().mentions():
            assert meaning.start_on is not None
            if meaning.inferred:
                assert abs(meaning.start_on - published) <= timedelta(days=25)


@given(seed=st.integers(0, 10_000), published=days)
def test_each_day_of_a_list_is_a_date_of_its_own(seed: int, published: date) -> None:
    text = writer(seed, published).some_days()
    starts = [found.start_on for found in text.mentions() if found.start_on]
    assert 2 <= len(starts) == len(text.marks) <= 5
    assert starts == sorted(set(starts))
    assert len({(day.year, day.month) for day in starts}) == 1


def test_years_are_written_in_about_the_measured_proportions() -> None:
    # 75 % with four digits, 14 % with two, 11 % without.
    rng = Random(1)
    kinds: Counter[str] = Counter()
    for _ in range(3000):
        slot = rng.choice(("today", "today", "past", "soon", "range"))
        (found,) = writer(rng.randrange(10**6)).slots[slot]().mentions()
        words = re.sub(r" เวลา.*|\d\d\.\d\d น\. ", "", found.text)
        kinds[
            "4" if re.search(r"25\d\d", words) else "2" if re.search(r"\d\d$", words) else "0"
        ] += 1
    assert kinds["4"] / 3000 == pytest.approx(0.75, abs=0.04)
    assert kinds["2"] / 3000 == pytest.approx(0.14, abs=0.03)
    assert kinds["0"] / 3000 == pytest.approx(0.11, abs=0.03)


def test_there_are_twelve_months() -> None:
    assert len(set(MONTHS)) == 12
