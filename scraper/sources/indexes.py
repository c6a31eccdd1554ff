"""What the indexes of web archives list: copies of articles, and which of them are asked for.

The two services are in ``wayback`` and ``common_crawl``. No fetching.
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

MOST_FAULTS = 10  # bad entries of one answer that are told one by one
TIMESTAMP = re.compile(r"[0-9]{14}")


class IndexAnswerError(ValueError):
    """An index answered something that is no index answer; the message says what."""


class BadEntryError(ValueError):
    """An entry of an index cannot be used; the message says why."""


class Copy(NamedTuple):
    """A copy of an article's page in a web archive.

    Attributes:
        article: canonical address of the article.
        number: its number.
        timestamp: when it was captured, 14 digits, UTC.
        digest: base32 SHA-1 of the payload, as both services give it; equal for equal pages.
            Empty if the index does not say.
        source: where the copy is fetched from, the identity of the copy: a replay address, or
            ``FILE:OFFSET:LENGTH`` of a WARC file.
    """

    article: str
    number: int
    timestamp: str
    digest: str
    source: str


@dataclass
class Listing:
    """What one answer of an index lists.

    Attributes:
        copies: the wanted copies.
        entries: how many entries could be read, wanted or not.
        bad: how many could not.
        faults: why not, one sentence each; the first ``MOST_FAULTS`` and the number of the rest.
        cursor: where the next answer begins, empty if this one ends the listing.
    """

    copies: list[Copy] = field(default_factory=list)
    entries: int = 0
    bad: int = 0
    faults: list[str] = field(default_factory=list)
    cursor: str = ""

    def take(self, copy: Copy | None) -> None:
        """Count an entry that could be read; it names a wanted copy, or none."""
        self.entries += 1
        if copy is not None:
            self.copies.append(copy)

    def reject(self, where: str, reason: object, entry: object) -> None:
        """Count an entry that cannot be used, and say why."""
        self.bad += 1
        if self.bad <= MOST_FAULTS:
            self.faults.append(f"{where} is left out: {reason}: {shown(entry)}")
        elif self.bad == MOST_FAULTS + 1:
            self.faults.append("")
        if self.bad > MOST_FAULTS:
            self.faults[-1] = f"{self.bad - MOST_FAULTS} more entries are left out"


def shown(entry: object) -> str:
    """Return the beginning of something odd, escaped, for a message."""
    text = entry if isinstance(entry, str) else repr(entry)
    return ascii(text[:80])


@dataclass(frozen=True)
class Wanted:
    """Which copies a recovery is after.

    Attributes:
        first, last: bounds of the article numbers, inclusive; None for no bound.
        since, until: bounds of the timestamps, up to 14 digits each, inclusive.
    """

    first: int | None = None
    last: int | None = None
    since: str = ""
    until: str = ""

    def takes(self, number: int, timestamp: str) -> bool:
        """Say whether a copy lies within the bounds."""
        return (
            (self.first is None or self.first <= number)
            and (self.last is None or number <= self.last)
            and (not self.since or timestamp >= self.since.ljust(14, "0"))
            and (not self.until or timestamp <= self.until.ljust(14, "9"))
        )

    def earliest(self, site: Site) -> str:
        """Return the first time (14 digits) at which a wanted copy can have been made."""
        layouts = site.layouts_of(self.first, self.last)
        days = [site.seen_from(layout, self.first) for layout in layouts]
        day = min(days, default="0001-01-01").replace("-", "")
        return max(self.since.ljust(14, "0") if self.since else "", day.ljust(14, "0"))


def copy_of(
    url: object, timestamp: object, digest: object, source: str, wanted: Wanted
) -> Copy | None:
    """Return the copy that an index entry names, None where it is not wanted.

    Raises:
        BadEntryError: a field is not what the index documents.
    """
    if not isinstance(url, str) or not url:
        raise BadEntryError("it names no address")
    if not isinstance(timestamp, str) or not TIMESTAMP.fullmatch(timestamp):
        raise BadEntryError(f"{shown(timestamp)} is no time of 14 digits")
    try:
        datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadEntryError(f"{timestamp} is no time") from error
    address = parse_address(url)
    if address is None or not wanted.takes(address.number, timestamp):
        return None
    told = digest if isinstance(digest, str) and digest != "-" else ""
    return Copy(address.url, address.number, timestamp, told, source)


def plan(copies: Iterable[Copy], *, all_versions: bool) -> dict[str, list[Copy]]:
    """Return which copies to ask for, by article in the order of the numbers.

    Args:
        copies: as the indexes list them, with duplicates.
        all_versions: every differing copy, the oldest first; otherwise all copies, the newest
            first, of which the first that holds an article will do.
    """
    by_article: dict[str, list[Copy]] = defaultdict(list)
    for copy in sorted(set(copies), key=lambda c: (c.number, c.article, c.timestamp)):
        by_article[copy.article].append(copy)
    return {
        article: _first_of_each_digest(found) if all_versions else _newest_of_each_digest(found)
        for article, found in by_article.items()
    }


def _first_of_each_digest(copies: Sequence[Copy]) -> list[Copy]:
    # Not merely each digest once: a page that was changed back is three versions.
    return [
        c
        for i, c in enumerate(copies)
        if i == 0 or not c.digest or c.digest != copies[i - 1].digest
    ]


def _newest_of_each_digest(copies: Sequence[Copy]) -> list[Copy]:
    # A copy with the bytes of a newer one would be no better.
    seen: dict[str, Copy] = {}
    for copy in reversed(copies):
        seen.setdefault(copy.digest or copy.source, copy)
    return list(seen.values())
