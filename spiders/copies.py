"""The copies of articles that a recovery still has to fetch, in order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from scraper.model import Outcome
from scraper.sources.indexes import plan_copies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.sources.indexes import Copy
    from spiders.base import ArchiveSpider

MOST_COPIES = 5  # copies without an article that are tried per article
_SETTLED = {Outcome.ARTICLE, Outcome.DUPLICATE, Outcome.OUT_OF_SCOPE}


class CopyQueue:
    """For each article its copies in order of preference, until one of them holds it.

    Args:
        spider: of the run.
        missing: leave out articles that the archive has.
        all_versions: fetch every copy of an article instead of the first that holds it.
    """

    def __init__(self, spider: ArchiveSpider, *, missing: bool, all_versions: bool) -> None:
        self._spider = spider
        self._missing = missing
        self._all_versions = all_versions
        self._queue: deque[deque[Copy]] = deque()
        self._others: dict[str, deque[Copy]] = {}  # by the source of the requested copy

    def __len__(self) -> int:
        """Return the number of articles still to be fetched."""
        return len(self._queue)

    def plan(self, copies: Iterable[Copy]) -> int:
        """Queue what is wanted of the listed copies; return how many articles they are of."""
        planned = plan_copies(copies, all_versions=self._all_versions)
        for article, found in planned.items():
            if self._missing and self._spider.frontier.has_article(article):
                continue
            if self._all_versions:
                self._queue.extend(deque([copy]) for copy in found)
            else:
                self._queue.append(deque(found[:MOST_COPIES]))
        return len(planned)

    def next(self) -> Copy | None:
        """Return the next copy that is not stored, None if none is left for now."""
        while self._queue:
            copies = self._queue.popleft()
            while copies:
                copy = copies.popleft()
                outcome = self._spider.frontier.outcome_of_source(copy.source)
                if outcome is None:
                    self._others[copy.source] = copies
                    return copy
                if outcome in _SETTLED:
                    break  # by an earlier run
        return None

    def failed(self, source: str) -> None:
        """Queue the other copies of an article again, because this one could not be fetched."""
        if others := self._others.pop(source, None):
            self._queue.append(others)

    def answered(self, source: str, outcome: Outcome | None) -> None:
        """Drop the other copies of an article, or queue them again if this one does not hold it."""
        if outcome in _SETTLED:
            self._others.pop(source, None)
        else:
            self.failed(source)
