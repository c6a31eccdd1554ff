"""Numbers of a practice site: bijective, with gaps, in date order, at any size."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.practice.site.numbers import FIRST, LONG_GAP, Numbering

LAST_DAY = date(2025, 9, 8)


def numbering(size: int, seed: int = 1) -> Numbering:
    return Numbering(size, seed, LAST_DAY)


def gap_lengths(numbers: Numbering) -> list[int]:
    return [
        after - before - 1 for before, after in pairwise(numbers.numbers()) if after > before + 1
    ]


@given(size=st.integers(20, 1_000_000), seed=st.integers(0, 50), data=st.data())
def test_a_number_leads_back_to_its_article(size: int, seed: int, data: st.DataObject) -> None:
    numbers = numbering(size, seed)
    index = data.draw(st.integers(0, size - 1))
    assert numbers.index(numbers.number(index)) == index


@given(size=st.integers(20, 600), seed=st.integers(0, 50))
def test_every_number_between_first_and_last_is_an_article_or_missing(size: int, seed: int) -> None:
    numbers = numbering(size, seed)
    listed = list(numbers.numbers())
    assert listed[0] == numbers.first == FIRST
    assert listed[-1] == numbers.last
    assert len(listed) == size
    assert sorted({*listed, *numbers.gaps()}) == list(range(FIRST, numbers.last + 1))
    assert listed == [
        n for n in range(FIRST - 2, numbers.last + 300) if numbers.index(n) is not None
    ]


@pytest.mark.parametrize("size", [200, 240, 2000])
def test_exactly_one_gap_is_as_long_as_the_longest_measured(size: int) -> None:
    lengths = gap_lengths(numbering(size))
    assert lengths.count(LONG_GAP) == 1
    assert max(length for length in lengths if length != LONG_GAP) <= 10


def test_a_small_site_has_no_long_gap() -> None:
    assert all(length <= 10 for length in gap_lengths(numbering(199)))


def test_as_many_numbers_are_missing_as_on_the_real_site() -> None:
    missing = sum(gap_lengths(numbering(20_000))) - LONG_GAP
    assert missing / 20_000 == pytest.approx(0.044, abs=0.003)


@pytest.mark.parametrize("size", [20, 240, 5000])
def test_numbers_follow_the_days(size: int) -> None:
    numbers = numbering(size)
    days = [numbers.day(index) for index in range(size)]
    assert days == sorted(days)
    assert days[-1] == LAST_DAY
    assert days[0] > LAST_DAY - timedelta(days=3341)


@given(size=st.integers(20, 3000), per_day=st.integers(1, 40), data=st.data())
def test_moments_follow_the_numbers_within_a_day(
    size: int, per_day: int, data: st.DataObject
) -> None:
    numbers = Numbering(size, 1, LAST_DAY, per_day)
    first = data.draw(st.integers(0, size - 2))
    one, other = numbers.moment(first), numbers.moment(first + 1)
    assert one <= other
    assert one.date() == numbers.day(first)
    assert 8 <= one.hour < 18
    assert numbers.published_by(one - timedelta(minutes=1)) <= first
    assert numbers.published_by(one) > first


def test_as_many_per_day_as_requested() -> None:
    numbers = Numbering(300, 1, LAST_DAY, per_day=5)
    days = [numbers.day(index) for index in range(300)]
    assert {days.count(day) for day in days} == {5}
    assert numbers.published_by(numbers.moment(299)) == 300


def test_numbers_may_begin_anywhere() -> None:
    old, new = numbering(240), Numbering(240, 1, LAST_DAY, first=2_000_001)
    assert [number + 2_000_000 for number in old.numbers()] == [*new.numbers()]
    assert all(new.index(number) is None for number in old.numbers())


@pytest.mark.parametrize("index", [-1, 20])
def test_an_index_outside_the_site_is_refused(index: int) -> None:
    with pytest.raises(IndexError, match="20 articles"):
        numbering(20).number(index)
