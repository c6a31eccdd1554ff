"""Suggests what a reader meant by a term that the archive lacks: “did you mean”.

Nothing is invented: a suggestion is a term that articles contain as whole words. It differs from
what was typed by one letter or by letters that sound alike, or is the same keys on the other
keyboard layout.

A long word has thousands of neighbours one letter away. But the trigram index finds any piece of a
text, so the longest prefix and the longest suffix of the term that the archive contains show where
the wrong letter must be, and only letters there are tried.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import read_table
from scraper.search.conditions import substring_match, word_match
from scraper.search.engine import SUBSTRINGS, WORDS, Filters, matching_ids_query
from scraper.search.query import (
    NOTHING,
    AllOf,
    AnyOf,
    Not,
    Term,
    canonical_query,
    parse_query,
    positive_terms,
)
from scraper.search.spellings import MIN_SUBSTRING_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from scraper.search.query import Node

RARE = 100  # a term in fewer articles may be a mistake that articles make, too
TIMES_AS_FREQUENT = 10  # a suggestion in place of a term that articles contain
FEWEST_OF_BEST = 0.05  # articles with a suggestion, of those with the best one
MOST_SUGGESTIONS = 3
MOST_TERMS = 5  # of a query that are corrected
MOST_TRIED = 1000  # terms looked up in the index for one query
LONGEST_TERM = 30  # characters; longer ones are sentences
SHORTEST_ALIKE = 5  # characters; shorter words that sound alike are often both right
_THAI = [chr(code) for code in (*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E4F))]
_LATIN = [*map(chr, range(ord("a"), ord("z") + 1))]


class Suggestion(NamedTuple):
    """A query that finds more, and the number of articles it finds."""

    query: str
    total: int


@cache
def sounds_alike() -> dict[str, list[str]]:
    """Return the letters by each letter that writers confuse with them."""
    groups = [row["letters"] for row in read_table("confused_letters.csv")]
    return {
        letter: [other for group in groups if letter in group for other in group if other != letter]
        for letter in "".join(groups)
    }


def suggest_queries(
    db: Database, query: str, filters: Filters | None = None, total: int = 0
) -> tuple[Suggestion, ...]:
    """Return queries that the reader may have meant, the likeliest first.

    Args:
        db: an archive.
        query: as typed.
        filters: conditions of the search.
        total: the articles that the query found.
    """
    if total >= RARE or not query.strip() or (tree := parse_query(query)) == NOTHING:
        return ()
    trees = [*_corrected(db, tree)]
    # What occurs at all, and is only left out by filters, was not typed in another layout.
    if not total and not _count(db, tree, Filters()):
        trees += _other_layouts(query)
    found = {canonical_query(other): _count(db, other, filters or Filters()) for other in trees}
    better = (Suggestion(*item) for item in found.items() if item[1] > total)
    return tuple(islice(better, MOST_SUGGESTIONS))


def _corrected(db: Database, tree: Node) -> Iterator[Node]:
    """Yield a tree with its wrong terms corrected: several if it is a single term."""
    lookup = _Lookup(db)
    meant = {term: lookup.corrections(term.text) for term in positive_terms(tree)[:MOST_TERMS]}
    if isinstance(tree, Term):
        yield from (replace(tree, text=text) for text in meant[tree])
    elif wrong := {term: texts[0] for term, texts in meant.items() if texts}:
        yield _replaced(tree, wrong)


def _replaced(node: Node, wrong: dict[Term, str]) -> Node:
    match node:
        case Term():
            return replace(node, text=wrong.get(node, node.text))
        case Not(child):
            return Not(child)
        case AllOf(nodes):
            return AllOf(tuple(_replaced(child, wrong) for child in nodes))
        case AnyOf(nodes):
            return AnyOf(tuple(_replaced(child, wrong) for child in nodes))


def _other_layouts(query: str) -> Iterator[Node]:
    """Yield what the same keys would have typed in the other keyboard layout."""
    from pythainlp.util import eng_to_thai, thai_to_eng  # noqa: PLC0415 - loads slowly

    convert = eng_to_thai if query.isascii() else thai_to_eng
    yield parse_query(f'"{convert(query.strip())}"')


def _count(db: Database, tree: Node, filters: Filters) -> int:
    sql, values = matching_ids_query(tree, filters)
    (total,) = db.execute(f"SELECT count(*) FROM ({sql})", values).fetchone()
    return int(total)


class _Lookup:
    """Looks up terms in the index, at most ``MOST_TRIED`` of them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._left = MOST_TRIED

    def corrections(self, text: str) -> list[str]:
        """Return the likely corrections of a rare or absent term, most articles first."""
        if not MIN_SUBSTRING_LENGTH <= len(text) <= LONGEST_TERM:
            return []
        articles = self._articles(SUBSTRINGS, substring_match(text), RARE)
        if articles >= RARE:
            return []
        if articles and len(text) < SHORTEST_ALIKE:
            return []
        tried = _alike(text) if articles else _one_letter_away(text, *self._known_ends(text))
        candidates = dict.fromkeys(other for other in tried if len(other) >= MIN_SUBSTRING_LENGTH)
        known = [other for other in islice(candidates, max(0, self._left)) if self._is_known(other)]
        counts = {
            other: self._articles(WORDS, word_match(Term(other, whole_word=True)))
            for other in known
        }
        least = max(
            1, articles * TIMES_AS_FREQUENT, max(counts.values(), default=0) * FEWEST_OF_BEST
        )
        best = sorted(counts, key=lambda other: (-counts[other], other))[:MOST_SUGGESTIONS]
        return [other for other in best if counts[other] >= least]

    def _known_ends(self, text: str) -> tuple[int, int]:
        """Return where the longest known beginning ends, and the longest known end begins."""
        size = len(text)
        end = next(n for n in range(size, -1, -1) if self._is_known(text[:n]))
        begin = next(n for n in range(size + 1) if self._is_known(text[n:]))
        return end, begin

    def _is_known(self, text: str) -> bool:
        """Return whether a piece of text occurs; any two characters are taken to."""
        if len(text) < MIN_SUBSTRING_LENGTH:
            return True
        self._left -= 1
        return self._articles(SUBSTRINGS, substring_match(text), 1) > 0

    def _articles(self, sql: str, match: str, most: int = -1) -> int:
        sql = f"SELECT count(*) FROM ({sql} LIMIT ?)"
        return int(self._db.execute(sql, [match, most]).fetchone()[0])


def _one_letter_away(text: str, end: int, begin: int) -> Iterator[str]:
    """Yield terms with a letter dropped, exchanged, replaced or added where the mistake must be.

    Args:
        text: the term.
        end: where its longest known beginning ends: the mistake is not after it.
        begin: where its longest known end begins: the mistake is not before the letter before it.
    """
    letters = _LATIN if text.isascii() else _THAI
    places = range(max(0, begin - 1), min(end, len(text) - 1) + 1)
    for at in places:
        yield text[:at] + text[at + 1 :]
        yield text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]
        yield from (text[:at] + letter + text[at + 1 :] for letter in letters)
    for at in (*places, places.stop):
        yield from (text[:at] + letter + text[at:] for letter in letters)


def _alike(text: str) -> Iterator[str]:
    """Yield terms with a letter that sounds alike, or without a mark that is often added."""
    for at, letter in enumerate(text):
        yield from (text[:at] + other + text[at + 1 :] for other in sounds_alike().get(letter, ()))
        if letter in _OFTEN_ADDED:
            yield text[:at] + text[at + 1 :]


_OFTEN_ADDED = "ะาิุ์ๆ"  # อนุญาติ for อนุญาต, สังเกตุ for สังเกต
