"""The map of provinces, the calendar of events, and the amounts of money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from scraper.browse.archive_database import cached, query
from scraper.browse.event_calendar import CalendarQuery, read_icalendar, read_month
from scraper.browse.facet_counts import facet_counts
from scraper.browse.html_page import QUESTION_ERRORS, csv_file, html_page, problem_of
from scraper.browse.http_cache import with_etag
from scraper.browse.money import (
    BY_MINISTRY,
    BY_PROGRAMME,
    CSV_COLUMNS,
    LEAST,
    MoneyQuery,
    read_money,
)
from scraper.browse.permalinks import absolute_permalink
from scraper.browse.province_map import HEIGHT, WIDTH, province_map
from scraper.browse.search import SearchQuery

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from scraper.browse.money import MoneyInArticles


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """Return URL patterns and their views."""
    return [
        (r"^/-/map$", map_of_provinces),
        (r"^/-/calendar(?:\.(?P<format>ics))?$", event_calendar),
        (r"^/-/money(?:\.(?P<format>csv))?$", money_page),
    ]


async def map_of_provinces(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/map``: the hits of any search by province."""
    search_query = SearchQuery.read(request.args)
    context: dict[str, Any] = {"search_query": search_query, "box": (WIDTH, HEIGHT)}
    status = 200
    try:
        counts = await facet_counts(datasette, search_query)
        context["map"] = province_map(counts["province"])
        context["own_query"] = search_query.query_string().removesuffix("?")
    except QUESTION_ERRORS as error:
        context["problem"], status = problem_of(error)
    return await html_page(datasette, request, "map.html", context, status)


async def event_calendar(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/calendar``, or ``.ics``: the same events for calendar programs."""
    choice = CalendarQuery.read(request.args)
    try:
        if request.url_vars["format"]:
            text = await query(datasette, read_icalendar, choice)
            headers = {"content-disposition": 'attachment; filename="thaigov.ics"'}
            response = Response(text, headers=headers, content_type="text/calendar; charset=utf-8")
            return with_etag(datasette, request, response)
        context: dict[str, Any] = {"month": await cached(datasette, read_month, choice)}
        status = 200
    except QUESTION_ERRORS as error:
        problem, status = problem_of(error)
        if request.url_vars["format"]:
            return Response.text(problem, status=status)
        context = {"problem": problem}
    context |= {"choice": choice, "own_query": choice.query_string().removesuffix("?")}
    return await html_page(datasette, request, "calendar.html", context, status)


async def money_page(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/money``; ``.csv?by=ministry`` or ``by=programme`` has one of its tables."""
    choice = MoneyQuery.read(request.args)
    found = await cached(datasette, read_money, choice)
    if request.url_vars["format"]:
        by = BY_PROGRAMME if request.args.get("by") == BY_PROGRAMME else BY_MINISTRY
        return with_etag(datasette, request, _sheet(datasette, request, found, by))
    own_query = choice.query_string().removesuffix("?")
    context = {"choice": choice, "money": found, "least": LEAST, "own_query": own_query}
    return await html_page(datasette, request, "money.html", context)


def _sheet(site: Datasette, request: Request, found: MoneyInArticles, by: str) -> Response:
    """Return a table of amounts as CSV."""
    rows = []
    for row in found.ministries if by == BY_MINISTRY else found.programmes:
        address = absolute_permalink(site, request, row["article"]["url"])
        cells = {**row["article"], **row, "largest": f"{row['largest']:.15g}", "article": address}
        rows.append([cells[name] for name in CSV_COLUMNS])
    return csv_file(f"thaigov-money-by-{by}", CSV_COLUMNS, rows)
