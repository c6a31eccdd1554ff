"""Pages about words: terms compared over time, a term in its contexts, the words of a period."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from datasette.utils.asgi import Response

from scraper.browse.archive_database import cached
from scraper.browse.comparison import MOST_TERMS, ComparisonQuery, read_comparison
from scraper.browse.dashboard import PERIOD_MONTHS, PUBLICATION_SPAN
from scraper.browse.html_page import QUESTION_ERRORS, csv_file, html_page, problem_of
from scraper.browse.search import SearchQuery
from scraper.search.engine import matching
from scraper.search.query import QueryError
from scraper.statistics.concordance import Concordance, make_concordance
from scraper.statistics.keyness import Keyness, compare_periods
from scraper.thai.typed_dates import DayError, read_typed_date

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from sqlite_utils import Database

    from scraper.browse.comparison import Comparison

ARTICLES_PER_PAGE = 25  # of a concordance
WIDTHS = (50, 30, 80)  # columns of context on each side, the first by default
LINES = {"new": None, "before": "before", "after": "after"}  # orders of lines on a page
MOST_COMPARED = 12_000  # articles of both periods; reading their words takes about a second
BETWEEN = ".."
CSV_COMPARED = ("month", "term", "articles", "of", "per_hundred")
CSV_LINES = ("published_on", "site_id", "url", "field", "position", "before", "term", "after")
CSV_WORDS = ("side", "word", "articles", "against", "per_hundred", "per_hundred_against",
             "log_likelihood")  # fmt: skip


class _Page(NamedTuple):
    """A page: its template, the answer's name in it, and the message if there is no answer."""

    template: str
    answer: str
    missing: str


_COMPARE = _Page("compare.html", "compared", "which terms? Give q, up to five times")
_CONCORDANCE = _Page("concordance.html", "page", "which term? Give q")
_KEYNESS = _Page("keyness.html", "found", "this archive has no dated articles")


async def _shown(
    page: _Page,
    request: Request,
    datasette: Datasette,
    context: dict[str, Any],
    answer: Awaitable[Any] | None,
) -> Response | None:
    """Add an answer to the context; return the page, or a JSON error if there is no answer.

    None if there is an answer and the caller has to return it as JSON or CSV.

    Args:
        page: which page.
        request: its ``format`` is the wanted one, if not HTML.
        datasette: the site.
        context: of the template.
        answer: what is read from the archive; None if nothing was asked.
    """
    status = 200
    try:
        found = await answer if answer else None
    except QUESTION_ERRORS as error:
        found = None
        context["problem"], status = problem_of(error)
    if found is not None:
        context[page.answer] = found
    if not request.url_vars["format"]:
        return await html_page(datasette, request, page.template, context, status)
    if found is None:
        message = context.get("problem", page.missing)
        return Response.json({"ok": False, "error": message}, status=max(status, 400))
    return None


