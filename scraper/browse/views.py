"""Our pages: each view queries the archive and renders a template."""

from __future__ import annotations

import re
import traceback
from asyncio import gather
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette.database import QueryInterrupted
from datasette.utils import tilde_encode
from datasette.utils.asgi import Base400, Forbidden, NotFound, Response
from datasette.views.base import DatasetteError

from scraper.browse.adoption import adopted
from scraper.browse.archive_database import QueryTimeoutError, cached, query
from scraper.browse.article import read_article
from scraper.browse.attachments import ATTACHMENT_PATH, download, stored_files
from scraper.browse.dashboard import (
    PERIOD_MONTHS,
    WORD_PERIOD_DAYS,
    DashboardQuery,
    find_live_run,
    read_dashboard,
)
from scraper.browse.downloads import search_download
from scraper.browse.facets import read_facets
from scraper.browse.feeds import FEED_ORDERS, MAX_FEED_ENTRIES, atom_feed
from scraper.browse.home import read_home
from scraper.browse.http_cache import cache_headers, with_etag
from scraper.browse.metadata import canned_queries
from scraper.browse.permalinks import PERMALINK, article_url, at, at_number, find_address
from scraper.browse.row_bounds import AnswerTooLargeError
from scraper.browse.search import (
    HITS_PER_PAGE,
    MAX_HITS,
    SearchAnswer,
    SearchQuery,
    count_facets,
    explanation_of,
    find_hits,
    searched_words,
)
from scraper.browse.tables import read_tables
from scraper.browse.template import label
from scraper.browse.trends import read_term_use, read_word_trends
from scraper.search.paging import Order
from scraper.search.query import QueryError
from scraper.terminal import say
from scraper.thai.typed_dates import DayError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import AsgiStream, Request
    from jinja2 import Environment

    from scraper.browse.archive_database import ArchiveDatabase
    from scraper.browse.facets import FacetCount
    from scraper.search.engine import Results

# Datasette's pages about itself, such as the path of its file: for the operator only.
OPERATOR_PAGES = (
    r"^/-/(?:actor|allow-debug|auth-token|config|databases|logout|messages|patterns|permissions"
    r"|plugins|settings|threads|versions)(?:\.json)?$"
)
TIMEOUT_MESSAGE = (
    "คำถามนี้ใช้เวลานานเกินไป จึงหยุดไว้ก่อน ลองเจาะจงกว่านี้ เช่น ช่วงเวลาที่สั้นลง · "
    "The question took too long and was stopped; try a narrower one, such as a shorter period"
)
FACETS_TIMEOUT = 30  # read once for all searches; takes 0.4 s for 100,000 articles
environments: WeakKeyDictionary[Datasette, Environment] = WeakKeyDictionary()
"""That of our pages, by site."""
ALL = "all"  # value of ``size`` for a whole result


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
    found = adopted(site)
    if found and found.is_public:
        ours.append((OPERATOR_PAGES, not_in_public))
    return ours


async def home(request: Request, datasette: Datasette) -> Response:
    """Serve ``/``."""
    return await _html(
        datasette, request, "home.html", {"home": await cached(datasette, read_home)}
    )


async def search(request: Request, datasette: Datasette) -> Response | AsgiStream:
    """Serve ``/-/search``, as HTML, JSON or CSV."""
    search_query = SearchQuery.read(request.args)
    wanted = request.url_vars["format"]
    try:
        if wanted:
            if wanted == "csv" or request.args.get("size") == ALL:
                return await search_download(datasette, request, search_query, wanted)
            results = await query(datasette, find_hits, search_query, _page_size(request.args))
            data = _page_of_hits(datasette, request, search_query, results)
            return with_etag(datasette, request, data)
        # In threads of their own, since hits and facets take about equally long.
        results, facets, named = await gather(
            cached(datasette, find_hits, search_query),
            _count_facets(datasette, search_query),
            query(datasette, find_address, search_query.q),
        )
        answer = SearchAnswer(results, facets, explanation_of(search_query), tuple(named))
        own_query = search_query.query_string(page=search_query.page).removesuffix("?")
        context: dict[str, Any] = {"answer": answer, "own_query": own_query}
        status = 200
    except (QueryError, DayError, QueryTimeoutError) as error:
        message = str(error) or TIMEOUT_MESSAGE
        status = 503 if isinstance(error, QueryTimeoutError) else 400
        if wanted:
            return Response.json({"ok": False, "error": message}, status=status)
        context = {"problem": message}
    return await _html(
        datasette, request, "search.html", {"search_query": search_query, **context}, status
    )


async def _count_facets(site: Datasette, search_query: SearchQuery) -> dict[str, list[FacetCount]]:
    """Count the facets of a search, cached independently of order and page."""
    archive: ArchiveDatabase = site.get_database()
    archive.facets = await cached(site, read_facets, archive.facets, seconds=FACETS_TIMEOUT)
    return await cached(site, count_facets, replace(search_query, page=1, sort=""), archive.facets)


