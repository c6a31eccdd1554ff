"""Our addresses, and the answer to each: a question to the archive, shown by a template."""

from __future__ import annotations

import csv
import io
import traceback
from asyncio import gather
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import Base400, Forbidden, NotFound, Response
from datasette.views.base import DatasetteError

from scraper.browse.archive_database import TooLongError, cached, query
from scraper.browse.article import read_article
from scraper.browse.caching import lasting, unless_known
from scraper.browse.dashboard import PERIODS, SPANS, Choice, read_dashboard
from scraper.browse.facets import read_facets
from scraper.browse.feeds import ENTRIES, atom
from scraper.browse.home import read_home
from scraper.browse.metadata import queries
from scraper.browse.search import MOST, PAGE, Answer, SearchQuery, count_facets, find
from scraper.browse.tables import read_tables
from scraper.browse.template import label
from scraper.browse.trends import read_use, read_words
from scraper.search.query import QueryError
from scraper.terminal import say
from scraper.thai.typed_dates import DayError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from scraper.browse.archive_database import ArchiveDatabase
    from scraper.browse.facets import Value
    from scraper.search.engine import Results

# Pages on which Datasette tells of itself, such as where its file lies: for its operator only.
INNER = (
    r"^/-/(?:actor|allow-debug|auth-token|config|databases|logout|messages|patterns|permissions"
    r"|plugins|settings|threads|versions)(?:\.json)?$"
)
TOO_LONG = "คำค้นนี้ใช้เวลานานเกินไป ลองเจาะจงกว่านี้ · That took too long; ask for something narrower"
FACETS_SECONDS = 30  # for what is read once for all searches; 0.4 where there are 100,000 articles
CSV_COLUMNS = ("id", "published_on", "ministry", "category", "title", "url")


