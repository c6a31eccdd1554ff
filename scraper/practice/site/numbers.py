"""Which article numbers exist on a practice site, and when each article appeared.

The real site lacks 4.4 % of its numbers, in runs of 1 to 137 (measured). Here every block of 115
numbers lacks 5, so that the n-th article is found without counting the ones before it, whatever
the size of the site.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from scraper.clock import BANGKOK

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = 1
LONG_GAP = 137
_BLOCK, _MISSING = 115, 5  # 4.35 %
_KEPT = _BLOCK - _MISSING
_RUNS = ((1, 1, 1, 2), (2, 3), (1, 4), (1, 1, 3), (5,), (1, 2, 2), (1, 1, 1, 1, 1))
_LEAST_FOR_LONG_GAP = 200  # pages
_MOST_DAYS = 3340  # as on the real site: July 2016 to September 2025
_OPENS, _OPEN = time(8, 0), 600  # start of publishing, and its length in minutes


class Numbering:
    """The articles of a site, from index 0 to ``size - 1``, and their numbers and days.

    Args:
        size: number of articles.
        seed: of the site.
        last_day: publication day of the last article.
        per_day: articles published per day; more if the site would span more days than the
            real one.
        first: number of the first article.
    """

    def __init__(
        self, size: int, seed: int, last_day: date, per_day: int = 2, first: int = FIRST
    ) -> None:
        self.size = size
        self.first = first
        self._seed = seed
        self._last_day = last_day
        self._days = max(1, min(size // per_day, _MOST_DAYS))
        self._missing = lru_cache(maxsize=4096)(self._draw_missing)
        self._gap_at = self._place_gap() if size >= _LEAST_FOR_LONG_GAP else size
        self.last = self.number(size - 1)

    def number(self, index: int) -> int:
        """Return the number of an article.

        Raises:
            IndexError: unless ``0 <= index < size``.
        """
        if not 0 <= index < self.size:
            raise IndexError(f"the site has {self.size} articles, not one with index {index}")
        return self._dense_number(index) + (LONG_GAP if index >= self._gap_at else 0)

    def index(self, number: int) -> int | None:
        """Return the index of the article with a number, None if there is none."""
        if self._gap_at < self.size and number > (before := self._dense_number(self._gap_at - 1)):
            if number <= before + LONG_GAP:
                return None
            number -= LONG_GAP
        block, offset = divmod(number - self.first, _BLOCK)
        missing = self._missing(block)
        if offset in missing:
            return None
        index = block * _KEPT + offset - sum(gone < offset for gone in missing)
        return index if 0 <= index < self.size else None

    def numbers(self) -> Iterator[int]:
        """Yield the number of each article, ascending."""
        return map(self.number, range(self.size))

    def day(self, index: int) -> date:
        """Return the publication day; it never decreases with the index."""
        return self._last_day - timedelta(days=self._age(index))

    def moment(self, index: int) -> datetime:
        """Return the publication time, to the minute; it never decreases with the index."""
        back, age = self.size - 1 - index, self._age(index)
        newest, past = (-(-days * self.size // self._days) for days in (age, age + 1))
        rank, count = past - 1 - back, past - newest  # among the articles of its day
        minutes = (_OPEN * rank + index * 37 % _OPEN) // count
        return datetime.combine(self.day(index), _OPENS, BANGKOK) + timedelta(minutes=minutes)

    def published_by(self, moment: datetime) -> int:
        """Return how many articles are due by a moment, ignoring late ones."""
        return bisect_right(range(self.size), moment, key=self.moment)

    def gaps(self) -> Iterator[int]:
        """Yield the numbers without an article between the first and the last, ascending."""
        return (n for n in range(self.first, self.last) if self.index(n) is None)

    def _age(self, index: int) -> int:
        """Return how many days before the last day an article is published."""
        return (self.size - 1 - index) * self._days // self.size

    def _dense_number(self, index: int) -> int:
        """Return the number of an article, ignoring the long gap."""
        block, offset = divmod(index, _KEPT)
        for gone in self._missing(block):
            offset += gone <= offset
        return self.first + block * _BLOCK + offset

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
        """Return the index just above the long gap, which adjoins no other missing number."""
        return next(
            index
            for index in range(self.size // 3, self.size)
            if self._dense_number(index) == self._dense_number(index - 1) + 1
        )