def _page_size(arguments: Mapping[str, str]) -> int:
    """Return the requested number of hits, within bounds."""
    given = arguments.get("size", "")
    is_number = given.isascii() and given.isdecimal() and len(given) < 7
    return max(1, min(int(given) if is_number else HITS_PER_PAGE, MAX_HITS))


def _page_of_hits(
    site: Datasette, request: Request, search_query: SearchQuery, results: Results
) -> Response:
    """Return hits as JSON, with the offsets of the search terms."""
    rows = [{**asdict(hit), "page": article_url(site, request, hit.url)} for hit in results.hits]
    return Response.json(
        {
            "ok": True,
            **asdict(search_query),
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
    size = _page_size(request.args)
    path = site.urls.path(f"/-/search.json{parameters}&size={size}")
    return str(site.absolute_url(request, path))


async def article(request: Request, datasette: Datasette) -> Response:
    """Serve an article's page at its row URL; ``.json`` remains Datasette's."""
    page = await cached(
        datasette,
        read_article,
        int(request.url_vars["id"]),
        datasette.urls.path("/-/search"),
    )
    if page is None:
        raise NotFound("ไม่มีข่าวหมายเลขนี้ในคลัง · No such article in this archive")
    context = {"page": page, "row": page.row, "stored": stored_files(datasette, page.row)}
    return await _html(datasette, request, "article.html", context)


async def tables(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/tables``: canned queries, tables, and SQL if allowed."""
    context = {
        "tables": await cached(datasette, read_tables),
        "queries": canned_queries(),
        "allow_execute_sql": datasette.setting("default_allow_sql"),
    }
    return await _html(datasette, request, "tables.html", context)


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
    return await _html(datasette, request, "dashboard.html", context, status)


async def feed(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/feed.atom``: the newest hits of a search, by publication, change or arrival."""
    given = {name: request.args[name] for name in request.args}
    sort = given.get("sort") if given.get("sort") in FEED_ORDERS else Order.NEW
    search_query = SearchQuery.read({**given, "sort": str(sort)})
    try:
        results = await query(datasette, find_hits, search_query, MAX_FEED_ENTRIES)
    except (QueryError, DayError, QueryTimeoutError) as error:
        return Response.text(str(error) or TIMEOUT_MESSAGE, status=400)
    named = (
        label(kind, getattr(search_query, kind)) for kind in ("ministry", "agency", "province")
    )
    about = [*named, search_query.q, search_query.tag]
    parameters = search_query.query_string()
    body = atom_feed(
        results,
        " · ".join(filter(None, ["ข่าวรัฐบาลไทย", *about])),
        feed_url=datasette.absolute_url(request, datasette.urls.path(f"/-/feed.atom{parameters}")),
        page_url=datasette.absolute_url(request, datasette.urls.path(f"/-/search{parameters}")),
        article_url=lambda url: article_url(datasette, request, url),
    )
    response = Response(body, content_type="application/atom+xml; charset=utf-8")
    return with_etag(datasette, request, response)


async def not_in_public() -> Response:
    """Hide a page from the public."""
    raise NotFound("Not served in public")


async def error(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """Return an error page, or JSON if that was requested."""
    status, message = _status_and_message(exception)
    if status == 500:
        say("".join(traceback.format_exception(exception)), err=True, end="")
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": message, "status": status}, status=status)
    context = {"status": status, "message": message}
    return await _html(datasette, request, "error.html", context, status)


def _status_and_message(exception: Exception) -> tuple[int, str]:
    """Return the HTTP status of an error and a message without internal details."""
    match exception:
        # Of a query that took too long, Datasette's message is HTML with its source.
        case QueryTimeoutError() | QueryInterrupted() | DatasetteError(message_is_html=True):
            answer = 503, TIMEOUT_MESSAGE
        case AnswerTooLargeError():
            answer = 413, str(exception)
        case DayError():
            answer = 400, str(exception)
        case Base400():
            answer = exception.status, str(exception)
        case DatasetteError():
            answer = exception.status, exception.message
        case Forbidden():
            answer = 403, "ไม่เปิดให้ดู · Not open to you"
        case _:
            answer = 500, "เกิดข้อผิดพลาดในโปรแกรม · Internal error; see the server's log"
    return answer


async def _html(
    site: Datasette, request: Request, template: str, context: dict[str, Any], status: int = 200
) -> Response:
    """Render a page; ``own_query`` in the context is the query string of its canonical URL."""
    if status == 200:
        path = site.urls.path(request.path + str(context.get("own_query", "")))
        context = {**context, "canonical": site.absolute_url(request, path)}
    page = environments[site].get_template(template)
    body = await site.render_template(page, context, request=request)
    return Response.html(body, status=status, headers=cache_headers(site) if status == 200 else {})
