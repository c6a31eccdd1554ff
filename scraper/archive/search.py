"""Searches an archive: a query's tree becomes SQL over both full-text indexes.

A term of three or more characters is looked up as a substring in ``articles_fts``; a shorter one
as a whole word in ``article_words_fts``, since a trigram index cannot find it. Text is indexed
as written, so a term with digits is looked up with Thai and with ASCII digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.query import All, Node, Not, Some, Term, parse_query, positive_terms
from scraper.archive.snippet import (
    WIDTH,
    Snippet,
    find_hits,
    find_words,
    make_snippet,
    without_overlaps,
)
from scraper.thai.text import fold, to_ascii_digits, to_thai_digits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlite_utils import Database

SHORTEST = 3  # characters; what the trigram index can find
# A word of the headline tells more than one of the lead, that more than one of the body.
RANK = "bm25(articles_fts, 8.0, 3.0, 1.0)"


@dataclass(frozen=True)
class Filters:
    """Conditions beside the query; None means any.

    Attributes:
        ministry: slug; also articles where it is not the first ministry.
        category: exact name of the category.
        since, until: first and last day of publication, inclusive.
    """

    ministry: str | None = None
    category: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Hit:
    """An article that was found; its title and a piece of its text with the hits marked."""

    id: int
    url: str
    site_id: int
    published_on: str | None
    ministry: str | None
    category: str | None
    title: Snippet
    snippet: Snippet


@dataclass(frozen=True)
class Results:
    """A page of hits, and how many there are in all."""

    total: int
    hits: tuple[Hit, ...]


def quoted(term: str) -> str:
    """Return a term as an FTS5 string, in which nothing is an operator."""
    return '"' + term.replace('"', '""') + '"'


def substring_match(term: str) -> str:
    """Return the ``articles_fts`` query that finds a term with digits of either kind."""
    spellings = dict.fromkeys((term, to_ascii_digits(term), to_thai_digits(term)))
    return " OR ".join(quoted(spelling) for spelling in spellings)


def is_substring(term: Term) -> bool:
    """Say whether a term is looked up as a substring rather than as a word."""
    return len(term.text) >= SHORTEST


def condition(node: Node) -> tuple[str, list[str]]:
    """Return an SQL condition on ``a.id`` and its parameters."""
    match node:
        case Term(text) if is_substring(node):
            return "a.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)", [
                substring_match(text)
            ]
        case Term(text):
            return (
                "a.id IN (SELECT rowid FROM article_words_fts WHERE article_words_fts MATCH ?)",
                [quoted(fold(text))],
            )
        case Not(child):
            sql, values = condition(child)
            return f"NOT ({sql})", values
        case All(nodes):
            return _joined(" AND ", nodes)
        case Some(nodes):
            return _joined(" OR ", nodes)


def _joined(operator: str, nodes: Sequence[Node]) -> tuple[str, list[str]]:
    conditions = [condition(node) for node in nodes]
    sql = operator.join(f"({sql})" for sql, _ in conditions)
    return sql, [value for _, values in conditions for value in values]


def search(  # noqa: PLR0913 - each is one thing a reader may ask for
    db: Database,
    query: str,
    filters: Filters | None = None,
    *,
    by_date: bool = False,
    limit: int = 20,
    offset: int = 0,
) -> Results:
    """Return the articles that match a query.

    Args:
        db: an archive, opened for reading.
        query: see ``scraper.archive.query``.
        filters: further conditions.
        by_date: newest first; otherwise best match first, newest among equals.
        limit: most hits to return.
        offset: hits to pass over first.

    Raises:
        QueryError: the query cannot be understood.
    """
    tree = parse_query(query)
    sql, values = condition(tree)
    where, bounds = _where(filters or Filters())
    terms = positive_terms(tree)
    (total,) = db.execute(
        f"SELECT count(*) FROM articles a WHERE ({sql}){where}", [*values, *bounds]
    ).fetchone()
    ranked = [substring_match(term.text) for term in terms if is_substring(term)]
    if by_date or not ranked:
        join, order, rank_values = "", "", []
    else:
        join = (
            f"LEFT JOIN (SELECT rowid AS id, {RANK} AS rank FROM articles_fts "
            "WHERE articles_fts MATCH ?) r ON r.id = a.id"
        )
        order, rank_values = "r.rank, ", [" OR ".join(ranked)]
    rows = db.query(
        f"""
        SELECT a.id, a.url, a.site_id, a.published_on, a.ministry, a.category,
               a.title, a.lead, a.body, w.words
        FROM articles a JOIN article_words w ON w.article_id = a.id {join}
        WHERE ({sql}){where}
        ORDER BY {order}a.published_on DESC, a.site_id DESC LIMIT ? OFFSET ?
        """,
        [*rank_values, *values, *bounds, limit, offset],
    )
    return Results(total, tuple(_hit(row, terms) for row in rows))


def _where(filters: Filters) -> tuple[str, list[Any]]:
    conditions = {
        "a.id IN (SELECT article_id FROM article_ministries WHERE ministry = ?)": filters.ministry,
        "a.category = ?": filters.category,
        "a.published_on >= ?": filters.since and filters.since.isoformat(),
        "a.published_on <= ?": filters.until and filters.until.isoformat(),
    }
    given = {sql: value for sql, value in conditions.items() if value is not None}
    return "".join(f" AND {sql}" for sql in given), list(given.values())


def _hit(row: dict[str, Any], terms: Sequence[Term]) -> Hit:
    """Return a hit with its terms marked: substrings where they stand, short terms as words."""
    texts = [row.pop(name) or "" for name in ("title", "lead", "body")]
    words = row.pop("words").split(" ")
    whole = "\n".join(texts)
    spans = find_hits(whole, [term.text for term in terms if is_substring(term)])
    if short := {fold(term.text) for term in terms if not is_substring(term)}:
        spans += find_words(whole, words, short)
    snippets, begin = [], 0
    for number, text in enumerate(texts):
        end = begin + len(text)
        own = [
            (s - begin, e - begin) for s, e in without_overlaps(spans) if begin <= s and e <= end
        ]
        snippets.append(make_snippet(text, own, WIDTH if number else len(text)))
        begin = end + 1
    title, *pieces = snippets
    shown = next((piece for piece in pieces if piece.hits), None)
    return Hit(**row, title=title, snippet=shown or pieces[-1])
