"""SQL functions for every query and filter of the site.

``thai_date(iso)``, ``be_year(iso)``, ``iso_date(text)``, ``iso_end(text)``, ``fold(text)`` and
``words(text)`` return NULL for NULL; ``word_counts(words)`` is an aggregate that counts the rows in
which each word occurs.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from scraper.browse.dates import be_year, iso_date, iso_end, thai_date
from scraper.thai.text import fold
from scraper.thai.words import segment

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

T = TypeVar("T")


def words(text: str) -> str:
    """Return the words of a text, separated by one space, as in ``article_words.words``."""
    return " ".join(segment(text))


class WordCounts:
    """An aggregate over ``article_words.words``: a JSON object from word to number of rows.

    Attributes:
        counts: number of rows by word.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def step(self, words: str | None, /) -> None:
        """Add the words of one row; each word counts once."""
        self.counts.update(set((words or "").split()))

    def finalize(self) -> str:
        """Return the counts as JSON, most frequent first."""
        return json.dumps(dict(self.counts.most_common()), ensure_ascii=False)


SCALAR: dict[str, Callable[[str], str | int | None]] = {
    "thai_date": thai_date,
    "be_year": be_year,
    "iso_date": iso_date,
    "iso_end": iso_end,
    "fold": fold,
    "words": words,
}


def register(connection: sqlite3.Connection) -> None:
    """Register the functions with a connection."""
    for name, function in SCALAR.items():
        connection.create_function(name, 1, _or_null(function), deterministic=True)
    connection.create_aggregate("word_counts", 1, WordCounts)  # type: ignore[arg-type] # not only ints


def _or_null(function: Callable[[str], T]) -> Callable[[object], T | None]:
    return lambda value: None if value is None else function(str(value))
