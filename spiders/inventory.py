"""What a recovery has learnt from the indexes: the copies they list, and what they did not tell.

One index that is silent, or one entry that cannot be read, takes nothing from what the others
list. It is told, kept as a problem, and asked again by the next run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.runs import ENOUGH_PAGES, MOST_LOST

if TYPE_CHECKING:
    from scraper.sources.indexes import Copy, Listing
    from spiders.recovery import RecoverySpider

STAGE = "index"
MOST_PARTS = 2_000  # answers that one listing may come in
MOST_REPEATS = 3  # answers in a row without anything new before a listing is held to be endless


class Inventory:
    """Collects what indexes list for one run.

    Args:
        spider: whose run it is.

    Attributes:
        copies: all that were listed and are wanted, once each, in order.
        answered: indexes (or parts of one) that listed something, or nothing.
        silent: those that could not be read, by address.
    """

    def __init__(self, spider: RecoverySpider) -> None:
        self._spider = spider
        self.copies: dict[Copy, None] = {}
        self.answered: set[str] = set()
        self.silent: set[str] = set()
        self._entries = self._bad = 0
        self._cursors: dict[str, set[str]] = {}
        self._repeats: dict[str, int] = {}

    def take(self, index: str, listing: Listing) -> None:
        """Take up an answer of an index.

        Args:
            index: address that the whole listing is known by.
            listing: the answer.
        """
        before = len(self.copies)
        self.copies.update(dict.fromkeys(listing.copies))
        is_new = len(self.copies) > before or not listing.copies
        self._repeats[index] = 0 if is_new else self._repeats.get(index, 0) + 1
        self._entries += listing.entries
        self._bad += listing.bad
        self.answered.add(index)
        self.note(index, listing.faults)

    def note(self, index: str, faults: list[str]) -> None:
        """Tell what is odd in an answer, and keep it with the run."""
        for fault in faults:
            self._spider.logger.warning("%s: %s", index, fault)
            self._spider.writer.problem(STAGE, "bad-entry", fault, url=index)

    def goes_on(self, index: str, cursor: str) -> bool:
        """Say whether a listing is to be read on at a cursor; one that goes in a circle is not."""
        seen = self._cursors.setdefault(index, set())
        if not cursor:
            return False
        if cursor in seen or self._repeats[index] >= MOST_REPEATS or len(seen) >= MOST_PARTS:
            self.lose(index, "its listing does not end: the same parts came again")
            return False
        seen.add(cursor)
        return True

    def finish(self, index: str) -> None:
        """Note that a listing was read to its end; nothing of it is owed."""
        if index not in self.silent:
            self._spider.frontier.forget(index)

    def lose(self, index: str, reason: str) -> None:
        """Note an index that could not be read, or not to its end; the next run asks it again."""
        self.silent.add(index)
        self._spider.logger.error("%s could not be read (%s); it is owed", index, reason)
        self._spider.writer.problem(STAGE, "silent-index", reason, url=index)
        self._spider.frontier.record_failure(index, reason)

    def judge(self) -> None:
        """Set what the run comes to.

        It has failed if indexes are silent and nothing is listed; an expectation is not met if
        nothing is listed, or if more than a tenth of the indexes or entries could not be read.
        """
        spider, asked = self._spider, len(self.answered | self.silent)
        if self.silent and not self.copies:
            spider.ending = "failed"
        elif not self.copies:
            spider.logger.error("The index lists no copy of what was asked for")
            spider.ending = "unmet"
        entries = self._entries + self._bad
        too_many_bad = entries >= ENOUGH_PAGES and self._bad > MOST_LOST * entries
        if too_many_bad or len(self.silent) > MOST_LOST * asked:
            spider.writer.faults += 1
        if self.silent:
            spider.logger.error(
                "%d of %d indexes could not be read: what the others list is recovered now, and "
                "`thaigov recover` asks the silent ones again next time",
                len(self.silent),
                asked,
            )
