"""The indexes of Common Crawl: the list of them, their queries and their answers. No fetching.

Each of its crawls, a *collection*, has an index of its own, which answers one JSON object per line.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from scraper.sources.indexes import (
    BadEntryError,
    IndexAnswerError,
    Listing,
    excerpt,
    make_copy,
)

if TYPE_CHECKING:
    from scraper.sources import Site
    from scraper.sources.indexes import Copy, CopyBounds

COMMON_CRAWL_INDEX = "https://index.commoncrawl.org"
COMMON_CRAWL_DATA = "https://data.commoncrawl.org"

# The index gives long answers in pages of 5 blocks of 3,000 lines. A page with more lines than
# this is followed by another.
LINES_WITH_MORE = 5_000
_WEEK = re.compile(r"CC-MAIN-(20[0-9]{2})-([0-9]{2})")
_YEARS = re.compile(r"CC-MAIN-(20[0-9]{2})(?:-(20[0-9]{2}))?")
_FILE = re.compile(r"[A-Za-z0-9._~=+-]+(?:/[A-Za-z0-9._~=+-]+)*")
_DIGITS = re.compile(r"[0-9]{1,18}")


class Collection(NamedTuple):
    """One crawl of Common Crawl.

    Attributes:
        name: such as ``CC-MAIN-2024-33``.
        address: URL of its index.
        begins, ends: days (ISO) between which its pages were fetched; empty if unknown.
    """

    name: str
    address: str
    begins: str
    ends: str


def read_collections(text: str, index: str) -> tuple[list[Collection], list[str]]:
    """Return the collections in ``collinfo.json``, newest first, and a sentence per unusable entry.

    Args:
        text: content of the file.
        index: URL of the index server; collections on another host are unusable.

    Raises:
        IndexAnswerError: there is no usable collection in the text.
    """
    listing, found = Listing(), []
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise IndexAnswerError(f"not a list of collections ({error}): {excerpt(text)}") from error
    if not isinstance(entries, list):
        raise IndexAnswerError(f"not a list of collections: {excerpt(text)}")
    for number, entry in enumerate(entries, 1):
        try:
            found.append(_collection(entry, index))
        except BadEntryError as error:
            listing.reject(f"collection {number}", error, entry)
    if not found:
        raise IndexAnswerError(f"not a list of collections: {excerpt(text)}")
    return found, listing.faults


def _collection(entry: Any, index: str) -> Collection:
    if not isinstance(entry, dict):
        raise BadEntryError("it is not an object")
    name, address = entry.get("id"), entry.get("cdx-api")
    if not isinstance(name, str) or not isinstance(address, str):
        raise BadEntryError("it has no id or no address")
    try:
        host = urlsplit(address).hostname
    except ValueError as error:
        raise BadEntryError("its address is not a URL") from error
    if host != urlsplit(index).hostname:
        raise BadEntryError(f"its index is on the host {host}, not on that of the index server")
    return Collection(name, address, *_days(entry, name))


def _days(entry: dict[str, Any], name: str) -> tuple[str, str]:
    """Return the days between which a collection's pages were fetched, empty if unknown.

    ``collinfo.json`` gives the days of newer collections. A name gives the week in which, or
    shortly after which, the crawl ended; so far none began three weeks before that week.
    """
    begins, ends = (_date_part(entry.get(key)) for key in ("from", "to"))
    if begins and begins <= ends:
        return begins, ends
    if match := _WEEK.fullmatch(name):
        try:
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError:
            return "", ""
        first, last = monday - timedelta(days=21), monday + timedelta(days=13)
        return first.isoformat(), last.isoformat()
    if match := _YEARS.fullmatch(name):
        return f"{match[1]}-01-01", f"{match[2] or match[1]}-12-31"
    return "", ""


def _date_part(value: object) -> str:
    try:
        return date.fromisoformat(value[:10]).isoformat() if isinstance(value, str) else ""
    except ValueError:
        return ""


def collections_within(
    collections: list[Collection], site: Site, bounds: CopyBounds
) -> list[Collection]:
    """Return the collections that may contain a copy within bounds of a site's articles.

    One whose time is unknown may contain any.
    """
    earliest, latest = bounds.earliest(site), bounds.latest()
    return [
        collection
        for collection in collections
        if not collection.begins
        or (_digits(collection.ends, "9") >= earliest and _digits(collection.begins, "0") <= latest)
    ]


def _digits(day: str, filler: str) -> str:
    return day.replace("-", "").ljust(14, filler)


def index_url(collection: Collection, host: str, page: int = 0) -> str:
    """Return the URL that lists everything a collection has from a host.

    One prefix for all layouts, so that each index is asked once.
    """
    query = {"url": f"{host}/*", "output": "json"} | ({"page": str(page)} if page else {})
    return f"{collection.address}?{urlencode(query)}"


def read_common_crawl(body: bytes, bounds: CopyBounds) -> Listing:
    """Parse an answer of an index, JSON lines; unusable lines are left out and reported.

    Raises:
        IndexAnswerError: there are lines, and none of them is usable.
    """
    listing = Listing()
    # Not splitlines: U+0085 and U+2028 may occur in a URL.
    for number, line in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            copy = _read_line(line, bounds)
        except BadEntryError as error:
            listing.reject(f"line {number}", error, line.decode("utf-8", "backslashreplace"))
        else:
            listing.add(copy)
    if listing.bad and not listing.entries:
        raise IndexAnswerError(f"no line is usable: {listing.faults[0]}")
    return listing


def _read_line(line: bytes, bounds: CopyBounds) -> Copy | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadEntryError("it is not JSON") from error
    if not isinstance(record, dict):
        raise BadEntryError("it is not a JSON object")
    if record.keys() == {"message"} or record.keys() == {"error"}:
        return None  # "No Captures found for …"
    # A line without a status may still be of a good page; the record has the status.
    if str(record.get("status", "200")) not in {"200", "-", "None"}:
        return None
    file, offset, length = (record.get(name) for name in ("filename", "offset", "length"))
    if not (isinstance(file, str) and _FILE.fullmatch(file)) or ".." in file.split("/"):
        raise BadEntryError(f"{excerpt(file)} is not a file of the archive")
    for name, value in (("offset", offset), ("length", length)):
        if isinstance(value, bool) or not _DIGITS.fullmatch(str(value)):
            raise BadEntryError(f"its {name} {excerpt(value)} is not a number of bytes")
    if int(str(length)) == 0:
        raise BadEntryError("its record is empty")
    source = f"{file}:{offset}:{length}"
    return make_copy(
        record.get("url"), record.get("timestamp"), record.get("digest"), source, bounds
    )
