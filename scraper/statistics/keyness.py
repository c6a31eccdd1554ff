"""Compares two periods: which words are used more in one, and which less.

Articles are counted, not occurrences: a cabinet résumé that repeats a word a hundred times would
otherwise decide a month.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper.reference import read_table
from scraper.search.engine import Filters, matching
from scraper.statistics.likelihood import SIGNIFICANT, log_likelihood, per_hundred
from scraper.statistics.terms import WordReader, is_telling

if TYPE_CHECKING:
    from datetime import date

    from sqlite_utils import Database

FEWEST_ARTICLES = 5  # with the word, in the period in which it is more frequent

NAMES_OF_ARTICLES = """
    WITH m AS ({matching})
    SELECT group_concat(text, char(10)) FROM person_mentions
    WHERE article_id IN (SELECT id FROM m) GROUP BY article_id
"""
# Names of months, which are used more in their month every year.
_MONTH_NAMES = {
    form.replace(".", "").lower()
    for row in read_table("months.csv")
    for form in (row["thai"], row["thai_short"], row["english"])
}


@dataclass(frozen=True)
class KeyWord:
    """A word whose share of articles differs between two periods.

    Attributes:
        word: as indexed.
        articles, against: articles with the word in the period, and in the one compared with.
        per_hundred, per_hundred_against: the same in each hundred articles.
        log_likelihood: G²; the larger, the less likely by chance.
    """

    word: str
    articles: int
    against: int
    per_hundred: float
    per_hundred_against: float
    log_likelihood: float


@dataclass(frozen=True)
class ComparedPeriod:
    """A period and its number of articles; both days are inclusive."""

    since: date
    until: date
    articles: int


@dataclass(frozen=True)
class Keyness:
    """The words by which two periods differ, least likely by chance first.

    Attributes:
        period, against: the periods compared.
        more: words more frequent in the period.
        less: words more frequent in the period it is compared with.
    """

    period: ComparedPeriod
    against: ComparedPeriod
    more: tuple[KeyWord, ...]
    less: tuple[KeyWord, ...]


def compare_periods(
    db: Database,
    period: tuple[date, date],
    against: tuple[date, date],
    filters: Filters | None = None,
    limit: int = 30,
) -> Keyness:
    """Compare the words of two periods.

    Names of months, pieces of persons' names, words without a letter and single characters are left
    out.

    Args:
        db: an archive.
        period: first and last day, inclusive.
        against: the same of the period to compare with.
        filters: further conditions; their days are ignored.
        limit: maximum number of words each way.
    """
    filters = filters or Filters()
    (articles, words), (others, other_words) = (
        _count_articles(db, replace(filters, since=since, until=until))
        for since, until in (period, against)
    )
    more, less = key_words(words, articles, other_words, others)
    return Keyness(
        ComparedPeriod(*period, articles),
        ComparedPeriod(*against, others),
        _without_names(db, more, replace(filters, since=period[0], until=period[1]), limit),
        _without_names(db, less, replace(filters, since=against[0], until=against[1]), limit),
    )


def _without_names(
    db: Database, found: list[KeyWord], filters: Filters, limit: int
) -> tuple[KeyWord, ...]:
    """Return the first words that are not mostly pieces of persons' names.

    The index cuts the name of a new minister into words that nobody would look for.
    """
    sql, values = matching(None, filters)
    names = [
        row[0].lower()
        for row in db.execute(NAMES_OF_ARTICLES.format(matching=sql), values)
        if found
    ]
    kept: list[KeyWord] = []
    for key in found:
        used = max(key.articles, key.against)  # in the period in which the word is more frequent
        if len(kept) < limit and 2 * sum(key.word in text for text in names) < used:
            kept.append(key)
    return tuple(kept)


def _count_articles(db: Database, filters: Filters) -> tuple[int, Counter[str]]:
    """Return the number of articles that pass the filters, and of those with each word."""
    sql, values = matching(None, filters)
    ids = [row[0] for row in db.execute(sql, values)]
    counts: Counter[str] = Counter()
    reader = WordReader(db)
    for _, words in reader.stored(ids):
        counts.update(set(reader.divided(set(words))))
    return len(ids), counts


def key_words(
    words: Counter[str], articles: int, other_words: Counter[str], others: int
) -> tuple[list[KeyWord], list[KeyWord]]:
    """Return the words used more, and those used less, least likely by chance first.

    Args:
        words: articles of the period by word.
        articles: all articles of the period.
        other_words: the same as ``words``, of the period compared with.
        others: all articles of that period.
    """
    more: list[KeyWord] = []
    less: list[KeyWord] = []
    for word in words.keys() | other_words.keys():
        n, m = words[word], other_words[word]
        is_more = n * others > m * articles
        if (n if is_more else m) < FEWEST_ARTICLES:
            continue
        ratio = log_likelihood(n, articles - n, m, others - m)
        if ratio < SIGNIFICANT or not is_telling(word) or word in _MONTH_NAMES:
            continue
        shares = per_hundred(n, articles), per_hundred(m, others)
        (more if is_more else less).append(KeyWord(word, n, m, *shares, round(ratio, 2)))
    for found in (more, less):
        found.sort(key=lambda key: (-key.log_likelihood, key.word))
    return more, less
