"""Comparing sequences: complete, minimal, and in linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.browse.align import MAX_DIFFLIB_ITEMS, differing_ranges

ITEMS = st.lists(st.integers(0, 9), max_size=3 * MAX_DIFFLIB_ITEMS)


@given(ITEMS, ITEMS)
def test_sequences_are_equal_between_the_ranges(before: list[int], after: list[int]) -> None:
    here = there = 0
    for a, b, c, d in differing_ranges(before, after):
        assert before[here:a] == after[there:c]
        assert a < b or c < d
        here, there = b, d
    assert before[here:] == after[there:]


@pytest.mark.parametrize(
    ("before", "after", "ranges"),
    [
        ("", "", []),
        ("abc", "abc", []),
        ("abc", "axc", [(1, 2, 1, 2)]),
        ("abc", "ac", [(1, 2, 1, 1)]),
        ("ac", "abc", [(1, 1, 1, 2)]),
        ("abcd", "xbcy", [(0, 1, 0, 1), (3, 4, 3, 4)]),
        ("", "a", [(0, 0, 0, 1)]),
    ],
)
def test_ranges(before: str, after: str, ranges: list[tuple[int, int, int, int]]) -> None:
    assert differing_ranges(before, after) == ranges


def test_single_changes_far_apart_are_found_one_by_one() -> None:
    before = list(range(10_000))
    after = [-item if item % 100 == 50 else item for item in before]
    assert differing_ranges(before, after) == [
        (at, at + 1, at, at + 1) for at in range(50, 10_000, 100)
    ]


def test_only_the_moved_item_is_marked() -> None:
    before = list(range(1000))
    after = [*before[1:900], 0, *before[900:]]
    assert differing_ranges(before, after) == [(0, 1, 0, 0), (900, 900, 899, 900)]


def test_work_grows_linearly() -> None:
    def worked(count: int) -> float:
        before = [item for number in range(count) for item in (number, -1)]
        after = [item for number in range(count) for item in (number, -2)]
        begun = time.process_time()
        assert len(differing_ranges(before, after)) == count
        return time.process_time() - begun

    assert worked(40_000) < 2.6 * worked(20_000) + 0.1
