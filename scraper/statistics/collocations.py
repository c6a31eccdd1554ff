"""Finds the words that occur near a term more often than elsewhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.search.engine import Filters, matching
from scraper.statistics.likelihood import SIGNIFICANT, log_likelihood
from scraper.statistics.terms import WordReader, find_occurrences, is_telling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

WINDOW = 5  # words on each side
FEWEST_TOGETHER = 5  # a rarer neighbour is chance


@dataclass(frozen=True)
class Collocate:
    """A word that occurs near the term.

    Attributes:
        word: as indexed.
        together: its occurrences within the window.
        before, after: how many of these are on either side. One between two occurrences of the
            term counts as both.
        occurrences: in all articles that were read.
        log_likelihood: G²; the larger, the less likely by chance.
    """

    word: str
    together: int
    before: int
    after: int
    occurrences: int
    log_likelihood: float


@dataclass(frozen=True)
class Collocations:
    """The words near a term, least likely by chance first.

    Attributes:
        term: as given.
        words: the words of the term, in a row.
        window: words on each side that count as near.
        occurrences: of the term.
        collocates: at most as many as asked for.
    """

    term: str
    words: tuple[str, ...]
    window: int
    occurrences: int
    collocates: tuple[Collocate, ...]


def find_collocations(
    db: Database,
    term: str,
    filters: Filters | None = None,
    *,
    window: int = WINDOW,
    limit: int = 30,
) -> Collocations:
    """Return the words that occur near a term more often than by chance.

    The words within the window are compared with all other words of the articles that pass the
    filters. Words without a letter and single characters are left out.

    Args:
        db: an archive.
        term: see ``find_occurrences``.
        filters: which articles.
        window: words on each side, in the same article.
        limit: maximum number of words.

    Raises:
        QueryError: the term has no letter or digit, or is too long.
    """
    found = find_occurrences(db, term)
    filters = filters or Filters()
    reader = WordReader(db)
    near = _NearbyWords(found.words, window)
    if filters == Filters():
        for _, words in reader.stored(found.articles):
            near.add(list(reader.divided(words)))
        totals = reader.all_counts()
    else:
        counts: Counter[str] = Counter()
        sql, values = matching(None, filters)
        for article_id, words in reader.stored(row[0] for row in db.execute(sql, values)):
            counts.update(words)
            if article_id in found.articles:
                near.add(list(reader.divided(words)))
        totals = reader.divided_counts(counts)
    collocates = near.collocates(totals)[:limit]
    return Collocations(term, found.words, window, near.occurrences, tuple(collocates))


class _NearbyWords:
    """Counts the words within a window around a phrase."""

    def __init__(self, phrase: Sequence[str], window: int) -> None:
        self._phrase = list(phrase)
        self._window = window
        self.occurrences = 0
        self._together: Counter[str] = Counter()
        self._before: Counter[str] = Counter()
        self._after: Counter[str] = Counter()

    def add(self, words: list[str]) -> None:
        """Count the words of one article; a word near two occurrences counts once."""
        size = len(self._phrase)
        before: set[int] = set()
        after: set[int] = set()
        own: set[int] = set()
        for at, word in enumerate(words):
            if word == self._phrase[0] and words[at : at + size] == self._phrase:
                self.occurrences += 1
                own.update(range(at, at + size))
                before.update(range(max(0, at - self._window), at))
                after.update(range(at + size, min(len(words), at + size + self._window)))
        for counts, places in (
            (self._together, (before | after) - own),
            (self._before, before - own),
            (self._after, after - own),
        ):
            counts.update(words[place] for place in places)

    def collocates(self, counts: Counter[str]) -> list[Collocate]:
        """Return the words that the phrase attracts, least likely by chance first.

        Args:
            counts: occurrences of each word in all articles.
        """
        near, total = self._together.total(), counts.total()
        found = []
        for word, together in self._together.items():
            all_of_it = counts[word]
            if together < FEWEST_TOGETHER or not is_telling(word):
                continue
            if together * total <= all_of_it * near:
                continue
            elsewhere = all_of_it - together
            ratio = log_likelihood(together, elsewhere, near - together, total - near - elsewhere)
            if ratio >= SIGNIFICANT:
                sides = self._before[word], self._after[word]
                found.append(Collocate(word, together, *sides, all_of_it, round(ratio, 2)))
        return sorted(found, key=lambda each: (-each.log_likelihood, each.word))
