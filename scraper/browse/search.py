"""The search page: parses the query string, finds hits and counts facets.

The query string contains everything a reader can choose, so that a result can be shared, subscribed
to as a feed, and downloaded as CSV or JSON.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from scraper.browse.facets import split_ids
from scraper.search.choices import CHOICES, EXCLUDED, as_choice, choice_values, read_choices
from scraper.search.engine import Filters, Results, matching_ids, matching_ids_query
from scraper.search.engine import search as search_archive
from scraper.search.paging import Order
from scraper.search.query import Term, canonical_query, explain_query, parse_query
from scraper.thai.typed_dates import read_typed_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlite_utils import Database

    from scraper.archive.versions import Row
    from scraper.browse.facets import FacetCount, Facets
    from scraper.search.corrections import Suggestion

HITS_PER_PAGE = 20
MULTIPLE = (*CHOICES, *(EXCLUDED + name for name in CHOICES))  # may be repeated in a URL
MAX_HITS = 100  # in one page of JSON; an excerpt takes up to 10 ms
ALL = "all"  # value of ``size`` for a whole result


@dataclass(frozen=True)
class SearchQuery:
    """A search, from the query string; an empty string or tuple is no condition.

    Attributes:
        q: see ``scraper.search.query``.
        ministry, agency, person, province: any of these, as ``read_choices`` reads them.
        not_ministry, not_agency, not_person, not_province: none of these.
        category, source, has, tag: as in ``Filters``; ``has`` is a kind of attachment.
        year: of publication, BE or CE.
        since, until: anything ``read_typed_date`` understands.
        sort: a value of ``Order``.
        page: from 1.
        after: ``Results.next`` of the page before, in place of ``page``.
    """

    q: str = ""
    ministry: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    province: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    not_ministry: tuple[str, ...] = ()
    not_agency: tuple[str, ...] = ()
    not_province: tuple[str, ...] = ()
    not_person: tuple[str, ...] = ()
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
        """Parse a query string; unknown parameters are ignored.

        Args:
            arguments: Datasette's, or a mapping in which no parameter is repeated.
        """
        all_of: Callable[[str], Iterable[str]] = getattr(
            arguments, "getlist", lambda name: [arguments[name]] if name in arguments else []
        )
        given: dict[str, Any] = {
            name: tuple(dict.fromkeys(filter(None, map(str.strip, all_of(name)))))
            for name in MULTIPLE
        }
        for name in cls.__annotations__.keys() - MULTIPLE:
            if name in arguments:
                given[name] = arguments[name].strip()
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
        kept = {name: value for name, value in values.items() if value not in ("", (), None)}
        if kept.get("page") == 1:
            del kept["page"]
        return "?" + urlencode(kept, doseq=True)

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the values of a condition by its name."""
        value: str | tuple[str, ...] = getattr(self, name)
        return choice_values(value or ())

    def toggled(self, name: str, value: str) -> str:
        """Return the query string with a value added to a condition, or taken from it."""
        if name not in MULTIPLE:
            return self.query_string(**{name: "" if getattr(self, name) == value else value})
        chosen: tuple[str, ...] = getattr(self, name)
        other = name.removeprefix(EXCLUDED) if name.startswith(EXCLUDED) else EXCLUDED + name
        if value in chosen:
            return self.query_string(**{name: tuple(one for one in chosen if one != value)})
        contrary = tuple(one for one in getattr(self, other) if one != value)
        return self.query_string(**{name: (*chosen, value), other: contrary})

    def described(self) -> dict[str, Any]:
        """Return all conditions, for JSON; several values of one are a list."""
        values = asdict(self).items()
        return {name: as_choice(value) or "" for name, value in values}

    def filters(self) -> Filters:
        """Return all conditions except the search words.

        Raises:
            DayError: a date is invalid.
            ChoiceError: something chosen is not known.
        """
        periods = [read_typed_date(text) for text in (self.year, self.since) if text]
        ends = [read_typed_date(text) for text in (self.year, self.until) if text]
        return Filters(
            category=self.category or None,
            since=max((period.first for period in periods), default=None),
            until=min((period.last for period in ends), default=None),
            origin=self.source or None,
            attachment=self.has or None,
            tag=self.tag or None,
            **{
                name: read_choices(name.removeprefix(EXCLUDED), getattr(self, name))
                for name in MULTIPLE
            },
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


def page_size(arguments: Mapping[str, str]) -> int:
    """Return the number of hits that a query string asks for, within bounds."""
    given = arguments.get("size", "")
    is_number = given.isascii() and given.isdecimal() and len(given) < 7
    return max(1, min(int(given) if is_number else HITS_PER_PAGE, MAX_HITS))


def is_whole(arguments: Mapping[str, str], wanted: str) -> bool:
    """Return whether a query string asks for a whole result, which CSV always is."""
    return wanted == "csv" or arguments.get("size") == ALL


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

    A facet of which values were chosen is counted as if none were, so that more can be chosen.

    Raises:
        QueryError: the query has a syntax error.
        DayError: a date is invalid.
    """
    counted = facets.count(_ids(db, search_query))
    for name in CHOICES:
        nothing: dict[str, Any] = {name: (), EXCLUDED + name: ()}
        free = replace(search_query, **nothing)
        if free != search_query:
            counted[name] = facets.count(_ids(db, free), (name,))[name]
    return counted


def _ids(db: Database, search_query: SearchQuery) -> Iterable[int]:
    """Return the ids of all hits, in no order, which is faster than ``find_all``."""
    sql, values = matching_ids_query(
        parse_query(search_query.q) if search_query.q else None, search_query.filters()
    )
    (ids,) = db.execute(f"SELECT group_concat(id) FROM ({sql})", values).fetchone()
    return split_ids(ids)
