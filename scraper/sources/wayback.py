"""The index of a Wayback Machine: its queries and its answers. No fetching.

The CDX server of the Internet Archive answers with a JSON array of arrays. The first row has the
column names; if there is more, the last two are an empty row and a resume key.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from scraper.model import Layout
from scraper.sources.indexes import (
    BadEntryError,
    IndexAnswerError,
    Listing,
    excerpt,
    make_copy,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.sources import Site
    from scraper.sources.indexes import Copy, CopyBounds

INTERNET_ARCHIVE = "https://web.archive.org"
REQUIRED_FIELDS = ("timestamp", "original", "statuscode", "digest")
# The server builds its resume key from the requested columns. It seeks by urlkey, so without that
# column the key leads back to the start. We do not use it, so it comes last.
CDX_FIELDS = (*REQUIRED_FIELDS, "urlkey")
CDX_PAGE = 5_000  # rows per answer; the server breaks off very long ones
PATH_PREFIXES = {
    Layout.CONTENTS: ("/news/contents/",),
    Layout.NEWS: ("/th/news/", "/en/news/"),
}
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_ROW = re.compile(rf"\[\s*{_STRING}(?:\s*,\s*(?:{_STRING}|null|-?[0-9]+))*\s*\]")


def prefixes(site: Site, bounds: CopyBounds) -> list[str]:
    """Return the path prefixes that may list copies within bounds."""
    return [
        prefix
        for layout in site.layouts_of(bounds.first, bounds.last)
        if site.first_day(layout, bounds.first).replace("-", "").ljust(14, "0") <= bounds.latest()
        for prefix in PATH_PREFIXES[layout]
    ]


def cdx_query(prefix: str, bounds: CopyBounds, since: str = "", resume_key: str = "") -> str:
    """Return the path and query that list all copies under a URL prefix.

    Args:
        prefix: host and start of the path.
        bounds: which copies to list.
        since: earliest time of a copy; default that of ``bounds``.
        resume_key: from the previous answer.
    """
    query = {
        "url": prefix,
        "matchType": "prefix",
        "output": "json",
        "fl": ",".join(CDX_FIELDS),
        "filter": "statuscode:200",
        "limit": str(CDX_PAGE),
        "showResumeKey": "true",
        "from": since or bounds.since,
        "to": bounds.until,
        "resumeKey": resume_key,
    }
    return "/cdx/search/cdx?" + urlencode({name: value for name, value in query.items() if value})


def read_cdx(text: str, bounds: CopyBounds, home: str) -> Listing:
    """Parse an answer of the CDX server.

    Unusable rows are left out and reported, and so is the end of an answer that broke off.

    Args:
        text: the answer.
        bounds: copies outside of them are left out.
        home: URL of the service, for the replay URLs.

    Raises:
        IndexAnswerError: this is not a response of a CDX server, or no row is usable.
    """
    listing = Listing()
    rows = iter(_rows(text, listing)) if text.strip() else iter(())
    names = next(rows, None)
    if names is None:
        return listing
    if not (isinstance(names, list) and set(REQUIRED_FIELDS) <= set(map(str, names))):
        raise IndexAnswerError(f"not a response of a CDX server: {excerpt(text)}")
    before: Any = names
    short = 0
    for number, row in enumerate(rows, 1):
        if before == [] and _is_key(row):
            listing.cursor = row[0]
        elif row != []:
            named = _names_of(row, names)
            short += named is not names
            try:
                listing.add(_read_row(named, row, bounds, home))
            except BadEntryError as error:
                listing.reject(f"row {number}", error, row)
        before = row
    if short:
        listing.faults.append(f"{short} rows came without their urlkey")
    if listing.bad and not listing.entries and not listing.cursor:
        raise IndexAnswerError(f"no row is usable: {listing.faults[0]}")
    return listing


def _names_of(row: Any, names: list[str]) -> list[str]:
    """Return the column names of a row; only the last, urlkey, may be missing."""
    is_short = isinstance(row, list) and len(row) == len(names) - 1 and names[-1] == "urlkey"
    return names[:-1] if is_short else names


def _is_key(row: object) -> bool:
    return isinstance(row, list) and len(row) == 1 and isinstance(row[0], str) and bool(row[0])


def _read_row(names: list[str], row: Any, bounds: CopyBounds, home: str) -> Copy | None:
    if not isinstance(row, list):
        raise BadEntryError("it is not a list")
    if len(row) != len(names):
        raise BadEntryError(f"it has {len(row)} fields instead of {len(names)}")
    record = dict(zip(names, row, strict=True))
    source = f"{home}/web/{record['timestamp']}id_/{record['original']}"
    return make_copy(record["original"], record["timestamp"], record["digest"], source, bounds)


def _rows(text: str, listing: Listing) -> Iterator[Any]:
    """Yield the rows of an answer; if it is not valid JSON, those rows that are."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        rows, end = [], 0
        for match in _ROW.finditer(text):
            _reject_between(listing, text[end : match.start()])
            try:
                rows.append(json.loads(match[0]))
            except ValueError:
                listing.reject("a row", "it is not JSON", match[0])
            end = match.end()
        if not rows:
            raise IndexAnswerError(
                f"not a response of a CDX server ({error}): {excerpt(text)}"
            ) from error
        _reject_between(listing, text[end:])
        if not listing.bad:
            listing.reject("the end of the answer", "it broke off", text[end:])
    if not isinstance(rows, list):
        raise IndexAnswerError(f"not a response of a CDX server: {excerpt(text)}")
    yield from rows


def _reject_between(listing: Listing, text: str) -> None:
    if text.strip(" \t\r\n,[]"):
        listing.reject("a row", "it is not JSON", text.strip(" \t\r\n,"))