def routes(site: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Return patterns of addresses and the functions that answer them."""
    ours: list[tuple[str, Callable[..., Any]]] = [
        (r"^/$", home),
        (r"^/robots\.txt$", robots),
        (r"^/-/search(?:\.(?P<format>json|csv))?$", search),
        (r"^/-/tables$", tables),
        (r"^/-/dashboard$", dashboard),
        (r"^/-/feed(?:\.atom)?$", feed),
        (r"^/(?P<database>[^/.]+)/articles/(?P<id>\d{1,18})$", article),
    ]
    if site.plugin_config("thaigov")["public"]:
        ours.append((INNER, absent))
    return ours


async def home(request: Request, datasette: Datasette) -> Response:
    """Answer ``/``: what is inside, and what is new."""
    return await _page(
        datasette, request, "home.html", {"home": await cached(datasette, read_home)}
    )


async def search(request: Request, datasette: Datasette) -> Response:
    """Answer ``/-/search``, and the same as ``.json`` or ``.csv`` for programs."""
    asked = SearchQuery.read(request.args)
    wanted = request.url_vars["format"]
    try:
        if wanted:
            results = await query(datasette, find, asked, _size(request.args, wanted))
            data = _data(datasette, request, asked, results, wanted)
            return unless_known(datasette, request, data)
        # In two threads: hits and counts take about as long as each other.
        results, facets = await gather(cached(datasette, find, asked), _divide(datasette, asked))
        context: dict[str, Any] = {"answer": Answer(asked, results, facets)}
        status = 200
    except (QueryError, DayError, TooLongError) as error:
        message = str(error) or TOO_LONG
        status = 503 if isinstance(error, TooLongError) else 400
        if wanted:
            return Response.json({"ok": False, "error": message}, status=status)
        context = {"problem": message}
    return await _page(datasette, request, "search.html", {"ask": asked, **context}, status)


async def _divide(site: Datasette, asked: SearchQuery) -> dict[str, list[Value]]:
    """Return how the hits of a question divide, whatever their order and page."""
    archive: ArchiveDatabase = site.get_database()
    archive.facets = await cached(site, read_facets, archive.facets, seconds=FACETS_SECONDS)
    return await cached(site, count_facets, replace(asked, page=1, sort=""), archive.facets)


def _size(arguments: Mapping[str, str], wanted: str) -> int:
    """Return how many hits a program gets: what it asks for, within bounds."""
    given = arguments.get("size", "")
    otherwise = MOST if wanted == "csv" else PAGE
    size = int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else otherwise
    return max(1, min(size, MOST))


def _data(
    site: Datasette, request: Request, asked: SearchQuery, results: Results, wanted: str
) -> Response:
    """Return hits as JSON, with where they stand in the texts, or as CSV."""
    rows = [{**asdict(hit), "page": _address(site, request, hit.id)} for hit in results.hits]
    if wanted == "json":
        return Response.json({"ok": True, **asdict(asked), "total": results.total, "hits": rows})
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, [*CSV_COLUMNS, "page"], extrasaction="ignore")
    writer.writeheader()
    # A cell that begins like this is a formula to a spreadsheet, and titles are not ours.
    safe = ({**row, "title": _unformula(row["title"]["text"])} for row in rows)
    writer.writerows({**row, "category": _unformula(row["category"] or "")} for row in safe)
    headers = {"content-disposition": 'attachment; filename="thaigov-search.csv"'}
    # The mark in front tells spreadsheets that this is UTF-8.
    return Response("\ufeff" + sheet.getvalue(), headers=headers, content_type="text/csv")


def _unformula(text: str) -> str:
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


async def article(request: Request, datasette: Datasette) -> Response:
    """Answer an article's row address with a page for reading; ``.json`` stays Datasette's."""
    if tilde_decode(request.url_vars["database"]) != datasette.get_database().route:
        raise NotFound("Database not found")
    page = await cached(datasette, read_article, int(request.url_vars["id"]))
    if page is None:
        raise NotFound("ไม่มีข่าวหมายเลขนี้ในคลัง · No such article in this archive")
    return await _page(datasette, request, "article.html", {"page": page, "row": page.row})


async def tables(request: Request, datasette: Datasette) -> Response:
    """Answer ``/-/tables``: canned queries, tables and their meaning, SQL where it is allowed."""
    context = {
        "tables": await cached(datasette, read_tables),
        "queries": queries(),
        "allow_execute_sql": datasette.setting("default_allow_sql"),
    }
    return await _page(datasette, request, "tables.html", context)


async def dashboard(request: Request, datasette: Datasette) -> Response:
    """Answer ``/-/dashboard``: volume, coverage, edits and words of a period."""
    choice = Choice.read(request.args)
    # In two threads, as the search page.
    board, words = await gather(
        cached(datasette, read_dashboard, choice.months, choice.ministry),
        cached(datasette, read_words, choice.days, choice.ministry),
    )
    context: dict[str, Any] = {"choice": choice, "board": board, "words": words}
    context["offered"] = {"months": PERIODS, "days": SPANS}
    try:
        if choice.q:
            context["use"] = await cached(
                datasette, read_use, choice.q, choice.months, choice.ministry
            )
    except QueryError as error:
        context["problem"] = str(error)
    status = 400 if "problem" in context else 200
    return await _page(datasette, request, "dashboard.html", context, status)


async def feed(request: Request, datasette: Datasette) -> Response:
    """Answer ``/-/feed.atom``: the newest articles of any question that ``/-/search`` takes."""
    asked = SearchQuery.read({**{name: request.args[name] for name in request.args}, "sort": "new"})
    try:
        results = await query(datasette, find, asked, ENTRIES)
    except (QueryError, DayError, TooLongError) as error:
        return Response.text(str(error) or TOO_LONG, status=400)
    named = (label(kind, getattr(asked, kind)) for kind in ("ministry", "agency"))
    about = [*named, asked.q, asked.tag]
    parameters = asked.query_string()
    body = atom(
        results,
        " · ".join(filter(None, ["ข่าวรัฐบาลไทย", *about])),
        own=datasette.absolute_url(request, datasette.urls.path(f"/-/feed.atom{parameters}")),
        page=datasette.absolute_url(request, datasette.urls.path(f"/-/search{parameters}")),
        page_of=lambda article_id: _address(datasette, request, article_id),
    )
    response = Response(body, content_type="application/atom+xml; charset=utf-8")
    return unless_known(datasette, request, response)


async def robots(datasette: Datasette) -> Response:
    """Answer ``/robots.txt``: nobody, or everybody but for endless combinations of filters."""
    closed = "/-/" if datasette.plugin_config("thaigov")["robots"] else "/"
    return Response.text(f"User-agent: *\nDisallow: {closed}\n")


async def absent() -> Response:
    """Answer an address that is not there for strangers."""
    raise NotFound("Not served in public")


async def error(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """Return the page, or for programs the JSON, that tells of an error."""
    status, message = _told(exception)
    if status == 500:
        say("".join(traceback.format_exception(exception)), err=True, end="")
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": message, "status": status}, status=status)
    context = {"status": status, "message": message}
    return await _page(datasette, request, "error.html", context, status)


def _told(exception: Exception) -> tuple[int, str]:
    """Return the HTTP status of an error and what may be told of it."""
    match exception:
        case TooLongError():
            return 503, TOO_LONG
        case DayError():
            return 400, str(exception)
        case Base400():
            return exception.status, str(exception)
        case DatasetteError():
            return exception.status, exception.message
        case Forbidden():
            return 403, "ไม่เปิดให้ดู · Not open to you"
        case _:
            return 500, "เกิดข้อผิดพลาดในโปรแกรม · Something went wrong; the server's log tells what"


async def _page(
    site: Datasette, request: Request, template: str, context: dict[str, Any], status: int = 200
) -> Response:
    body = await site.render_template(template, context, request=request)
    return Response.html(body, status=status, headers=lasting(site) if status == 200 else {})


def _address(site: Datasette, request: Request, article_id: int) -> str:
    """Return the absolute address of an article's page."""
    path = site.urls.row(site.get_database().name, "articles", str(article_id))
    return str(site.absolute_url(request, path))
