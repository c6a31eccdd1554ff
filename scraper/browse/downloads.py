"""Whole results of searches as CSV or JSON, sent while they are read.

In memory are the numbers of the hits, 8 bytes each, and the rows of one batch. A client that goes
away ends the work. What is listed (articles, superseded versions, attached files) is a ``Listing``.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import AsgiStream, Response

from scraper.browse.http_cache import cache_headers, is_known, weak_tag
from scraper.browse.permalinks import permalink
from scraper.browse.search import find_all, searched_words
from scraper.search.query import QueryError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from datasette.app import Datasette
    from datasette.utils.asgi import AsgiWriter, Request
    from sqlite_utils import Database

    from scraper.archive.versions import Row
    from scraper.browse.archive_database import ArchiveDatabase
    from scraper.browse.search import SearchQuery

BATCH = 500  # rows
ROWS = (
    "SELECT id, url, site_id, published_on, ministry, category, title, first_seen_at, changed_at "
    "FROM articles WHERE id IN ({})"
)
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


@dataclass(frozen=True)
class Listing:
    """What a file of results lists.

    Attributes:
        name: of the file.
        parameters: of the query string that ask for it, besides those of the search.
        columns: of the CSV file.
        paths: those of them that are paths of the site, and absolute in the file.
        has_marked_title: whether the title of a hit on a page is a text with its hits.
        find: returns the numbers of all hits, in order.
        read: returns the rows of some of them by number, for the same search.
    """

    name: str
    parameters: dict[str, str]
    columns: tuple[str, ...]
    paths: tuple[str, ...]
    has_marked_title: bool
    find: Callable[[Database, SearchQuery], Sequence[int]]
    read: Callable[[Database, SearchQuery, Sequence[int]], dict[int, Row]]


def read_articles(db: Database, ids: Sequence[int]) -> dict[int, Row]:
    """Return the rows of some articles, with the path of their ``page``, by id."""
    found = db.query(ROWS.format(", ".join(map(str, ids))))
    return {row["id"]: {**row, "page": permalink(row["url"])} for row in found}


ARTICLES = Listing(
    "thaigov-search",
    {},
    ("id", "published_on", "ministry", "category", "title", "url", "page", "first_seen_at",
     "changed_at"),
    ("page",),
    has_marked_title=True,
    find=find_all,
    read=lambda db, _search_query, ids: read_articles(db, ids),
)  # fmt: skip


async def search_download(
    site: Datasette,
    request: Request,
    search_query: SearchQuery,
    wanted: str,
    listing: Listing = ARTICLES,
) -> Response | AsgiStream:
    """Return all hits of a search, or ``size`` of them from ``page`` on, without excerpts.

    Args:
        site: the Datasette that serves the archive.
        request: of the file.
        search_query: the search.
        wanted: ``csv`` or ``json``.
        listing: what is searched.

    Raises:
        QueryError: the query has a syntax error, or a position that only pages of JSON have.
        DayError: a date is invalid.
        QueryTimeoutError: finding the hits took longer than the site's time limit.
    """
    if search_query.after:
        raise QueryError("after= belongs to pages of JSON; a whole result has size= and page=")
    archive: ArchiveDatabase = site.get_database()
    headers = {
        "etag": weak_tag(f"{archive.file_state()} {request.url}"),
        "content-disposition": f'attachment; filename="{listing.name}.{wanted}"',
        **cache_headers(site),
    }
    if is_known(request, headers["etag"]):
        return Response("", 304, headers, TYPES[wanted])
    async with AsyncExitStack() as stack:
        read = await stack.enter_async_context(archive.apart())
        found: Sequence[int] = await read(lambda db: listing.find(db, search_query))
        total = len(found)
        if size := _whole_number(request.args.get("size")):
            found = found[size * (search_query.page - 1) : size * search_query.page]
        opened = stack.pop_all()

    async def send(writer: AsgiWriter) -> None:
        async with opened:
            sent = () if request.method == "HEAD" else found

            async def read_rows(batch: Sequence[int]) -> dict[int, Row]:
                rows: dict[int, Row] = await read(lambda db: listing.read(db, search_query, batch))
                return rows

            rows = _rows(site, request, read_rows, sent, listing.paths)
            if wanted == "csv":
                pieces = _csv(listing.columns, rows)
            else:
                about = {**search_query.described(), **listing.parameters}
                words = searched_words(search_query)
                head = {"ok": True, **about, "searched": words, "total": total}
                pieces = _json(head, rows, has_marked_title=listing.has_marked_title)
            async for piece in _until_gone(request, pieces):
                await writer.write(piece)

    return AsgiStream(send, headers=headers, content_type=TYPES[wanted])


async def _rows(
    site: Datasette,
    request: Request,
    read: Callable[[Sequence[int]], Awaitable[dict[int, Row]]],
    numbers: Sequence[int],
    paths: Sequence[str],
) -> AsyncIterator[list[Row]]:
    """Yield the rows with these numbers in batches, with absolute URLs."""
    root = site.absolute_url(request, site.urls.instance()).rstrip("/")
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        found = await read(batch)
        rows = [found[number] for number in batch if number in found]
        yield [{**row, **{name: row[name] and root + row[name] for name in paths}} for row in rows]


async def _csv(columns: Sequence[str], batches: AsyncIterator[list[Row]]) -> AsyncIterator[str]:
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, columns, extrasaction="ignore")
    writer.writeheader()
    async for rows in batches:
        writer.writerows(map(_numbered, rows))
        yield sheet.getvalue()
        sheet.seek(0)
        sheet.truncate()
    yield sheet.getvalue()  # the names of the columns, if there is no row


def _numbered(row: Row) -> Row:
    """Return a row with 0 and 1 for False and True, as tables have them."""
    return {name: int(value) if isinstance(value, bool) else value for name, value in row.items()}


async def _json(
    head: dict[str, Any], batches: AsyncIterator[list[Row]], *, has_marked_title: bool
) -> AsyncIterator[str]:
    """Yield one JSON object whose ``hits`` are like those of a page, without ``snippet``."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "hits": ['
    before = ""
    async for rows in batches:
        hits = ({**r, "title": {"text": r["title"]}} if has_marked_title else r for r in rows)
        yield before + ",\n".join(json.dumps(hit, ensure_ascii=False) for hit in hits)
        before = ",\n"
    yield "]}\n"


async def _until_gone(request: Request, pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """Yield pieces until the client has left, which ``send`` does not tell."""
    left = asyncio.ensure_future(_leaving(request))
    try:
        async for piece in pieces:
            if left.done():
                return
            yield piece
    finally:
        left.cancel()


async def _leaving(request: Request) -> None:
    """Return when the client has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _whole_number(text: str | None) -> int | None:
    given = text or ""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None
