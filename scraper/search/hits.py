"""Reads the articles on a page of results and marks their hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.search.snippet import (
    Snippet,
    find_words,
    hit_spans,
    make_snippet,
    whole_text,
    without_overlaps,
)
from scraper.search.spellings import is_substring, spellings
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from scraper.search.query import Term

MOST_CHARACTERS = 20_000  # of an article whose words are aligned with its text for the excerpt


@dataclass(frozen=True)
class Hit:
    """An article that matches, with search hits marked in its title and an excerpt."""

    id: int
    url: str
    site_id: int
    published_on: str | None
    ministry: str | None
    category: str | None
    title: Snippet
    snippet: Snippet
    first_seen_at: str = ""
    changed_at: str = ""


def find_hit(db: Database, terms: Sequence[Term], article_id: int) -> Hit:
    """Return an article of the archive as a hit of a query with these terms."""
    return _hit(_row(db, article_id), terms)


def _row(db: Database, article_id: int) -> dict[str, Any]:
    """Read the columns of a hit; called only for the few hits of a page."""
    return next(
        db.query(
            """
            SELECT a.id, a.url, a.site_id, a.published_on, a.ministry, a.category,
                   a.first_seen_at, a.changed_at, a.title, a.lead, a.body, w.words
            FROM articles a JOIN article_words w ON w.article_id = a.id WHERE a.id = ?
            """,
            [article_id],
        )
    )


def _hit(row: dict[str, Any], terms: Sequence[Term]) -> Hit:
    texts = [row.pop(name) or "" for name in ("title", "lead", "body")]
    title, snippet = mark_texts(texts, row.pop("words").split(" "), terms)
    return Hit(**row, title=title, snippet=snippet)


def mark_texts(
    texts: Sequence[str], words: Sequence[str], terms: Sequence[Term]
) -> tuple[Snippet, Snippet]:
    """Return a whole headline, and an excerpt of the first other text with a hit, or of the last.

    Args:
        texts: headline and other texts.
        words: the words of the texts, in order.
        terms: those to mark.
    """
    whole = "\n".join(texts)
    spans = term_spans(whole, words, terms)
    starts = _word_starts(whole, words)
    snippets, begin = [], 0
    for number, text in enumerate(texts):
        end = begin + len(text)
        own = [(s - begin, e - begin) for s, e in spans if begin <= s and e <= end]
        own_starts = [start - begin for start in starts if begin <= start < end]
        snippets.append(make_snippet(text, own, own_starts) if number else whole_text(text, own))
        begin = end + 1
    title, *pieces = snippets
    return title, next((piece for piece in pieces if piece.hits), pieces[-1])


def term_spans(whole: str, words: Sequence[str], terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Return the sorted spans of terms in a text: long terms as substrings, short ones as words."""
    long = [spelling for term in terms if is_substring(term) for spelling in spellings(term.text)]
    spans = hit_spans(whole, long)
    if short := {fold(term.text) for term in terms if not is_substring(term)}:
        spans += find_words(whole, words, short) or hit_spans(whole, list(short))
    return without_overlaps(spans)


def _word_starts(whole: str, words: Sequence[str]) -> list[int]:
    """Return the offsets at which words begin; none for a long text, for which it is too slow."""
    if len(whole) > MOST_CHARACTERS:
        return []
    wanted = {fold(word) for word in set(words)}
    return [start for start, _ in find_words(whole, words, wanted)]
