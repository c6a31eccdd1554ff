"""Our pages: each view queries the archive and renders a template."""

from __future__ import annotations

import re
from asyncio import gather
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_encode
from datasette.utils.asgi import NotFound, Response

from scraper.archive.opening import warc_folder
from scraper.browse import entity_views, fact_views
from scraper.browse.adoption import adopted
from scraper.browse.archive_database import cached, query
from scraper.browse.article import read_article
from scraper.browse.attachments import ATTACHMENT_PATH, download, stored_files
from scraper.browse.citation import cite
from scraper.browse.dashboard import (
    PERIOD_MONTHS,
    WORD_PERIOD_DAYS,
    DashboardQuery,
    find_live_run,
    read_dashboard,
)
from scraper.browse.downloads import search_download
from scraper.browse.facet_counts import facet_counts
from scraper.browse.feeds import FEED_ORDERS, MAX_FEED_ENTRIES, atom_feed
from scraper.browse.file_views import count_files, files
from scraper.browse.home import read_home
from scraper.browse.html_page import QUESTION_ERRORS, html_page, problem_of
from scraper.browse.http_cache import with_etag
from scraper.browse.metadata import canned_queries
from scraper.browse.permalinks import (
    PERMALINK,
    absolute_address,
    absolute_permalink,
    at,
    at_number,
    find_address,
    permalink,
)
from scraper.browse.replay import find_capture, is_replayable
from scraper.browse.search import (
    SearchAnswer,
    SearchQuery,
    explanation_of,
    find_hits,
    is_whole,
    page_size,
    searched_words,
)
from scraper.browse.suggestions import suggestions
from scraper.browse.tables import read_tables
from scraper.browse.template import label
from scraper.browse.trends import read_term_use, read_word_trends
from scraper.browse.version_page import version_permalink
from scraper.browse.version_views import versions
from scraper.search.paging import Order
from scraper.search.query import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import AsgiStream, Request

    from scraper.search.engine import Results

# Datasette's pages about itself, such as the path of its file: for the operator only.
OPERATOR_PAGES = (
    r"^/-/(?:actor|allow-debug|auth-token|config|databases|logout|messages|patterns|permissions"
    r"|plugins|settings|threads|versions)(?:\.json)?$"
)


