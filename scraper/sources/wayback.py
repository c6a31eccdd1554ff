"""The index of a Wayback Machine: its queries and its answers. No fetching.

The CDX server of the Internet Archive answers a JSON array of arrays, the names of the columns
first; where there is more, an empty row and a resume key come last.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from scraper.model import Layout
from scraper.sources.indexes import BadEntryError, IndexAnswerError, Listing, copy_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.sources import Site
    from scraper.sources.indexes import Copy, Wanted

INTERNET_ARCHIVE = "https://web.archive.org"
NEEDED = ("timestamp", "original", "statuscode", "digest")
# The server makes its resume key out of the columns that are asked for: without urlkey, on which
# it seeks, the key leads back to the beginning. We do not read it, so it comes last.
CDX_FIELDS = (*NEEDED, "urlkey")
CDX_PAGE = 5_000  # rows an answer; the server closes very long ones
PREFIXES = {
    Layout.CONTENTS: ("/news/contents/",),
    Layout.NEWS: ("/th/news/", "/en/news/"),
}
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_ROW = re.compile(rf"\[\s*{_STRING}(?:\s*,\s*(?:{_STRING}|null|-?[0-9]+))*\s*\]")


def prefixes(site: Site, wanted: Wanted) -> list[str]:
    """Return the path prefixes under which wanted articles can be listed."""
    until = wanted.until.ljust(14, "9") if wanted.until else "9" * 14
    return [
        prefix
        for layout in site.layouts_of(wanted.first, wanted.last)
        if site.seen_from(layout, wanted.first).replace("-", "").ljust(14, "0") <= until
        for prefix in PREFIXES[layout]
    ]


def cdx_query(prefix: str, wanted: Wanted, since: str = "", resume_key: str = "") -> str:
    """Return path and query of a CDX request for all copies under a URL prefix.

    Args:
        prefix: host and beginning of the path.
        wanted: what is looked for.
        since: earliest time of a copy; default that of ``wanted``.
        resume_key: of the answer before.
    """
    query = {
        "url": prefix,
        "matchType": "prefix",
        "output": "json",
        "fl": ",".join(CDX_FIELDS),
        "filter": "statuscode:200",
        "limit": str(CDX_PAGE),
        "showResumeKey": "true",
        "from": since or wanted.since,
        "to": wanted.until,
        "resumeKey": resume_key,
    }
    return "/cdx/search/cdx?" + urlencode({name: value for name, value in query.items() if value})


def read_cdx(text: str, wanted: Wanted, home: str) -> Listing:
    """Read an answer of the CDX server.

    A row that cannot be used is left out and named; so is the end of an answer that broke off.

    Args:
        text: the answer.
        wanted: bounds; rows outside of them, and of other pages, are left out.
        home: address of the service, for the replay addresses.

    Raises:
        IndexAnswerError: nothing in the answer is what the CDX server answers.
    """
    listing = Listing()
    rows = iter(_rows(text, listing)) if text.strip() else iter(())
    names = next(rows, None)
    if names is None:
        return listing
    if not (isinstance(names, list) and set(NEEDED) <= set(map(str, names))):
        raise IndexAnswerError(f"not an answer of a CDX server: {shown(text)}")
    before: Any = names
    short = 0
    for number, row in enumerate(rows, 1):
        if before == [] and _is_key(row):
            listing.cursor = row[0]
        elif row != []:
            named = _names_of(row, names)
            short += named is not names
            try:
                listing.take(_copy(named, row, wanted, home))
            except BadEntryError as error:
                listing.reject(f"row {number}", error, row)
        before = row
    if short:
        listing.faults.append(f"{short} rows came without their urlkey")
    if listing.bad and not listing.entries and not listing.cursor:
        raise IndexAnswerError(f"no row can be used; {listing.faults[0]}")
    return listing


def _names_of(row: Any, names: list[str]) -> list[str]:
    """Return the names of a row's fields; only the last, urlkey, may be missing."""
    is_short = isinstance(row, list) and len(row) == len(names) - 1 and names[-1] == "urlkey"
    return names[:-1] if is_short else names


def _is_key(row: object) -> bool:
    return isinstance(row, list) and len(row) == 1 and isinstance(row[0], str) and bool(row[0])


def _copy(names: list[str], row: Any, wanted: Wanted, home: str) -> Copy | None:
    if not isinstance(row, list):
        raise BadEntryError("it is no list")
    if len(row) != len(names):
        raise BadEntryError(f"it has {len(row)} fields instead of {len(names)}")
    record = dict(zip(names, row, strict=True))
    source = f"{home}/web/{record['timestamp']}id_/{record['original']}"
    return copy_of(record["original"], record["timestamp"], record["digest"], source, wanted)


def _rows(text: str, listing: Listing) -> Iterator[Any]:
    """Yield the rows of an answer; of one that is no JSON as a whole, those that are."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        rows, end = [], 0
        for match in _ROW.finditer(text):
            _reject_between(listing, text[end : match.start()])
            try:
                rows.append(json.loads(match[0]))
            except ValueError:
                listing.reject("a row", "it is no JSON", match[0])
            end = match.end()
        if not rows:
            raise IndexAnswerError(
                f"not an answer of a CDX server ({error}): {shown(text)}"
            ) from error
        _reject_between(listing, text[end:])
        if not listing.bad:
            listing.reject("the end of the answer", "it broke off", text[end:])
    if not isinstance(rows, list):
        raise IndexAnswerError(f"not an answer of a CDX server: {shown(text)}")
    yield from rows


def _reject_between(listing: Listing, text: str) -> None:
    if text.strip(" \t\r\n,[]"):
        listing.reject("a row", "it is no JSON", text.strip(" \t\r\n,"))
