"""How the use of words changes: those of a period against the period before, and one term's months.

The words of some thousand articles are counted, a fair share of them where there are more; a term's
use is told by the indexes over all articles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.browse.charts import Chart, stacked_chart
from scraper.browse.dashboard import PUBLICATION_SPAN, chart_months, label_width
from scraper.browse.functions import WordCounts
from scraper.reference import read_table
from scraper.search.engine import Filters, matching
from scraper.search.query import parse_query

if TYPE_CHECKING:
    from collections import Counter

    from sqlite_utils import Database

Row = dict[str, Any]

SAMPLE_SIZE = 1000  # articles of a period whose words are counted: about 80 ms
MIN_ARTICLES = 5  # articles, below which a rise is chance
MAX_RISING = 30

# The names of months rise every month.
_MONTHS = {
    form.replace(".", "").lower()
    for row in read_table("months.csv")
    for form in (row["thai"], row["thai_short"], row["english"])
}

IDS_OF_PERIOD = """
    SELECT id FROM articles WHERE published_on > :after AND published_on <= :until
    AND (:ministry = '' OR ministry = :ministry) ORDER BY published_on, id
"""
WORDS = "SELECT words FROM article_words WHERE article_id = ?"
USE_PER_MONTH = """
    WITH m AS ({matching})
    SELECT substr(published_on, 1, {width}) AS month, count(*) AS articles,
           min(published_on) AS published_on, id
    FROM m WHERE published_on IS NOT NULL GROUP BY 1 ORDER BY 1
"""
ARTICLE_BY_ID = "SELECT id, title, published_on, ministry, category FROM articles WHERE id = ?"


class RisingWord(NamedTuple):
    """A word that a larger share of articles has than before.

    Attributes:
        word: as it is indexed.
        articles: of the period that have it, in the share that was counted.
        before: of the period before.
        times: by how much its share rose; a word that was never used counts as used once before.
    """

    word: str
    articles: int
    before: int
    times: float


@dataclass(frozen=True)
class WordTrends:
    """The words that rose, those with the steepest rise first.

    Attributes:
        since, until: first and last day of the period.
        articles, before: in the period and in the one before, as long as it.
        counted, counted_before: of these, those whose words were counted.
        rising: at most ``SHOWN``.
    """

    since: str
    until: str
    articles: int
    before: int
    counted: int
    counted_before: int
    rising: list[RisingWord]


@dataclass(frozen=True)
class TermUse:
    """The use of one term.

    Attributes:
        q: what was asked.
        total: dated articles that have it.
        first: the oldest of them.
        chart: articles per month of those shown.
    """

    q: str
    total: int
    first: Row | None
    chart: Chart


def read_word_trends(db: Database, days: int, ministry: str) -> WordTrends | None:
    """Return the words of the last days against as many before; None without an article.

    Args:
        db: the archive.
        days: length of either period.
        ministry: slug; empty for all.
    """
    newest = next(db.query(PUBLICATION_SPAN))["last"]
    if newest is None:
        return None
    until, length = date.fromisoformat(newest), timedelta(days=days)
    late, early = (_ids_between(db, end - length, end, ministry) for end in (until, until - length))
    drawn, before = _sample(late), _sample(early)
    return WordTrends(
        since=(until - length + timedelta(days=1)).isoformat(),
        until=newest,
        articles=len(late),
        before=len(early),
        counted=len(drawn),
        counted_before=len(before),
        rising=rising_words(
            _count_words(db, drawn), _count_words(db, before), len(drawn), len(before)
        ),
    )


def _ids_between(db: Database, after: date, until: date, ministry: str) -> list[int]:
    bounds = {"after": after.isoformat(), "until": until.isoformat(), "ministry": ministry}
    return [row["id"] for row in db.query(IDS_OF_PERIOD, bounds)]


def _sample(ids: list[int]) -> list[int]:
    """Return at most ``MOST`` articles, evenly spread over the period."""
    return ids[:: -(-len(ids) // SAMPLE_SIZE) or 1]


def _count_words(db: Database, ids: list[int]) -> Counter[str]:
    """Return for each word how many of the articles have it."""
    counts = WordCounts()
    for article_id in ids:
        for (words,) in db.execute(WORDS, [article_id]):
            counts.step(words)
    return counts.counts


def rising_words(
    late: Counter[str], early: Counter[str], articles: int, before: int
) -> list[RisingWord]:
    """Return the words with the steepest rise; no month, none of one letter, of digits, or rare.

    Args:
        late: for each word the articles of the period that have it.
        early: the same of the period before.
        articles: how many there are of the period.
        before: how many of the period before.
    """
    found = [
        RisingWord(word, n, early[word], (n / articles) / ((early[word] + 1) / (before + 1)))
        for word, n in late.items()
        if n >= MIN_ARTICLES
        and len(word) > 1
        and not word[0].isdigit()
        and word.lower() not in _MONTHS
    ]
    return sorted(found, key=lambda w: (-w.times, -w.articles, w.word))[:MAX_RISING]


def read_term_use(db: Database, q: str, count: int, ministry: str) -> TermUse:
    """Return how a term is used.

    Args:
        db: the archive.
        q: the term, in the query language of the search page.
        count: months to show, at most.
        ministry: slug; empty for all.

    Raises:
        QueryError: the term cannot be understood.
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
