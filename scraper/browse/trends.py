"""Word trends: words more frequent than in the period before, and the use of a term per month.

Words are counted in a sample of at most a thousand articles per period; the use of a term is
counted in all articles, from the indexes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from scraper.browse.charts import Chart, stacked_chart
from scraper.browse.dashboard import PUBLICATION_SPAN, chart_months, label_width
from scraper.browse.functions import WordCounts
from scraper.reference import read_table
from scraper.search.engine import Filters, matching
from scraper.search.query import parse_query

if TYPE_CHECKING:
    from collections import Counter

    from sqlite_utils import Database

    from scraper.archive.versions import Row

SAMPLE_SIZE = 1000  # articles per period; counting takes about 80 ms
MIN_ARTICLES = 5  # a rise in fewer articles is chance
MAX_RISING = 30

# Names of months, which rise every month.
_MONTH_NAMES = {
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
    """A word that occurs in a larger share of articles than before.

    Attributes:
        word: as indexed.
        articles: number of sampled articles of the period with the word.
        before: the same for the period before.
        times: ratio of the shares, with one added to ``before``.
    """

    word: str
    articles: int
    before: int
    times: float


@dataclass(frozen=True)
class WordTrends:
    """The words on the rise, steepest first.

    Attributes:
        since, until: first and last day of the period.
        articles, before: number of articles in the period, and in the equally long period before.
        counted, counted_before: number of these in the samples.
        rising: at most ``MAX_RISING``.
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
        q: the term.
        total: number of dated articles that match.
        first: the oldest of them.
        chart: matching articles per month.
    """

    q: str
    total: int
    first: Row | None
    chart: Chart


def read_word_trends(db: Database, days: int, ministry: str) -> WordTrends | None:
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
    """Return at most ``SAMPLE_SIZE`` ids, evenly spread over the period."""
    return ids[:: -(-len(ids) // SAMPLE_SIZE) or 1]


def _count_words(db: Database, ids: list[int]) -> Counter[str]:
    """Count the articles in which each word occurs."""
    counts = WordCounts()
    for article_id in ids:
        for (words,) in db.execute(WORDS, [article_id]):
            counts.step(words)
    return counts.counts


def rising_words(
    late: Counter[str], early: Counter[str], articles: int, before: int
) -> list[RisingWord]:
    """Return the words with the steepest rise, without months, numbers, single letters, rare words.

    Args:
        late: number of articles of the period by word.
        early: the same for the period before.
        articles: number of articles of the period.
        before: the same for the period before.
    """
    found = [
        RisingWord(word, n, early[word], (n / articles) / ((early[word] + 1) / (before + 1)))
        for word, n in late.items()
        if n >= MIN_ARTICLES
        and len(word) > 1
        and not word[0].isdigit()
        and word.lower() not in _MONTH_NAMES
    ]
    return sorted(found, key=lambda w: (-w.times, -w.articles, w.word))[:MAX_RISING]


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