def routes(site: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Return URL patterns and their views."""
    archive = re.escape(tilde_encode(site.get_database().route))
    ours: list[tuple[str, Callable[..., Any]]] = [
        (r"^/$", home),
        (r"^/-/search(?:\.(?P<format>json|csv))?$", search),
        (r"^/-/at$", at),
        (PERMALINK, at_number),
        (ATTACHMENT_PATH, download),
        (r"^/-/tables$", tables),
        (r"^/-/dashboard$", dashboard),
        (r"^/-/feed(?:\.atom)?$", feed),
        (rf"^/{archive}/articles/(?P<id>\d{{1,18}})$", article),
    ]
    ours += [*entity_views.routes(), *fact_views.routes()]
    found = adopted(site)
    if found and found.is_public:
        ours.append((OPERATOR_PAGES, not_in_public))
    return ours


async def home(request: Request, datasette: Datasette) -> Response:
    """Serve ``/``."""
    return await html_page(
        datasette, request, "home.html", {"home": await cached(datasette, read_home)}
    )


async def search(request: Request, datasette: Datasette) -> Response | AsgiStream:
    """Serve ``/-/search``, as HTML, JSON or CSV."""
    if request.args.get("versions") == "1":
        return await versions(request, datasette)
    if request.args.get("attachments") == "1":
        return await files(request, datasette)
    search_query = SearchQuery.read(request.args)
    wanted = request.url_vars["format"]
    try:
        if wanted:
            if is_whole(request.args, wanted):
                return await search_download(datasette, request, search_query, wanted)
            results = await query(datasette, find_hits, search_query, page_size(request.args))
            data = _page_of_hits(datasette, request, search_query, results)
            return with_etag(datasette, request, data)
        # In threads of their own, since hits and facets take about equally long.
        results, facets, named, counted = await gather(
            cached(datasette, find_hits, search_query),
            facet_counts(datasette, search_query),
            query(datasette, find_address, search_query.q),
            count_files(datasette, search_query),
        )
        suggested = await suggestions(datasette, search_query, results.total)
        answer = SearchAnswer(
            results, facets, explanation_of(search_query), tuple(named), suggested
        )
        own_query = search_query.query_string(page=search_query.page).removesuffix("?")
        context: dict[str, Any] = {"answer": answer, "own_query": own_query, "files": counted}
        status = 200
    except QUESTION_ERRORS as error:
        message, status = problem_of(error)
        if wanted:
            return Response.json({"ok": False, "error": message}, status=status)
        context = {"problem": message}
    return await html_page(
        datasette, request, "search.html", {"search_query": search_query, **context}, status
    )


def _page_of_hits(
    site: Datasette, request: Request, search_query: SearchQuery, results: Results
) -> Response:
    """Return hits as JSON, with the offsets of the search terms."""
    rows = [
        {**asdict(hit), "page": absolute_permalink(site, request, hit.url)} for hit in results.hits
    ]
    return Response.json(
        {
            "ok": True,
            **search_query.described(),
            "searched": searched_words(search_query),
            "total": results.total,
            "hits": rows,
            "next": results.next,
            "next_url": _next_url(site, request, search_query, results),
        }
    )


def _next_url(
    site: Datasette, request: Request, search_query: SearchQuery, results: Results
) -> str | None:
    """Return the URL of the next page of JSON, as Datasette's tables have it."""
    if results.next is None:
        return None
    parameters = search_query.query_string(after=results.next)
    size = page_size(request.args)
    return absolute_address(site, request, f"/-/search.json{parameters}&size={size}")


async def article(request: Request, datasette: Datasette) -> Response:
    """Serve an article's page at its row URL; ``.json`` remains Datasette's."""
    q = (request.args.get("q") or "").strip()
    page = await cached(
        datasette,
        read_article,
        int(request.url_vars["id"]),
        datasette.urls.path("/").rstrip("/"),
        q,
    )
    if page is None:
        raise NotFound("ไม่มีข่าวหมายเลขนี้ในคลัง · No such article in this archive")
    digest = page.capture and page.capture["digest"]
    path = version_permalink(page.row["url"], digest) if digest else permalink(page.row["url"])
    address = absolute_address(datasette, request, path)
    replayed = await query(datasette, find_capture, page.row["capture_id"])
    folder = warc_folder(Path(datasette.get_database().path))
    context = {
        "page": page,
        "row": page.row,
        "q": q,
        "stored": stored_files(datasette, page.row),
        "citation": cite(page.row, page.row["url"], page.capture, address),
        "replayable": replayed is not None and is_replayable(replayed, folder),
    }
    return await html_page(datasette, request, "article.html", context)


async def tables(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/tables``: canned queries, tables, and SQL if allowed."""
    context = {
        "tables": await cached(datasette, read_tables),
        "queries": canned_queries(),
        "allow_execute_sql": datasette.setting("default_allow_sql"),
    }
    return await html_page(datasette, request, "tables.html", context)


async def dashboard(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/dashboard``."""
    choice = DashboardQuery.read(request.args)
    # In two threads, like the search page.
    board, words = await gather(
        cached(datasette, read_dashboard, choice.months, choice.ministry),
        cached(datasette, read_word_trends, choice.days, choice.ministry),
    )
    context: dict[str, Any] = {"choice": choice, "board": board, "words": words}
    # Not cached: a run that is killed commits nothing.
    path = Path(datasette.get_database().path)
    context["live_run"] = await query(datasette, find_live_run, path)
    context["offered"] = {"months": PERIOD_MONTHS, "days": WORD_PERIOD_DAYS}
    try:
        if choice.q:
            context["use"] = await cached(
                datasette, read_term_use, choice.q, choice.months, choice.ministry
            )
    except QueryError as error:
        context["problem"] = str(error)
    status = 400 if "problem" in context else 200
    return await html_page(datasette, request, "dashboard.html", context, status)


async def feed(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/feed.atom``: the newest hits of a search, by publication, change or arrival."""
    sort = request.args.get("sort")
    order = sort if sort in FEED_ORDERS else Order.NEW
    search_query = replace(SearchQuery.read(request.args), sort=str(order))
    try:
        results = await query(datasette, find_hits, search_query, MAX_FEED_ENTRIES)
    except QUESTION_ERRORS as error:
        message, status = problem_of(error)
        return Response.text(message, status=status)
    named = (
        label(kind, value)
        for kind in ("ministry", "agency", "province")
        for value in search_query.chosen(kind)
    )
    about = [*named, search_query.q, search_query.tag]
    parameters = search_query.query_string()
    body = atom_feed(
        results,
        " · ".join(filter(None, ["ข่าวรัฐบาลไทย", *about])),
        feed_url=datasette.absolute_url(request, datasette.urls.path(f"/-/feed.atom{parameters}")),
        page_url=datasette.absolute_url(request, datasette.urls.path(f"/-/search{parameters}")),
        article_url=lambda url: absolute_permalink(datasette, request, url),
    )
    response = Response(body, content_type="application/atom+xml; charset=utf-8")
    return with_etag(datasette, request, response)


async def not_in_public() -> Response:
    """Hide a page from the public."""
    raise NotFound("Not served in public")
