"""Collects what the indexes of web archives list, and records which of them could not be read.

An unreadable index or entry does not affect the others. It is logged, stored as a problem, and
asked again by the next run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.runs import ENOUGH_PAGES, MOST_LOST

if TYPE_CHECKING:
    from scraper.sources.indexes import Copy, Listing
    from spiders.base import ArchiveSpider

INDEX_STAGE = "index"
MOST_INDEX_PARTS = 2_000  # responses that one listing may have
MOST_REPEATS = 3  # responses in a row without a new copy, after which a listing is endless


class Inventory:
    """The copies that indexes list for one run.

    Args:
        spider: of the run.

    Attributes:
        copies: the wanted copies, once each, in order.
        answered: URLs of the indexes that answered.
        silent: URLs of the indexes that could not be read, or not to the end.
    """

    def __init__(self, spider: ArchiveSpider) -> None:
        self._spider = spider
        self.copies: dict[Copy, None] = {}
        self.answered: set[str] = set()
        self.silent: set[str] = set()
        self._entries = self._bad = 0
        self._cursors: dict[str, set[str]] = {}
        self._repeats: dict[str, int] = {}

    def add(self, index: str, listing: Listing) -> None:
        """Add one response of an index, identified by the URL of its whole listing."""
        before = len(self.copies)
        self.copies.update(dict.fromkeys(listing.copies))
        is_new = len(self.copies) > before or not listing.copies
        self._repeats[index] = 0 if is_new else self._repeats.get(index, 0) + 1
        self._entries += listing.entries
        self._bad += listing.bad
        self.answered.add(index)
        self.report_faults(index, listing.faults)

    def report_faults(self, index: str, faults: list[str]) -> None:
        """Log the faults of a response and store them as problems of the run."""
        for fault in faults:
            self._spider.logger.warning("%s: %s", index, fault)
            self._spider.writer.problem(INDEX_STAGE, "bad-entry", fault, url=index)

    def continues(self, index: str, cursor: str) -> bool:
        """Return whether to read a listing on from a cursor; an endless one becomes silent."""
        seen = self._cursors.setdefault(index, set())
        if not cursor:
            return False
        if cursor in seen or self._repeats[index] >= MOST_REPEATS or len(seen) >= MOST_INDEX_PARTS:
            self.mark_silent(index, "its listing does not end: the same parts came again")
            return False
        seen.add(cursor)
        return True

    def finish(self, index: str) -> None:
        """Clear an index from the frontier once its listing was read to the end."""
        if index not in self.silent:
            self._spider.frontier.forget(index)

    def mark_silent(self, index: str, reason: str) -> None:
        """Record an index that could not be read, or not to the end; the next run asks it again."""
        self.silent.add(index)
        self._spider.logger.error(
            "%s could not be read (%s); the next run queries it again", index, reason
        )
        self._spider.writer.problem(INDEX_STAGE, "silent-index", reason, url=index)
        self._spider.frontier.record_failure(index, reason)

    def set_ending(self) -> None:
        """Set the run's ending by what was listed.

        ``failed`` if nothing is listed and indexes are silent; ``unmet`` if nothing is listed. If
        more than a tenth of the indexes or entries could not be read, that is a fault of the run.
        """
        spider, asked = self._spider, len(self.answered | self.silent)
        if self.silent and not self.copies:
            spider.ending = "failed"
        elif not self.copies:
            spider.logger.error("The index lists no copy of the requested pages")
            spider.ending = "unmet"
        entries = self._entries + self._bad
        too_many_bad = entries >= ENOUGH_PAGES and self._bad > MOST_LOST * entries
        if too_many_bad or len(self.silent) > MOST_LOST * asked:
            spider.writer.faults += 1
        if self.silent:
            spider.logger.error(
                "%d of %d indexes could not be read. What the others list is recovered now; "
                "the next `thaigov recover` asks these again",
                len(self.silent),
                asked,
            )
