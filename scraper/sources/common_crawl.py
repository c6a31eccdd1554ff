"""The indexes of Common Crawl: which there are, their queries, and their answers. No fetching.

There is one index for each of its crawls, a *collection*. An index answers one JSON object a line.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from scraper.sources.indexes import BadEntryError, IndexAnswerError, Listing, copy_of, shown

if TYPE_CHECKING:
    from scraper.sources import Site
    from scraper.sources.indexes import Copy, Wanted

COMMON_CRAWL_INDEX = "https://index.commoncrawl.org"
COMMON_CRAWL_DATA = "https://data.commoncrawl.org"

# Its index hands out long answers in pages of 5 blocks of 3,000 lines. A page that another one
# follows has more lines than this.
LINES_WITH_MORE = 5_000
_WEEK = re.compile(r"CC-MAIN-(20[0-9]{2})-([0-9]{2})")
_YEARS = re.compile(r"CC-MAIN-(20[0-9]{2})(?:-(20[0-9]{2}))?")
_FILE = re.compile(r"[A-Za-z0-9._~=+-]+(?:/[A-Za-z0-9._~=+-]+)*")
_NUMBER = re.compile(r"[0-9]{1,18}")


class Collection(NamedTuple):
    """One crawl of Common Crawl.

    Attributes:
        name: such as ``CC-MAIN-2024-33``.
        address: of its index.
        begins, ends: days (ISO) between which its pages were fetched; empty if not known.
    """

    name: str
    address: str
    begins: str
    ends: str


def read_collections(text: str, index: str) -> tuple[list[Collection], list[str]]:
    """Return the collections that ``collinfo.json`` lists, the newest first, and what is odd in it.

    Args:
        text: of the file.
        index: address of the index server; an index on another host is not asked.

    Raises:
        IndexAnswerError: the text lists no collection at all.
    """
    listing, found = Listing(), []
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise IndexAnswerError(f"not a list of collections ({error}): {shown(text)}") from error
    if not isinstance(entries, list):
        raise IndexAnswerError(f"not a list of collections: {shown(text)}")
    for number, entry in enumerate(entries, 1):
        try:
            found.append(_collection(entry, index))
        except BadEntryError as error:
            listing.reject(f"collection {number}", error, entry)
    if not found:
        raise IndexAnswerError(f"not a list of collections: {shown(text)}")
    return found, listing.faults


def _collection(entry: Any, index: str) -> Collection:
    if not isinstance(entry, dict):
        raise BadEntryError("it is no object")
    name, address = entry.get("id"), entry.get("cdx-api")
    if not isinstance(name, str) or not isinstance(address, str):
        raise BadEntryError("it has no id or no address")
    try:
        host = urlsplit(address).hostname
    except ValueError as error:
        raise BadEntryError("its address is none") from error
    if host != urlsplit(index).hostname:
        raise BadEntryError(f"its index is on the host {host}, which nobody has allowed")
    return Collection(name, address, *_times(entry, name))


def _times(entry: dict[str, Any], name: str) -> tuple[str, str]:
    """Return the days between which a collection's pages were fetched.

    ``collinfo.json`` tells the days of the newer ones. A name tells the week in which, or shortly
    after which, the crawl ended; none so far began three weeks before it.
    """
    told = [_day(entry.get(key)) for key in ("from", "to")]
    if all(told) and told[0] <= told[1]:
        return told[0], told[1]
    if match := _WEEK.fullmatch(name):
        try:
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError:
            return "", ""
        begins, ends = monday - timedelta(days=21), monday + timedelta(days=13)
        return begins.isoformat(), ends.isoformat()
    if match := _YEARS.fullmatch(name):
        return f"{match[1]}-01-01", f"{match[2] or match[1]}-12-31"
    return "", ""


def _day(told: object) -> str:
    try:
        return date.fromisoformat(told[:10]).isoformat() if isinstance(told, str) else ""
    except ValueError:
        return ""


def that_can_hold(collections: list[Collection], site: Site, wanted: Wanted) -> list[Collection]:
    """Return the collections whose time lets them hold a wanted copy of a site's article.

    One whose time is not known may hold any.
    """
    earliest = wanted.earliest(site)
    latest = wanted.until.ljust(14, "9") if wanted.until else "9" * 14
    return [
        collection
        for collection in collections
        if not collection.begins
        or (_digits(collection.ends, "9") >= earliest and _digits(collection.begins, "0") <= latest)
    ]


def _digits(day: str, filler: str) -> str:
    return day.replace("-", "").ljust(14, filler)


def query(collection: Collection, host: str, page: int = 0) -> str:
    """Return the address that lists all that a collection holds of a host.

    One prefix for all layouts: an index is asked once instead of once for each of them.
    """
    asked = {"url": f"{host}/*", "output": "json"} | ({"page": str(page)} if page else {})
    return f"{collection.address}?{urlencode(asked)}"


def read_common_crawl(body: bytes, wanted: Wanted) -> Listing:
    """Read an answer of an index: JSON lines. A line that cannot be used is left out and named.

    Raises:
        IndexAnswerError: there are lines, and not one can be used.
    """
    listing = Listing()
    # Not splitlines: U+0085 and U+2028 are characters of an address like any other.
    for number, line in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            copy = _copy(line, wanted)
        except BadEntryError as error:
            listing.reject(f"line {number}", error, line.decode("utf-8", "backslashreplace"))
        else:
            listing.take(copy)
    if listing.bad and not listing.entries:
        raise IndexAnswerError(f"no line can be used; {listing.faults[0]}")
    return listing


def _copy(line: bytes, wanted: Wanted) -> Copy | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadEntryError("it is no JSON") from error
    if not isinstance(record, dict):
        raise BadEntryError("it is no JSON object")
    if record.keys() == {"message"} or record.keys() == {"error"}:
        return None  # "No Captures found for …"
    # A line without a status may be of a good page; the record will tell.
    if str(record.get("status", "200")) not in {"200", "-", "None"}:
        return None
    file, offset, length = (record.get(name) for name in ("filename", "offset", "length"))
    if not (isinstance(file, str) and _FILE.fullmatch(file)) or ".." in file.split("/"):
        raise BadEntryError(f"{shown(file)} is no file of the archive")
    for name, value in (("offset", offset), ("length", length)):
        if isinstance(value, bool) or not _NUMBER.fullmatch(str(value)):
            raise BadEntryError(f"its {name} {shown(value)} is no number of bytes")
    if int(str(length)) == 0:
        raise BadEntryError("its record has no bytes")
    source = f"{file}:{offset}:{length}"
    return copy_of(record.get("url"), record.get("timestamp"), record.get("digest"), source, wanted)
