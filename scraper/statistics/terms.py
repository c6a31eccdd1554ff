"""Finds the occurrences of a term in the word index, and splits words as the index does.

FTS5 splits some words again: ``COVID-19`` is indexed as ``covid`` and ``19`` in a row. Its own
tokenizer splits the terms, and ``WordReader`` splits in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.schema import WORD_TOKENIZER
from scraper.search.query import QueryError
from scraper.thai.text import fold
from scraper.thai.words import segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlite_utils import Database

LONGEST_TERM = 200  # characters; no name of an office or law is longer

# Temporary tables, which a read-only connection may have, too.
_PLACES = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.word_places "
    "USING fts5vocab(main, article_words_fts, instance)"
)
_DIVIDED = (
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS temp.divided
        USING fts5(text, tokenize='{WORD_TOKENIZER}')""",
    """CREATE VIRTUAL TABLE IF NOT EXISTS temp.divided_words
        USING fts5vocab(temp, divided, instance)""",
)
# The general categories that WORD_TOKENIZER names: letters, numbers, private use, marks.
_IN_WORDS = ("L", "N", "Co", "Mn", "Mc")
_LETTER = re.compile(r"[^\W\d_]")


class Occurrences(NamedTuple):
    """The occurrences of a term.

    Attributes:
        words: the term's words, as indexed.
        articles: number of occurrences by article id.
    """

    words: tuple[str, ...]
    articles: Counter[int]


def find_occurrences(db: Database, term: str) -> Occurrences:
    """Return where a term occurs, as a word or as several words in a row.

    Args:
        db: an archive.
        term: words separated by spaces, or running text. A piece that is no word of the index is
            segmented like the texts.

    Raises:
        QueryError: the term has no letter or digit, or is too long.
    """
    words = _indexed_words(db, term)
    first, *others = words
    found = set(_places(db, first)) if others else _places(db, first)
    for distance, word in enumerate(others, 1):
        found = {(doc, at - distance) for doc, at in _places(db, word)} & set(found)
    return Occurrences(words, Counter(doc for doc, _ in found))


def _places(db: Database, word: str) -> Iterator[tuple[int, int]]:
    db.execute(_PLACES)
    yield from db.execute('SELECT doc, "offset" FROM temp.word_places WHERE term = ?', [word])


def _indexed_words(db: Database, term: str) -> tuple[str, ...]:
    folded = fold(term)
    if len(folded) > LONGEST_TERM:
        raise QueryError(f"a term of more than {LONGEST_TERM} characters")
    words: list[str] = []
    for piece in folded.split():
        divided = _divide(db, piece)
        if divided != [piece] or next(_places(db, piece), None) is None:
            divided = _divide(db, " ".join(segment(piece)))
        words += divided
    if not words:
        raise QueryError(f"“{term}” contains no letter or digit to count")
    return tuple(words)


def _divide(db: Database, text: str) -> list[str]:
    """Return the words of a text as FTS5 divides it."""
    for statement in _DIVIDED:
        db.execute(statement)
    db.execute("DELETE FROM temp.divided")
    db.execute("INSERT INTO temp.divided VALUES (?)", [text])
    rows = db.execute('SELECT term FROM temp.divided_words ORDER BY "offset"').fetchall()
    return [word for (word,) in rows]


class _DividedWords(dict[str, tuple[str, ...]]):
    """Each word of ``article_words`` as the index has it, divided when it is first looked up."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        kept = (c if unicodedata.category(c).startswith(_IN_WORDS) else " " for c in word.lower())
        self[word] = tuple("".join(kept).split())
        return self[word]


class WordReader:
    """Reads the words of articles, divided and in lower case as in the index.

    An archive has few distinct words, so each is divided once; dividing whole texts would take
    four times as long.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._divided = _DividedWords()

    def stored(self, ids: Iterable[int]) -> Iterator[tuple[int, list[str]]]:
        """Yield articles by id with their words as stored, in order."""
        for article_id in ids:
            sql = "SELECT words FROM article_words WHERE article_id = ?"
            for (words,) in self._db.execute(sql, [article_id]):
                yield article_id, words.split()

    def divided(self, words: Iterable[str]) -> Iterator[str]:
        """Return stored words as the index has them."""
        return chain.from_iterable(map(self._divided.__getitem__, words))

    def all_counts(self) -> Counter[str]:
        """Return the occurrences of each word in all articles: a second for 60,000."""
        self._db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.word_totals "
            "USING fts5vocab(main, article_words_fts, row)"
        )
        return Counter(dict(self._db.execute("SELECT term, cnt FROM temp.word_totals")))

    def divided_counts(self, counts: Counter[str]) -> Counter[str]:
        """Return counts of stored words as counts of the index's."""
        found: Counter[str] = Counter()
        for word, count in counts.items():
            for part in self._divided[word]:
                found[part] += count
        return found


def is_telling(word: str) -> bool:
    """Return whether a word may carry meaning: it has a letter and two or more characters."""
    return len(word) > 1 and _LETTER.search(word) is not None
