"""The entries of web archives' indexes: copies of articles, and which of them to fetch.

The formats of the two services are in ``wayback`` and ``common_crawl``. No fetching.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from scraper.sources import parse_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.sources import Site

MOST_FAULTS = 10  # bad entries of one answer that are reported one by one
TIMESTAMP = re.compile(r"[0-9]{14}")


class IndexAnswerError(ValueError):
    """A response is not an answer of an index; the message quotes it."""


class BadEntryError(ValueError):
    """An index entry cannot be used; the message says why."""


class Copy(NamedTuple):
    """A copy of an article's page in a web archive.

    Attributes:
        article: canonical URL of the article.
        number: its number.
        timestamp: time of the capture, 14 digits, UTC.
        digest: base32 SHA-1 of the payload, from both services; equal for equal pages. Empty if
            the index has none.
        source: place to fetch the copy from, which identifies it: a replay URL, or
            ``FILE:OFFSET:LENGTH`` in a WARC file.
    """

    article: str
    number: int
    timestamp: str
    digest: str
    source: str


@dataclass
class Listing:
    """The entries of one answer of an index.

    Attributes:
        copies: the wanted copies.
        entries: number of usable entries, wanted or not.
        bad: number of unusable entries.
        faults: a sentence for each of the first ``MOST_FAULTS`` unusable entries, and one with the
            number of the rest.
        cursor: where the next answer starts, empty at the end of the listing.
    """

    copies: list[Copy] = field(default_factory=list)
    entries: int = 0
    bad: int = 0
    faults: list[str] = field(default_factory=list)
    cursor: str = ""

    def add(self, copy: Copy | None) -> None:
        """Count a usable entry; ``copy`` is None unless it is wanted."""
        self.entries += 1
        if copy is not None:
            self.copies.append(copy)

    def reject(self, where: str, reason: object, entry: object) -> None:
        """Count an unusable entry and note why."""
        self.bad += 1
        if self.bad <= MOST_FAULTS:
            self.faults.append(f"{where} is left out: {reason}: {excerpt(entry)}")
        elif self.bad == MOST_FAULTS + 1:
            self.faults.append("")
        if self.bad > MOST_FAULTS:
            self.faults[-1] = f"{self.bad - MOST_FAULTS} more entries are left out"


def excerpt(entry: object) -> str:
    """Return the beginning of an entry, escaped, for a message."""
    text = entry if isinstance(entry, str) else repr(entry)
    return ascii(text[:80])


@dataclass(frozen=True)
class CopyBounds:
    """Which copies a recovery fetches.

    Attributes:
        first, last: bounds of the article numbers, inclusive; None for no bound.
        since, until: bounds of the timestamps, up to 14 digits each, inclusive.
    """

    first: int | None = None
    last: int | None = None
    since: str = ""
    until: str = ""

    def include(self, number: int, timestamp: str) -> bool:
        """Return whether a copy is within the bounds."""
        return (
            (self.first is None or self.first <= number)
            and (self.last is None or number <= self.last)
            and (not self.since or timestamp >= self.since.ljust(14, "0"))
            and timestamp <= self.latest()
        )

    def earliest(self, site: Site) -> str:
        """Return the earliest time (14 digits) of a copy that can be within the bounds."""
        layouts = site.layouts_of(self.first, self.last)
        days = [site.first_day(layout, self.first) for layout in layouts]
        day = min(days, default="0001-01-01").replace("-", "")
        return max(self.since.ljust(14, "0") if self.since else "", day.ljust(14, "0"))

    def latest(self) -> str:
        """Return the latest time (14 digits) of a copy within the bounds."""
        return self.until.ljust(14, "9")


def make_copy(
    url: object, timestamp: object, digest: object, source: str, bounds: CopyBounds
) -> Copy | None:
    """Return the copy an index entry describes, None if it is out of bounds or no article's.

    Raises:
        BadEntryError: a field is not as the index documents it.
    """
    if not isinstance(url, str) or not url:
        raise BadEntryError("it has no URL")
    if not isinstance(timestamp, str) or not TIMESTAMP.fullmatch(timestamp):
        raise BadEntryError(f"{excerpt(timestamp)} is not a time of 14 digits")
    try:
        datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadEntryError(f"{timestamp} is not a time") from error
    address = parse_address(url)
    if address is None or not bounds.include(address.number, timestamp):
        return None
    known = digest if isinstance(digest, str) and digest != "-" else ""
    return Copy(address.url, address.number, timestamp, known, source)


def plan_copies(copies: Iterable[Copy], *, all_versions: bool) -> dict[str, list[Copy]]:
    """Return the copies to fetch by article, in the order of article numbers.

    Args:
        copies: as listed, with duplicates.
        all_versions: return every differing copy, oldest first; otherwise the alternatives, newest
            first, of which the first that contains an article is enough.
    """
    by_article: dict[str, list[Copy]] = defaultdict(list)
    for copy in sorted(set(copies), key=lambda c: (c.number, c.article, c.timestamp)):
        by_article[copy.article].append(copy)
    return {
        article: _first_of_each_digest(found) if all_versions else _newest_of_each_digest(found)
        for article, found in by_article.items()
    }


def _first_of_each_digest(copies: Sequence[Copy]) -> list[Copy]:
    # Not each digest once: a page that was changed and changed back has three versions.
    return [
        c
        for i, c in enumerate(copies)
        if i == 0 or not c.digest or c.digest != copies[i - 1].digest
    ]


def _newest_of_each_digest(copies: Sequence[Copy]) -> list[Copy]:
    # A copy with the same bytes as a newer one adds nothing.
    seen: dict[str, Copy] = {}
    for copy in reversed(copies):
        seen.setdefault(copy.digest or copy.source, copy)
    return list(seen.values())
