"""The search in the texts of attached files, as a page, JSON and CSV."""

from __future__ import annotations

from dataclasses import asdict, fields
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from datasette.utils.asgi import Response

from scraper.attachments.formats import file_name
from scraper.browse.archive_database import cached
from scraper.browse.attachments import copies_are_here, copy_path
from scraper.browse.downloads import Listing, search_download
from scraper.browse.html_page import QUESTION_ERRORS, html_page, problem_of
from scraper.browse.permalinks import absolute_address, permalink
from scraper.browse.search import (
    HITS_PER_PAGE,
    SearchQuery,
    explanation_of,
    is_whole,
    page_size,
    searched_words,
)
from scraper.browse.time_limit import QueryTimeoutError
from scraper.search.attachments import (
    AttachmentResults,
    all_attachments,
    count_attachments,
    has_attachments,
    read_attachments,
    search_attachments,
)
from scraper.search.paging import Order
from scraper.search.query import QueryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasette.app import Datasette
    from datasette.utils.asgi import AsgiStream, Request
    from sqlite_utils import Database

    from scraper.archive.versions import Row

CHOSEN = "&attachments=1"


class CountedFiles(NamedTuple):
    """What a page about articles says of the files: whether any can be searched, and the hits."""

    can_search: bool
    total: int | None = None


def find_files(db: Database, search_query: SearchQuery, limit: int) -> AttachmentResults:
    """Return the files of one page; none without search words.

    Raises:
        QueryError: as for ``search_attachments``, or a position was given instead of a page.
        DayError: a date is invalid.
    """
    if search_query.after:
        raise QueryError("pages of files have page=, not after=")
    if not search_query.q:
        return AttachmentResults(0, ())
    return search_attachments(
        db,
        search_query.q,
        search_query.filters(),
        by_date=search_query.order is not Order.BEST,
        limit=limit,
        offset=(search_query.page - 1) * limit,
    )


def _count(db: Database, search_query: SearchQuery) -> CountedFiles:
    if not (search_query.q and has_attachments(db)):
        return CountedFiles(can_search=False)
    try:
        total = count_attachments(db, search_query.q, search_query.filters())
    except QueryError:  # of whole words, which files cannot be searched for
        return CountedFiles(can_search=False)
    return CountedFiles(can_search=True, total=total)


async def count_files(site: Datasette, search_query: SearchQuery) -> CountedFiles:
    """Return how many files a search finds, without the number if counting takes too long.

    Raises:
        DayError: a date is invalid.
    """
    try:
        return await cached(site, _count, search_query)
    except QueryTimeoutError:
        return CountedFiles(can_search=True)


def _all_files(db: Database, search_query: SearchQuery) -> Sequence[int]:
    if not search_query.q:
        return ()
    by_date = search_query.order is not Order.BEST
    return all_attachments(db, search_query.q, search_query.filters(), by_date=by_date)


def read_files(db: Database, numbers: Sequence[int]) -> dict[int, Row]:
    """Return the rows of some files, with the path of the article's ``page``, by number."""
    return {
        number: {**row, "name": file_name(row["url"]), "page": permalink(row["article_url"])}
        for number, row in read_attachments(db, numbers).items()
    }


FILES = Listing(
    "thaigov-attachments",
    {"attachments": "1"},
    ("name", "format", "size", "pages", "fetched_at", "url", "digest", "articles", "article_id",
     "published_on", "title", "article_url", "page"),
    ("page",),
    has_marked_title=False,
    find=_all_files,
    read=lambda db, _search_query, numbers: read_files(db, numbers),
)  # fmt: skip


async def files(request: Request, datasette: Datasette) -> Response | AsgiStream:
    """Serve ``/-/search?attachments=1``, as HTML, JSON or CSV."""
    search_query = SearchQuery.read(request.args)
    wanted = request.url_vars["format"]
    limit = page_size(request.args) if wanted else HITS_PER_PAGE
    context: dict[str, Any] = {"search_query": search_query, "chosen": CHOSEN}
    status = 200
    try:
        if wanted and is_whole(request.args, wanted):
            return await search_download(datasette, request, search_query, wanted, FILES)
        results = await cached(datasette, find_files, search_query, limit)
        if wanted:
            return _page_of_files(datasette, request, search_query, results, limit)
        context |= {
            "results": results,
            "explanation": explanation_of(search_query),
            "hits": _shown(datasette, results),
            "pages": _pages(results, limit),
            "files": CountedFiles(can_search=True, total=results.total),
        }
    except QUESTION_ERRORS as error:
        context["problem"], status = problem_of(error)
        if wanted:
            return Response.json({"ok": False, "error": context["problem"]}, status=status)
    return await html_page(datasette, request, "files.html", context, status)


def _shown(site: Datasette, results: AttachmentResults) -> list[Row]:
    """Return the hits of a page, each with the path of the archived copy."""
    is_here = copies_are_here(site)
    return [
        {
            **{entry.name: getattr(hit, entry.name) for entry in fields(hit)},
            "name": file_name(hit.url),
            "copy": copy_path(site, hit.digest, hit.format, is_here=is_here),
        }
        for hit in results.hits
    ]


def _pages(results: AttachmentResults, limit: int) -> int:
    return -(-results.total // limit)


def _page_of_files(
    site: Datasette,
    request: Request,
    search_query: SearchQuery,
    results: AttachmentResults,
    limit: int,
) -> Response:
    """Return hits as JSON, with the offsets of the search terms."""
    absolute = partial(absolute_address, site, request)

    following = search_query.query_string(page=search_query.page + 1)
    next_url = absolute(f"/-/search.json{following}{CHOSEN}&size={limit}")
    return Response.json(
        {
            "ok": True,
            **search_query.described(),
            **FILES.parameters,
            "searched": searched_words(search_query),
            "total": results.total,
            "hits": [
                {
                    **row,
                    "snippet": asdict(row["snippet"]),
                    "copy": row["copy"] and str(site.absolute_url(request, row["copy"])),
                    "page": absolute(permalink(row["article_url"])),
                }
                for row in _shown(site, results)
            ],
            "next_url": next_url if search_query.page < _pages(results, limit) else None,
        }
    )
