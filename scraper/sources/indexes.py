"""What the indexes of web archives answer: which copies of which article they hold.

Facts of two services and the reading of their answers; no fetching. Internet Archive: the CDX
server's JSON, an array of arrays with the names first. Common Crawl: one JSON object a line.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from scraper.sources import parse_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

INTERNET_ARCHIVE = "https://web.archive.org"
COMMON_CRAWL_INDEX = "https://index.commoncrawl.org"
COMMON_CRAWL_DATA = "https://data.commoncrawl.org"

CDX_FIELDS = ("timestamp", "original", "statuscode", "digest")
CDX_PAGE = 5_000  # rows an answer; the server closes very long ones


class IndexAnswerError(ValueError):
    """An index answered something that is no index answer; the message says what."""


class Copy(NamedTuple):
    """A copy of an article's page in a web archive.

    Attributes:
        article: canonical address of the article.
        number: its number.
        timestamp: when it was captured, 14 digits, UTC.
        digest: base32 SHA-1 of the payload, as both services give it; equal for equal pages.
        source: where the copy is fetched from, the identity of the copy: a replay address, or
            ``FILE:OFFSET:LENGTH`` of a WARC file.
    """

    article: str
    number: int
    timestamp: str
    digest: str
    source: str


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


def cdx_query(prefix: str, wanted: Wanted, resume_key: str = "") -> str:
    """Return path and query of a CDX request for all copies under a URL prefix."""
    query = {
        "url": prefix,
        "matchType": "prefix",
        "output": "json",
        "fl": ",".join(CDX_FIELDS),
        "filter": "statuscode:200",
        "limit": str(CDX_PAGE),
        "showResumeKey": "true",
        "from": wanted.since,
        "to": wanted.until,
        "resumeKey": resume_key,
    }
    return "/cdx/search/cdx?" + urlencode({name: value for name, value in query.items() if value})


def read_cdx(text: str, wanted: Wanted, home: str) -> tuple[list[Copy], str]:
    """Read an answer of the CDX server.

    Args:
        text: the answer.
        wanted: bounds; rows outside of them, and of other pages, are left out.
        home: address of the service, for the replay addresses.

    Returns:
        The copies, and the resume key, empty if this was all.

    Raises:
        IndexAnswerError: the answer is not what the CDX server answers.
    """
    try:
        rows: list[list[str]] = json.loads(text) if text.strip() else []
        names, *rest = [list(CDX_FIELDS)] if rows == [] else rows
        if set(names) != set(CDX_FIELDS):
            raise ValueError(f"the first row is {names!r}")  # noqa: TRY301 - told like the others
        key = ""
        if len(rest) >= 2 and rest[-2] == []:  # an empty row, then the key
            key, rest = rest[-1][0], rest[:-2]
        records = [dict(zip(names, row, strict=True)) for row in rest]
        copies = [copy for record in records if (copy := _cdx_copy(record, wanted, home))]
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise IndexAnswerError(f"not an answer of a CDX server ({error}): {text[:80]!r}") from error
    return copies, key


def _cdx_copy(record: dict[str, str], wanted: Wanted, home: str) -> Copy | None:
    source = f"{home}/web/{record['timestamp']}id_/{record['original']}"
    return _copy(record["original"], record["timestamp"], record, source, wanted)


def collections_of(text: str, wanted: Wanted) -> list[str]:
    """Return the index addresses of Common Crawl's collections, the newest first.

    Args:
        text: ``collinfo.json``.
        wanted: collections whose years lie outside its times are left out.

    Raises:
        IndexAnswerError: the text is not such a list.
    """
    try:
        found = [(entry["id"], entry["cdx-api"]) for entry in json.loads(text)]
    except (ValueError, TypeError, KeyError) as error:
        raise IndexAnswerError(f"not a list of collections ({error}): {text[:80]!r}") from error
    first, last = wanted.since[:4], wanted.until[:4]
    # An id is CC-MAIN-2024-33; the oldest are CC-MAIN-2008-2009, which no range of ours reaches.
    return [
        address
        for name, address in found
        if (not first or name[8:12] >= first) and (not last or name[8:12] <= last)
    ]


def read_common_crawl(text: str, wanted: Wanted) -> list[Copy]:
    """Read an answer of a Common Crawl index: JSON lines.

    Raises:
        IndexAnswerError: a line is not a JSON object with the documented fields.
    """
    copies = []
    for line in text.splitlines():
        try:
            record: dict[str, Any] = json.loads(line)
            if record["status"] != "200":
                continue
            source = f"{record['filename']}:{record['offset']}:{record['length']}"
            copy = _copy(record["url"], record["timestamp"], record, source, wanted)
        except (ValueError, TypeError, KeyError) as error:
            raise IndexAnswerError(
                f"not a line of a Common Crawl index ({error}): {line[:80]!r}"
            ) from error
        if copy is not None:
            copies.append(copy)
    return copies


def _copy(
    url: str, timestamp: str, record: dict[str, str], source: str, wanted: Wanted
) -> Copy | None:
    address = parse_address(url)
    if address is None or not wanted.takes(address.number, timestamp):
        return None
    return Copy(address.url, address.number, timestamp, record["digest"], source)


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
    return [c for i, c in enumerate(copies) if i == 0 or c.digest != copies[i - 1].digest]


def _newest_of_each_digest(copies: Sequence[Copy]) -> list[Copy]:
    # A copy with the bytes of a newer one would be no better.
    seen: dict[str, Copy] = {}
    for copy in reversed(copies):
        seen.setdefault(copy.digest, copy)
    return list(seen.values())
