"""Compares two sequences in near-linear time (Bram Cohen's "patience" diff).

``difflib`` takes quadratic time or worse if many items are equal, or none. Here, items that occur
once in both sequences are fixed points; only short ranges between them go to ``difflib``, and long
ranges without a fixed point count as replaced.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

Range = tuple[int, int, int, int]
MAX_DIFFLIB_ITEMS = (
    40  # items on each side of a stretch that difflib may compare, whose worst case is cubic
)
MAX_ROUNDS = 12  # rounds of looking for fixed points between fixed points; each takes linear time


def differing_ranges(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Range]:
    """Return the ranges that differ, in order: ``before[a:b]`` became ``after[c:d]``.

    Either side of a range may be empty, but not both.
    """
    found: list[Range] = []
    for a, b, c, d in _differing_ranges(before, after, (0, len(before), 0, len(after)), MAX_ROUNDS):
        if found and found[-1][1] == a and found[-1][3] == c:
            a, _, c, _ = found.pop()  # noqa: PLW2901  merge adjacent ranges
        found.append((a, b, c, d))
    return found


def _differing_ranges(
    before: Sequence[Hashable], after: Sequence[Hashable], within: Range, rounds: int
) -> Iterator[Range]:
    a, b, c, d = within
    while a < b and c < d and before[a] == after[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and before[b - 1] == after[d - 1]:
        b, d = b - 1, d - 1
    if a == b or c == d:
        if a < b or c < d:
            yield a, b, c, d
    elif max(b - a, d - c) <= MAX_DIFFLIB_ITEMS:
        yield from _difflib_ranges(before, after, (a, b, c, d))
    elif rounds and (points := _fixed_points(before, after, (a, b, c, d))):
        for at, there in [*points, (b, d)]:
            yield from _differing_ranges(before, after, (a, at, c, there), rounds - 1)
            a, c = at, there
    else:
        yield a, b, c, d


def _difflib_ranges(
    before: Sequence[Hashable], after: Sequence[Hashable], within: Range
) -> Iterator[Range]:
    a, b, c, d = within
    matcher = SequenceMatcher(None, before[a:b], after[c:d], autojunk=False)
    for tag, *(i, j, k, n) in matcher.get_opcodes():
        if tag != "equal":
            yield a + i, a + j, c + k, c + n


def _fixed_points(
    before: Sequence[Hashable], after: Sequence[Hashable], within: Range
) -> list[tuple[int, int]]:
    """Return positions of items that occur once on each side, as many as are in the same order."""
    a, b, c, d = within
    here, there = Counter(before[a:b]), Counter(after[c:d])
    places = {after[at]: at for at in range(c, d) if there[after[at]] == 1}
    pairs = [
        (at, places[before[at]])
        for at in range(a, b)
        if here[before[at]] == 1 and before[at] in places
    ]
    return _longest_rising(pairs)


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of pairs, sorted by first, with increasing second."""
    ends: list[int] = []  # smallest last second of any subsequence of this length
    last: list[int] = []  # index of the pair with it
    previous: list[int] = []
    for index, (_, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        previous.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [there]
        last[length : length + 1] = [index]
    chosen, index = [], last[-1] if last else -1
    while index >= 0:
        chosen.append(pairs[index])
        index = previous[index]
    return chosen[::-1]
