"""What a reader asks of the search page, and the answer: hits and the counts around them.

A question is an address: everything a reader may choose stands in its query string, so that a
result can be shared, fed to a reader of feeds, and taken as CSV or JSON.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlencode

from scraper.archive.query import parse_query
from scraper.archive.search import Filters, Results, matching
from scraper.archive.search import search as search_archive
from scraper.browse.dates import be_year, read_period

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlite_utils import Database

PAGE = 20  # hits on a page
MOST = 1000  # hits in one answer for a program
DEEPEST = 50_000  # hits one can page through

# The counts beside the hits: for each its name in the query string, and what it is counted by.
# Every arm walks an index; none reads an article's own row.
FACETS = {
    "ministry": """SELECT 'ministry', ministry, count(*) FROM article_ministries
        WHERE article_id IN (SELECT id FROM m) GROUP BY ministry""",
    "category": """SELECT 'category', category, count(*)
        FROM articles INDEXED BY articles_by_category
        WHERE +id IN (SELECT id FROM m) AND category IS NOT NULL GROUP BY category""",
    "year": """SELECT 'year', substr(published_on, 1, 4), count(*) FROM m
        WHERE published_on IS NOT NULL GROUP BY 2""",
    "source": """SELECT 'source', c.origin, count(*)
        FROM articles a INDEXED BY articles_by_capture CROSS JOIN captures c ON c.id = a.capture_id
        WHERE +a.id IN (SELECT id FROM m) GROUP BY c.origin""",
    "has": """SELECT 'has', kind, count(DISTINCT article_id) FROM attachments
        WHERE article_id IN (SELECT id FROM m) GROUP BY kind""",
}


@dataclass(frozen=True)
class Ask:
    """A question, as the query string holds it; an empty string is no condition.

    Attributes:
        q: see ``scraper.archive.query``.
        ministry, category, source, has, tag: as in ``Filters``; ``has`` is a kind of attachment.
        year: of publication, BE or CE.
        since, until: anything ``read_period`` understands.
        sort: ``best`` or ``new``.
        page: from 1.
    """

    q: str = ""
    ministry: str = ""
    category: str = ""
    year: str = ""
    source: str = ""
    has: str = ""
    tag: str = ""
    since: str = ""
    until: str = ""
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Self:
        """Return the question that a query string asks; what it does not know it ignores."""
        given = {name: arguments[name].strip() for name in cls.__annotations__ if name in arguments}
        page = given.pop("page", "")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1
        return cls(**given, page=max(1, number))

    @property
    def by_date(self) -> bool:
        """Whether the newest comes first; without words there is no other order."""
        return self.sort == "new" or not self.q

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return self == Ask(sort=self.sort, page=self.page)

    def query_string(self, **changes: Any) -> str:
        """Return the address of this question with some changes, at its first page."""
        asked = asdict(replace(self, **{"page": 1, **changes}))
        kept = {name: value for name, value in asked.items() if value not in {"", None}}
        if kept.get("page") == 1:
            del kept["page"]
        return "?" + urlencode(kept)

    def filters(self) -> Filters:
        """Return the conditions beside the words.

        Raises:
            DayError: a date cannot be understood.
        """
        periods = [read_period(text) for text in (self.year, self.since) if text]
        ends = [read_period(text) for text in (self.year, self.until) if text]
        return Filters(
            ministry=self.ministry or None,
            category=self.category or None,
            since=max((period.first for period in periods), default=None),
            until=min((period.last for period in ends), default=None),
            origin=self.source or None,
            attachment=self.has or None,
            tag=self.tag or None,
        )


class Value(NamedTuple):
    """One value of a facet: what goes into the address, and how many hits have it."""

    value: str
    articles: int


@dataclass(frozen=True)
class Answer:
    """The hits of one page and, by name, the values of each facet, most frequent first."""

    ask: Ask
    results: Results
    facets: dict[str, list[Value]]

    @property
    def pages(self) -> int:
        """How many pages there are, as far as one can page."""
        return -(-min(self.results.total, DEEPEST) // PAGE)


def find(db: Database, ask: Ask, limit: int = PAGE) -> Results:
    """Return the hits of a question's page.

    Raises:
        QueryError: the words cannot be understood.
        DayError: a date cannot.
    """
    offset = min((ask.page - 1) * limit, DEEPEST)
    return search_archive(
        db, ask.q or None, ask.filters(), by_date=ask.by_date, limit=limit, offset=offset
    )


def count_facets(db: Database, ask: Ask) -> dict[str, list[Value]]:
    """Return how the hits divide: most frequent values first, years newest first and in BE.

    Errors as ``find`` raises them.
    """
    sql, values = matching(parse_query(ask.q) if ask.q else None, ask.filters())
    arms = " UNION ALL ".join(FACETS.values())
    facets: dict[str, list[Value]] = {name: [] for name in FACETS}
    for name, value, count in db.execute(f"WITH m AS MATERIALIZED ({sql}) {arms}", values):
        facets[name].append(Value(value, count))
    for name, found in facets.items():
        found.sort(key=lambda v: (-v.articles, v.value))
        if name == "year":
            facets[name] = [
                Value(str(be_year(f"{value}-01-01")), n) for value, n in sorted(found, reverse=True)
            ]
    return facets
