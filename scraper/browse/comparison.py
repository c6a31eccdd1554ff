"""Compares up to five terms: the share of all articles that use each, per month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlencode

from scraper.browse.dashboard import (
    PERIOD_MONTHS,
    PUBLICATION_SPAN,
    chart_months,
    first_day,
    label_width,
)
from scraper.browse.line_chart import LineChart, line_chart
from scraper.browse.template import MINISTRIES
from scraper.search.engine import Filters, matching
from scraper.search.query import explain_query, parse_query
from scraper.statistics.likelihood import per_hundred

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.search.query import Node

MOST_TERMS = 5
LONGEST_TERM = 200  # characters
PER_LABEL = """
    WITH m AS ({matching})
    SELECT substr(published_on, 1, {width}) AS label, count(*)
    FROM m WHERE published_on >= ? GROUP BY 1
"""


@dataclass(frozen=True)
class ComparisonQuery:
    """What a reader chose, from the query string.

    Attributes:
        terms: each in the query language of the search page.
        left_out: terms beyond the fifth, which are not compared.
        months: one of ``PERIOD_MONTHS``.
        ministry: slug; empty for all.
    """

    terms: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    months: int = 60
    ministry: str = ""

    @classmethod
    def read(cls, arguments: Any) -> Self:
        """Parse a query string, in which ``q`` is repeated; other values may be defaults."""
        given = [term.strip()[:LONGEST_TERM] for term in arguments.getlist("q")]
        terms = tuple(dict.fromkeys(filter(None, given)))
        months, ministry = arguments.get("months", ""), arguments.get("ministry", "")
        return cls(
            terms=terms[:MOST_TERMS],
            left_out=terms[MOST_TERMS:],
            months=next((n for n in PERIOD_MONTHS if str(n) == months), cls.months),
            ministry=ministry if ministry in MINISTRIES else "",
        )

    def query_string(self, **changes: Any) -> str:
        """Return the query string of this choice, with some changes."""
        chosen = replace(self, **changes)
        pairs = [("q", term) for term in chosen.terms] + [("months", str(chosen.months))]
        return "?" + urlencode(pairs + [("ministry", chosen.ministry)] * bool(chosen.ministry))


class Share(NamedTuple):
    """The use of a term in the articles of a month or year."""

    articles: int
    of: int
    per_hundred: float


@dataclass(frozen=True)
class ComparedTerm:
    """A term and its use.

    Attributes:
        q: as given.
        explanation: what it matches, in Thai.
        total: in the whole period.
        shares: by label, for all labels with articles.
    """

    q: str
    explanation: str
    total: Share
    shares: dict[str, Share]


@dataclass(frozen=True)
class Comparison:
    """Compared terms.

    Attributes:
        labels: ISO months, or years of a long period, oldest first.
        terms: in the order given.
        chart: their shares in percent.
    """

    labels: list[str]
    terms: tuple[ComparedTerm, ...]
    chart: LineChart


def read_comparison(db: Database, choice: ComparisonQuery) -> Comparison:
    """Count the articles that use each term.

    Raises:
        QueryError: a term is empty.
    """
    span = next(db.query(PUBLICATION_SPAN))
    labels = chart_months(span["first"], span["last"], choice.months)
    filters = Filters(ministry=choice.ministry or None)
    width = label_width(choice.months)

    def counted(tree: Node | None) -> Counter[str]:
        sql, values = matching(tree, filters)
        rows = db.execute(PER_LABEL.format(matching=sql, width=width), [*values, first_day(labels)])
        return Counter(dict(rows.fetchall()))

    every = counted(None)
    terms = []
    for term in choice.terms:
        tree = parse_query(term)
        used = counted(tree)
        terms.append(
            ComparedTerm(
                term,
                explain_query(tree),
                _share(used.total(), every.total()),
                {label: _share(used[label], every[label]) for label in labels if every[label]},
            )
        )
    percent = {t.q: {label: s.per_hundred for label, s in t.shares.items()} for t in terms}
    return Comparison(labels, tuple(terms), line_chart(labels, percent))


def _share(articles: int, of: int) -> Share:
    return Share(articles, of, per_hundred(articles, of))
