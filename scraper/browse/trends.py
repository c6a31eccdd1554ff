"""Word trends: words more frequent than in the period before, and the use of a term per month.

All articles are counted: words from ``article_words``, the use of a term from the indexes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from scraper.browse.charts import Chart, stacked_chart
from scraper.browse.dashboard import PUBLICATION_SPAN, chart_months, label_width
from scraper.search.engine import Filters, matching
from scraper.search.query import parse_query
from scraper.statistics.keyness import Keyness, compare_periods

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.archive.versions import Row

USE_PER_MONTH = """
    WITH m AS ({matching})
    SELECT substr(published_on, 1, {width}) AS month, count(*) AS articles,
           min(published_on) AS published_on, id
    FROM m WHERE published_on IS NOT NULL GROUP BY 1 ORDER BY 1
"""
ARTICLE_BY_ID = "SELECT id, title, published_on, ministry, category FROM articles WHERE id = ?"


@dataclass(frozen=True)
class TermUse:
    """The use of one term.

    Attributes:
        q: the term.
        total: number of dated articles that match.
        first: the oldest of them.
        chart: matching articles per month.
    """

    q: str
    total: int
    first: Row | None
    chart: Chart


def read_word_trends(db: Database, days: int, ministry: str) -> Keyness | None:
    """Compare the words of the last days with as many days before; None for an empty archive.

    Args:
        db: the archive.
        days: length of each period.
        ministry: slug; empty for all.
    """
    newest = next(db.query(PUBLICATION_SPAN))["last"]
    if newest is None:
        return None
    until, length = date.fromisoformat(newest), timedelta(days=days)
    first = until - length + timedelta(days=1)
    before = (first - length, first - timedelta(days=1))
    return compare_periods(db, (first, until), before, Filters(ministry=ministry or None))


def read_term_use(db: Database, q: str, count: int, ministry: str) -> TermUse:
    """Count the use of a term per month.

    Args:
        db: the archive.
        q: the term, in the query language of the search page.
        count: maximum number of months to show.
        ministry: slug; empty for all.

    Raises:
        QueryError: the term has a syntax error.
    """
    span = next(db.query(PUBLICATION_SPAN))
    sql, values = matching(parse_query(q), Filters(ministry=ministry or None))
    rows = list(db.query(USE_PER_MONTH.format(matching=sql, width=label_width(count)), values))
    months = chart_months(span["first"], span["last"], count)
    used = {row["month"]: row["articles"] for row in rows}
    return TermUse(
        q=q,
        total=sum(used.values()),
        first=next(db.query(ARTICLE_BY_ID, [rows[0]["id"]])) if rows else None,
        chart=stacked_chart(months, {"used": used}),
    )
