"""The search page: parses the query string, finds hits and counts facets.

The query string contains everything a reader can choose, so that a result can be shared, subscribed
to as a feed, and downloaded as CSV or JSON.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from scraper.browse.facets import split_ids
from scraper.search.engine import Filters, Results, matching_ids, matching_ids_query
from scraper.search.engine import search as search_archive
from scraper.search.paging import Order
from scraper.search.query import Term, canonical_query, explain_query, parse_query
from scraper.thai.typed_dates import read_typed_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlite_utils import Database

    from scraper.archive.versions import Row
    from scraper.browse.facets import FacetCount, Facets
    from scraper.search.corrections import Suggestion

HITS_PER_PAGE = 20
MAX_HITS = 100  # in one page of JSON; an excerpt takes up to 10 ms


@dataclass(frozen=True)
class SearchQuery:
    """A search, from the query string; an empty string is no condition.

    Attributes:
        q: see ``scraper.search.query``.
        ministry, agency, person, province, category, source, has, tag: as in ``Filters``; ``has``
            is a kind of attachment.
        year: of publication, BE or CE.
        since, until: anything ``read_typed_date`` understands.
        sort: a value of ``Order``.
        page: from 1.
        after: ``Results.next`` of the page before, in place of ``page``.
    """

    q: str = ""
    ministry: str = ""
    agency: str = ""
    province: str = ""
    person: str = ""
    category: str = ""
    year: str = ""
    source: str = ""
    has: str = ""
    tag: str = ""
    since: str = ""
    until: str = ""
    sort: str = ""
    page: int = 1
    after: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Self:
        """Parse a query string; unknown parameters are ignored."""
        given = {name: arguments[name].strip() for name in cls.__annotations__ if name in arguments}
        page = given.pop("page", "")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 10 else 1
        return cls(**given, page=max(1, number))

    @property
    def order(self) -> Order:
        """The order of the hits; newest first without search words, unless another is chosen."""
        chosen = Order(self.sort) if self.sort in set(Order) else Order.BEST
        return Order.NEW if chosen is Order.BEST and not self.q else chosen

    @property
    def is_empty(self) -> bool:
        """Whether there are no words and no conditions."""
        return self == SearchQuery(sort=self.sort, page=self.page, after=self.after)

    def query_string(self, **changes: Any) -> str:
        """Return the query string of this search with some changes, at page 1."""
        values = asdict(replace(self, **{"page": 1, "after": "", **changes}))
        kept = {name: value for name, value in values.items() if value not in {"", None}}
        if kept.get("page") == 1:
            del kept["page"]
        return "?" + urlencode(kept)

    def filters(self) -> Filters:
        """Return all conditions except the search words.

        Raises:
            DayError: a date is invalid.
        """
        periods = [read_typed_date(text) for text in (self.year, self.since) if text]
        ends = [read_typed_date(text) for text in (self.year, self.until) if text]
        return Filters(
            ministry=self.ministry or None,
            agency=self.agency or None,
            province=self.province or None,
            person=self.person or None,
            category=self.category or None,
            since=max((period.first for period in periods), default=None),
            until=min((period.last for period in ends), default=None),
            origin=self.source or None,
            attachment=self.has or None,
            tag=self.tag or None,
        )


@dataclass(frozen=True)
class SearchAnswer:
    """The hits of one page and the counts of each facet, by name.

    Attributes:
        results: the hits.
        facets: the counts.
        explanation: what the search words mean, in Thai; empty if they are a single term as typed.
        named: the articles whose address or number the search words are.
        suggested: what the reader may have meant.
    """

    results: Results
    facets: dict[str, list[FacetCount]]
    explanation: str = ""
    named: tuple[Row, ...] = ()
    suggested: tuple[Suggestion, ...] = ()

    @property
    def pages(self) -> int:
        """Number of pages."""
        return -(-self.results.total // HITS_PER_PAGE)


def find_hits(db: Database, search_query: SearchQuery, limit: int = HITS_PER_PAGE) -> Results:
    """Return the hits of one page.

    Raises:
        QueryError: the query has a syntax error.
        DayError: a date is invalid.
    """
    return search_archive(
        db,
        search_query.q or None,
        search_query.filters(),
        order=search_query.order,
        limit=limit,
        offset=0 if search_query.after else (search_query.page - 1) * limit,
        after=search_query.after or None,
    )


def find_all(db: Database, search_query: SearchQuery) -> Sequence[int]:
    """Return the ids of all hits, in order; errors as for ``find_hits``."""
    return matching_ids(db, search_query.q or None, search_query.filters(), search_query.order)


def searched_words(search_query: SearchQuery) -> str:
    """Return the search words in their canonical form; empty if there are none."""
    return canonical_query(parse_query(search_query.q)) if search_query.q.strip() else ""


def explanation_of(search_query: SearchQuery) -> str:
    """Return in Thai what the words of a search mean, unless that is plain."""
    if not search_query.q.strip():
        return ""
    tree = parse_query(search_query.q)
    return "" if tree == Term(search_query.q.strip()) else explain_query(tree)


def count_facets(
    db: Database, search_query: SearchQuery, facets: Facets
) -> dict[str, list[FacetCount]]:
    """Count the hits by the values of each facet.

    Raises:
        QueryError: the query has a syntax error.
        DayError: a date is invalid.
    """
    sql, values = matching_ids_query(
        parse_query(search_query.q) if search_query.q else None, search_query.filters()
    )
    (ids,) = db.execute(f"SELECT group_concat(id) FROM ({sql})", values).fetchone()
    return facets.count(split_ids(ids))