async def compare(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/compare``, as HTML, JSON or CSV."""
    choice = ComparisonQuery.read(request.args)
    context: dict[str, Any] = {"choice": choice, "months": PERIOD_MONTHS, "most": MOST_TERMS}
    answer = cached(datasette, read_comparison, choice) if choice.terms else None
    if shown := await _shown(_COMPARE, request, datasette, context, answer):
        return shown
    rows = _compared_rows(context["compared"])
    if request.url_vars["format"] == "csv":
        return csv_file("thaigov-compare", CSV_COMPARED, rows)
    return Response.json(
        {"ok": True, "rows": [dict(zip(CSV_COMPARED, row, strict=True)) for row in rows]}
    )


def _compared_rows(compared: Comparison) -> list[tuple[Any, ...]]:
    return [
        (label, term.q, *term.shares[label])
        for label in compared.labels
        for term in compared.terms
        if label in term.shares
    ]


@dataclass(frozen=True)
class ConcordancePage:
    """One page of a concordance.

    Attributes:
        found: the lines of these articles.
        ids: of the articles, by address.
        next: articles before the next page; None on the last one.
    """

    found: Concordance
    ids: dict[str, int]
    next: int | None


def read_concordance(
    db: Database, search_query: SearchQuery, width: int, order: str, skip: int
) -> ConcordancePage:
    """Read the lines of ``ARTICLES_PER_PAGE`` articles.

    Args:
        db: the archive.
        search_query: its ``q`` is the term; the rest are filters.
        width: columns of context on each side.
        order: one of ``LINES``.
        skip: articles of earlier pages.

    Raises:
        QueryError: the term has no letter or digit, or is too long.
        DayError: a date is invalid.
    """
    found = make_concordance(
        db,
        search_query.q,
        search_query.filters(),
        width=width,
        limit=None,
        articles=range(skip, skip + ARTICLES_PER_PAGE),
    )
    lines = list(found.lines)
    if order == "before":  # by the words next to the term, read backwards
        lines.sort(key=lambda each: each.before.strip()[::-1])
    elif order == "after":
        lines.sort(key=lambda each: each.after.strip())
    urls = sorted({each.url for each in lines})
    places = ", ".join("?" * len(urls))
    ids = dict(db.execute(f"SELECT url, id FROM articles WHERE url IN ({places})", urls).fetchall())
    following = skip + ARTICLES_PER_PAGE
    return ConcordancePage(
        Concordance(found.term, found.words, found.articles, found.occurrences, tuple(lines)),
        ids,
        following if following < found.articles else None,
    )


async def concordance(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/concordance``, as HTML, JSON or CSV."""
    search_query = SearchQuery.read(request.args)
    width = next((w for w in WIDTHS if str(w) == request.args.get("width")), WIDTHS[0])
    order = request.args.get("order") or "new"
    order = order if order in LINES else "new"
    skip = _number(request.args, "skip")
    context: dict[str, Any] = {
        "search_query": search_query, "width": width, "widths": WIDTHS, "order": order,
        "skip": skip, "size": ARTICLES_PER_PAGE,
    }  # fmt: skip
    answer = None
    if search_query.q:
        answer = cached(datasette, read_concordance, search_query, width, order, skip)
    if shown := await _shown(_CONCORDANCE, request, datasette, context, answer):
        return shown
    page: ConcordancePage = context["page"]
    if request.url_vars["format"] == "json":
        return Response.json({"ok": True, **asdict(page.found), "next": page.next})
    rows = (asdict(line) for line in page.found.lines)
    named = ([{**row, "term": row["text"]}[name] for name in CSV_LINES] for row in rows)
    return csv_file("thaigov-concordance", CSV_LINES, named)


async def keyness(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/keyness``, as HTML, JSON or CSV."""
    search_query = SearchQuery.read(request.args)
    given = {name: (request.args.get(name) or "").strip() for name in ("period", "against")}
    context: dict[str, Any] = {"search_query": search_query, **given}
    answer = cached(datasette, read_keyness, given["period"], given["against"], search_query)
    if shown := await _shown(_KEYNESS, request, datasette, context, answer):
        return shown
    found: Keyness = context["found"]
    if request.url_vars["format"] == "json":
        return Response.json({"ok": True, **asdict(found)}, default=str)
    sides = (("more", found.more), ("less", found.less))
    rows = ((side, *asdict(word).values()) for side, words in sides for word in words)
    return csv_file("thaigov-keyness", CSV_WORDS, rows)


def read_keyness(
    db: Database, period: str, against: str, search_query: SearchQuery
) -> Keyness | None:
    """Compare the words of two typed periods; None for an archive without dated articles.

    Args:
        db: the archive.
        period: a day, month or year, or two joined by ``..``; empty for the newest month.
        against: the same; empty for as many days before.
        search_query: its filters, except for days.

    Raises:
        DayError: a period cannot be read.
        QueryError: the periods have too many articles for a page.
    """
    newest = next(db.query(PUBLICATION_SPAN))["last"]
    if newest is None:
        return None
    first = read_typed_period(period or newest[:7])
    second = read_typed_period(against) if against else _as_long_before(first)
    filters = search_query.filters()
    for since, until in (first, second):
        sql, values = matching(None, replace(filters, since=since, until=until))
        (articles,) = db.execute(f"SELECT count(*) FROM ({sql})", values).fetchone()
        if articles > MOST_COMPARED / 2:
            raise QueryError(
                f"{since} – {until} มี {articles:,} ข่าว มากเกินไปสำหรับหน้านี้ · "
                f"has {articles:,} articles, and a page compares {MOST_COMPARED // 2:,} at most; "
                "choose a shorter period, or run thaigov words --keyness"
            )
    return compare_periods(db, first, second, filters, limit=40)


def read_typed_period(text: str) -> tuple[date, date]:
    """Return the first and last day of a typed day, month or year, or of two joined by ``..``.

    Raises:
        DayError: it is not a period, or ends before it begins.
    """
    begin, dots, end = text.partition(BETWEEN)
    first, last = read_typed_date(begin), read_typed_date(end if dots else begin)
    if first.first > last.last:
        raise DayError(text, "it ends before it begins")
    return first.first, last.last


def _as_long_before(period: tuple[date, date]) -> tuple[date, date]:
    """Return the month before a month, or as many days before any other period."""
    since, until = period
    before = since - timedelta(days=1)
    is_month = since.day == 1 and (until + timedelta(days=1)).day == 1
    if is_month and (since.year, since.month) == (until.year, until.month):
        return before.replace(day=1), before
    return since - (until - since) - timedelta(days=1), before


def _number(arguments: Mapping[str, str], name: str) -> int:
    given = arguments.get(name, "") or ""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else 0


def _with_formats(path: str) -> str:
    return rf"^{path}(?:\.(?P<format>json|csv))?$"


ROUTES = [
    (_with_formats("/-/compare"), compare),
    (_with_formats("/-/concordance"), concordance),
    (_with_formats("/-/keyness"), keyness),
]
