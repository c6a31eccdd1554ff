"""Searches an archive: translates a query tree to SQL over both full-text indexes.

A term of three or more characters is looked up as a substring in ``articles_fts``; a shorter one
as a whole word in ``article_words_fts``, since a trigram index cannot find it. Text is indexed
as written, so a term with digits is looked up with Thai and with ASCII digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.facts import KINDS
from scraper.search.query import AllOf, AnyOf, Node, Not, Term, parse_query, positive_terms
from scraper.search.snippet import (
    SNIPPET_WIDTH,
    Snippet,
    find_words,
    hit_spans,
    make_snippet,
    without_overlaps,
)
from scraper.thai.text import fold, to_ascii_digits, to_thai_digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlite_utils import Database

MIN_SUBSTRING_LENGTH = 3  # characters; the trigram index cannot find shorter terms
# Weights of headline, lead and body.
RANK = "bm25(articles_fts, 8.0, 3.0, 1.0)"
SUBSTRINGS = "SELECT rowid AS id FROM articles_fts WHERE articles_fts MATCH ?"
# The unary plus keeps SQLite from looking up articles one by one, which reads the whole table for a
# frequent word.
FILTERS = {
    "category": "+a.id IN (SELECT id FROM articles WHERE category = ?)",
    "since": "a.published_on >= ?",
    "until": "a.published_on <= ?",
    "origin": "+a.id IN (SELECT o.id FROM articles o CROSS JOIN captures c "
    "ON c.id = o.capture_id WHERE c.origin = ?)",
} | {kind.filter: kind.filter_sql for kind in KINDS if kind.filter}
FILTER_VALUES = {kind.filter: kind.filter_value for kind in KINDS if kind.filter}


@dataclass(frozen=True)
class Filters:
    """Conditions besides the query; None means any.

    Attributes:
        ministry: slug; includes articles where it is not the first ministry.
        category: exact name of the category.
        since, until: first and last day of publication, inclusive.
        origin: origin of the capture of the current version.
        attachment: kind of an attached file, such as ``image``.
        tag: a hashtag without ``#``, as written.
        agency: slug of an agency that the article names.
        person: name of a person whom the article names: first name and surname, without title.
    """

    ministry: str | None = None
    category: str | None = None
    since: date | None = None
    until: date | None = None
    origin: str | None = None
    attachment: str | None = None
    tag: str | None = None
    agency: str | None = None
    person: str | None = None


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


@dataclass(frozen=True)
class Results:
    """One page of hits and the total number of hits."""

    total: int
    hits: tuple[Hit, ...]


def quoted(term: str) -> str:
    """Quote a term as an FTS5 string."""
    return '"' + term.replace('"', '""') + '"'


def substring_match(term: str) -> str:
    """Return the ``articles_fts`` query for a term in both Thai and ASCII digits."""
    spellings = dict.fromkeys((term, to_ascii_digits(term), to_thai_digits(term)))
    return " OR ".join(quoted(spelling) for spelling in spellings)


def is_substring(term: Term) -> bool:
    """Return whether a term is searched for as a substring rather than as a word."""
    return len(term.text) >= MIN_SUBSTRING_LENGTH


def substring_expression(node: Node) -> str | None:
    """Translate a tree to one ``articles_fts`` query.

    None if that is impossible: for short terms, which need the other index, and for a tree with
    only negations.
    """
    match node:
        case Term(text):
            return f"({substring_match(text)})" if is_substring(node) else None
        case Not():
            return None
        case AnyOf(nodes):
            return _joined_expressions(" OR ", map(substring_expression, nodes))
        case AllOf(nodes):
            wanted = [substring_expression(child) for child in nodes if not isinstance(child, Not)]
            unwanted = [
                substring_expression(child.node) for child in nodes if isinstance(child, Not)
            ]
            found = _joined_expressions(" AND ", wanted) if wanted else None
            return _joined_expressions(" NOT ", [found, *unwanted]) if unwanted else found


def _joined_expressions(operator: str, expressions: Iterable[str | None]) -> str | None:
    parts = list(expressions)
    known = [part for part in parts if part is not None]
    return f"({operator.join(known)})" if len(known) == len(parts) else None


def sql_condition(node: Node) -> tuple[str, list[str]]:
    """Return an SQL condition on ``a.id`` and its parameters."""
    if (whole := substring_expression(node)) is not None:
        return f"+a.id IN ({SUBSTRINGS})", [whole]
    match node:
        case Term(text):
            return (
                "+a.id IN (SELECT rowid FROM article_words_fts WHERE article_words_fts MATCH ?)",
                [quoted(fold(text))],
            )
        case Not(Not(child)):  # many in a row overflow SQLite's parser
            return sql_condition(child)
        case Not(child):
            sql, values = sql_condition(child)
            return f"NOT ({sql})", values
        case AllOf(nodes):
            return _joined_conditions(" AND ", nodes)
        case AnyOf(nodes):
            return _joined_conditions(" OR ", nodes)


def _joined_conditions(operator: str, nodes: Sequence[Node]) -> tuple[str, list[str]]:
    conditions = [sql_condition(node) for node in nodes]
    sql = operator.join(f"({sql})" for sql, _ in conditions)
    return sql, [value for _, values in conditions for value in values]


def matching(tree: Node | None, filters: Filters) -> tuple[str, list[Any]]:
    """Return an SQL query for the matching articles, and its parameters.

    Its columns are ``id`` and ``published_on``. It reads indexes only, no article's own row.

    Args:
        tree: from ``parse_query``; None for all articles.
        filters: further conditions.
    """
    given: list[tuple[str, list[Any]]] = [sql_condition(tree)] if tree else []
    for field, sql in FILTERS.items():
        if (value := getattr(filters, field)) is not None:
            convert = FILTER_VALUES.get(field, str)
            given.append((sql, [convert(value)]))
    where = " AND ".join(f"({sql})" for sql, _ in given) or "1"
    return f"SELECT a.id, a.published_on FROM articles a WHERE {where}", [
        value for _, values in given for value in values
    ]


def matching_ids_query(tree: Node | None, filters: Filters) -> tuple[str, list[Any]]:
    """Return an SQL query for the ids of the matching articles, and its parameters.

    Reads only the hits, not all articles, if one index suffices. Arguments as for ``matching``.
    """
    if tree is None or (whole := substring_expression(tree)) is None:
        return matching(tree, filters)
    sql, values = SUBSTRINGS, [whole]
    if filters == Filters():
        return sql, values
    others, more = matching(None, filters)
    return f"{sql} AND +rowid IN (SELECT id FROM ({others}))", [*values, *more]


def search(  # noqa: PLR0913 - all are options of the reader
    db: Database,
    query: str | None,
    filters: Filters | None = None,
    *,
    by_date: bool = False,
    limit: int = 20,
    offset: int = 0,
) -> Results:
    """Return the articles that match a query.

    Args:
        db: an archive, opened for reading.
        query: see ``scraper.search.query``; None for all articles that pass the filters.
        filters: further conditions.
        by_date: newest first; otherwise best match first, ties by highest id.
        limit: maximum number of hits.
        offset: hits to skip.

    Raises:
        QueryError: the query has a syntax error.
    """
    tree = None if query is None else parse_query(query)
    filters = filters or Filters()
    ids, values = matching_ids_query(tree, filters)
    (total,) = db.execute(f"SELECT count(*) FROM ({ids})", values).fetchone()
    terms = positive_terms(tree) if tree else []
    if by_date or not any(map(is_substring, terms)):
        sql, values = matching(tree, filters)
        ordered = f"{sql} ORDER BY a.published_on DESC, a.site_id DESC"
    elif tree and substring_expression(tree) is not None:
        # For a frequent word this takes a third of the time of the join below.
        ordered = f"{ids} ORDER BY {RANK}, rowid DESC"
    else:
        sql, values = matching(tree, filters)
        ordered = f"""
            SELECT m.id FROM ({sql}) m
            LEFT JOIN (SELECT rowid AS id, {RANK} AS rank FROM articles_fts
                       WHERE articles_fts MATCH ?) r ON r.id = m.id
            ORDER BY r.rank NULLS LAST, m.id DESC
        """
        ranked = (substring_match(term.text) for term in terms if is_substring(term))
        values = [*values, " OR ".join(ranked)]
    found = db.execute(f"{ordered} LIMIT ? OFFSET ?", [*values, limit, offset])
    return Results(total, tuple(_hit(_row(db, row[0]), terms) for row in found.fetchall()))


def _row(db: Database, article_id: int) -> dict[str, Any]:
    """Read the columns of a hit; called only for the few hits of a page."""
    return next(
        db.query(
            """
            SELECT a.id, a.url, a.site_id, a.published_on, a.ministry, a.category,
                   a.title, a.lead, a.body, w.words
            FROM articles a JOIN article_words w ON w.article_id = a.id WHERE a.id = ?
            """,
            [article_id],
        )
    )


def _hit(row: dict[str, Any], terms: Sequence[Term]) -> Hit:
    """Build a hit with long terms marked as substrings, short ones as words."""
    texts = [row.pop(name) or "" for name in ("title", "lead", "body")]
    words = row.pop("words").split(" ")
    whole = "\n".join(texts)
    spans = hit_spans(whole, [term.text for term in terms if is_substring(term)])
    if short := {fold(term.text) for term in terms if not is_substring(term)}:
        spans += find_words(whole, words, short)
    snippets, begin = [], 0
    for number, text in enumerate(texts):
        end = begin + len(text)
        own = [
            (s - begin, e - begin) for s, e in without_overlaps(spans) if begin <= s and e <= end
        ]
        snippets.append(make_snippet(text, own, SNIPPET_WIDTH if number else len(text)))
        begin = end + 1
    title, *pieces = snippets
    shown = next((piece for piece in pieces if piece.hits), None)
    return Hit(**row, title=title, snippet=shown or pieces[-1])
