"""Whole results of searches as CSV or JSON, sent while they are read.

In memory are the ids of the hits, 8 bytes each, and the rows of one batch. A client that goes away
ends the work.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from contextlib import AsyncExitStack
from functools import partial
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

    Read = Callable[[Callable[[Database], Any]], Awaitable[Any]]

BATCH = 500  # articles
COLUMNS = (
    "id", "published_on", "ministry", "category", "title", "url", "page", "first_seen_at",
    "changed_at",
)  # fmt: skip
ROWS = (
    "SELECT id, url, site_id, published_on, ministry, category, title, first_seen_at, changed_at "
    "FROM articles WHERE id IN ({})"
)
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


async def search_download(
    site: Datasette, request: Request, search_query: SearchQuery, wanted: str
) -> Response | AsgiStream:
    """Return all hits of a search, or ``size`` of them from ``page`` on, without excerpts.

    Args:
        site: the Datasette that serves the archive.
        request: of the file.
        search_query: the search.
        wanted: ``csv`` or ``json``.

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
        "content-disposition": f'attachment; filename="thaigov-search.{wanted}"',
        **cache_headers(site),
    }
    if is_known(request, headers["etag"]):
        return Response("", 304, headers, TYPES[wanted])
    async with AsyncExitStack() as stack:
        read = await stack.enter_async_context(archive.apart())
        found: Sequence[int] = await read(lambda db: find_all(db, search_query))
        total = len(found)
        if size := _whole_number(request.args.get("size")):
            found = found[size * (search_query.page - 1) : size * search_query.page]
        opened = stack.pop_all()

    async def send(writer: AsgiWriter) -> None:
        async with opened:
            rows = _rows(site, request, read, () if request.method == "HEAD" else found)
            if wanted == "csv":
                pieces = _csv(rows)
            else:
                words = searched_words(search_query)
                head = {"ok": True, **search_query.described(), "searched": words, "total": total}
                pieces = _json(head, rows)
            async for piece in _until_gone(request, pieces):
                await writer.write(piece)

    return AsgiStream(send, headers=headers, content_type=TYPES[wanted])


async def _rows(
    site: Datasette, request: Request, read: Read, ids: Sequence[int]
) -> AsyncIterator[list[Row]]:
    """Yield the articles with these ids in batches, each with the URL of its ``page``."""
    root = site.absolute_url(request, site.urls.instance()).rstrip("/")
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        sql = ROWS.format(", ".join(map(str, batch)))
        found = await read(partial(_by_id, sql=sql))
        rows = [found[number] for number in batch if number in found]
        yield [{**row, "page": root + permalink(row["url"])} for row in rows]


def _by_id(db: Database, sql: str) -> dict[int, Row]:
    return {row["id"]: row for row in db.query(sql)}


async def _csv(batches: AsyncIterator[list[Row]]) -> AsyncIterator[str]:
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    async for rows in batches:
        writer.writerows(rows)
        yield sheet.getvalue()
        sheet.seek(0)
        sheet.truncate()
    yield sheet.getvalue()  # the names of the columns, if there is no row


async def _json(head: dict[str, Any], batches: AsyncIterator[list[Row]]) -> AsyncIterator[str]:
    """Yield one JSON object whose ``hits`` are like those of a page, without ``snippet``."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "hits": ['
    before = ""
    async for rows in batches:
        hits = ({**row, "title": {"text": row["title"]}} for row in rows)
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
