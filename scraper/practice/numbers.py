"""Which article numbers exist on a practice site, and on which day each article appeared.

The real site lacks 4.4 % of its numbers, in runs of one up to a measured 137. Here the numbers
come in blocks of 115 with 5 of them missing, so that the n-th article is found without counting
the ones before it, whatever the size of the site.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = 1
LONG_GAP = 137
_BLOCK, _MISSING = 115, 5  # 4.35 %
_KEPT = _BLOCK - _MISSING
_RUNS = ((1, 1, 1, 2), (2, 3), (1, 4), (1, 1, 3), (5,), (1, 2, 2), (1, 1, 1, 1, 1))
_LEAST_FOR_LONG_GAP = 200  # pages
_MOST_DAYS = 3340  # as the real site: July 2016 to September 2025


class Numbering:
    """The articles of a site, from index 0 to ``size - 1``, and their numbers and days.

    Args:
        size: how many articles there are.
        seed: of the site.
        last_day: publication of the last article.
    """

    def __init__(self, size: int, seed: int, last_day: date) -> None:
        self.size = size
        self._seed = seed
        self._last_day = last_day
        self._days = max(1, min(size // 2, _MOST_DAYS))
        self._missing = lru_cache(maxsize=4096)(self._draw_missing)
        self._gap_at = self._place_gap() if size >= _LEAST_FOR_LONG_GAP else size
        self.first, self.last = self.number(0), self.number(size - 1)

    def number(self, index: int) -> int:
        """Return the number of an article.

        Raises:
            IndexError: unless ``0 <= index < size``.
        """
        if not 0 <= index < self.size:
            raise IndexError(f"the site has {self.size} articles, asked for number {index}")
        return self._close(index) + (LONG_GAP if index >= self._gap_at else 0)

    def index(self, number: int) -> int | None:
        """Return which article has a number, or None if none has."""
        if self._gap_at < self.size and number > (before := self._close(self._gap_at - 1)):
            if number <= before + LONG_GAP:
                return None
            number -= LONG_GAP
        block, offset = divmod(number - FIRST, _BLOCK)
        missing = self._missing(block)
        if offset in missing:
            return None
        index = block * _KEPT + offset - sum(gone < offset for gone in missing)
        return index if 0 <= index < self.size else None

    def numbers(self) -> Iterator[int]:
        """Yield the number of each article, ascending."""
        return map(self.number, range(self.size))

    def day(self, index: int) -> date:
        """Return the day of publication; a later article never has an earlier one."""
        return self._last_day - timedelta(days=(self.size - 1 - index) * self._days // self.size)

    def gaps(self) -> Iterator[int]:
        """Yield the numbers without an article between the first and the last, ascending."""
        return (n for n in range(self.first, self.last) if self.index(n) is None)

    def _close(self, index: int) -> int:
        """Return the number of an article as if there were no long gap."""
        block, offset = divmod(index, _KEPT)
        for gone in self._missing(block):
            offset += gone <= offset
        return FIRST + block * _BLOCK + offset

    def _draw_missing(self, block: int) -> tuple[int, ...]:
        """Return the missing offsets of a block, ascending; never its first or its last."""
        rng = Random(f"{self._seed}:numbers:{block}")
        missing: set[int] = set()
        for run in rng.choice(_RUNS):
            start = rng.choice(
                [n for n in range(1, _BLOCK - run) if not missing & {*range(n - 1, n + run + 1)}]
            )
            missing |= {*range(start, start + run)}
        return tuple(sorted(missing))

    def _place_gap(self) -> int:
        """Return the index above the long gap: a place where no other number is missing."""
        return next(
            index
            for index in range(self.size // 3, self.size)
            if self._close(index) == self._close(index - 1) + 1
        )
