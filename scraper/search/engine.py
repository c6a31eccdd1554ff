"""Searches an archive: translates a query tree to SQL over both full-text indexes.

A term of three or more characters is looked up as a substring in ``articles_fts``; a shorter one
as a whole word in ``article_words_fts``, since a trigram index cannot find it. Text is indexed
as written, so a term is looked up in all its spellings (``spellings``).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from scraper.search.choices import Choice, as_choice, fact_conditions
from scraper.search.conditions import (
    quoted,
    sql_condition,
    substring_expression,
    substring_match,
    word_match,
)
from scraper.search.hits import Hit, find_hit
from scraper.search.paging import Cursor, Order
from scraper.search.query import Node, Term, parse_query, positive_terms
from scraper.search.spellings import is_substring
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlite_utils import Database

    from scraper.search.conditions import Condition

# Weights of headline, lead and body.
RANK = "bm25(articles_fts, 8.0, 3.0, 1.0)"
SUBSTRINGS = "SELECT rowid AS id FROM articles_fts WHERE articles_fts MATCH ?"
WORDS = "SELECT rowid FROM article_words_fts WHERE article_words_fts MATCH ?"
# The unary plus keeps SQLite from looking up articles one by one, which reads the whole table for a
# frequent word.
FILTERS = {
    "category": "+a.id IN (SELECT id FROM articles WHERE category = ?)",
    "since": "a.published_on >= ?",
    "until": "a.published_on <= ?",
    "origin": "+a.id IN (SELECT o.id FROM articles o CROSS JOIN captures c "
    "ON c.id = o.capture_id WHERE c.origin = ?)",
}


@dataclass(frozen=True)
class Filters:
    """Conditions besides the query; None means any.

    Where several values are given, an article must have one of them; ``none`` stands for articles
    without any ministry, agency, person, province or attachment.

    Attributes:
        ministry: slug; includes articles where it is not the first ministry.
        category: exact name of the category.
        since, until: first and last day of publication, inclusive.
        origin: origin of the capture of the current version.
        attachment: kind of an attached file, such as ``image``.
        tag: a hashtag without ``#``, as written.
        agency: slug of an agency that the article names.
        province: code of a province that the article names, or that contains a place it names.
        person: name of a person whom the article names: first name and surname, without title.
        not_ministry, not_agency, not_province, not_person: articles that have any of these are
            left out.
    """

    ministry: Choice = None
    category: str | None = None
    since: date | None = None
    until: date | None = None
    origin: str | None = None
    attachment: Choice = None
    tag: Choice = None
    agency: Choice = None
    province: Choice = None
    person: Choice = None
    not_ministry: Choice = None
    not_agency: Choice = None
    not_province: Choice = None
    not_person: Choice = None

    def __post_init__(self) -> None:
        """Normalize each choice: None, a value, or a tuple of several."""
        for entry in fields(self):
            object.__setattr__(self, entry.name, as_choice(getattr(self, entry.name)))


@dataclass(frozen=True)
class Results:
    """One page of hits.

    Attributes:
        total: number of all hits.
        hits: those of this page.
        next: where the next page begins, for ``search``; None on the last one.
    """

    total: int
    hits: tuple[Hit, ...]
    next: str | None = None


def _article_condition(tree: Node) -> Condition:
    """Return an SQL condition on ``a.id`` and its parameters."""
    return sql_condition(
        tree,
        lambda whole: (f"+a.id IN ({SUBSTRINGS})", [whole]),
        lambda term: (f"+a.id IN ({WORDS})", [word_match(term)]),
    )


def matching(tree: Node | None, filters: Filters) -> tuple[str, list[Any]]:
    """Return an SQL query for the matching articles, and its parameters.

    Its columns are ``id`` and ``published_on``. It reads indexes only, no article's own row.

    Args:
        tree: from ``parse_query``; None for all articles.
        filters: further conditions.
    """
    given: list[tuple[str, list[Any]]] = [_article_condition(tree)] if tree else []
    for field, sql in FILTERS.items():
        if (value := getattr(filters, field)) is not None:
            given.append((sql, [str(value)]))
    given += fact_conditions(filters)
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
    order: Order = Order.BEST,
    limit: int = 20,
    offset: int = 0,
    after: str | None = None,
) -> Results:
    """Return the articles that match a query.

    Best match first: articles with the terms as whole words, then by ``RANK``, then by highest id.
    Without terms, newest first.

    Args:
        db: an archive, opened for reading.
        query: see ``scraper.search.query``; None for all articles that pass the filters.
        filters: further conditions.
        order: of the articles.
        limit: maximum number of hits.
        offset: hits to skip.
        after: ``Results.next`` of the page before.

    Raises:
        QueryError: the query is empty, or ``after`` does not belong to this order.
    """
    tree = None if query is None else parse_query(query)
    filters = filters or Filters()
    ids, values = matching_ids_query(tree, filters)
    (total,) = db.execute(f"SELECT count(*) FROM ({ids})", values).fetchone()
    terms = positive_terms(tree) if tree else []
    cursor, ordered, parameters = _ordered(tree, filters, order)
    page = f"SELECT * FROM ({ordered}) {cursor.condition(after)}"
    found = db.execute(
        f"{page} ORDER BY {cursor.order_by} LIMIT ? OFFSET ?",
        [*parameters, *cursor.values(after), limit + 1, offset],
    ).fetchall()
    hits = tuple(find_hit(db, terms, row[0]) for row in found[:limit])
    return Results(total, hits, cursor.token(found[limit - 1]) if len(found) > limit else None)


def matching_ids(db: Database, query: str | None, filters: Filters, order: Order) -> array[int]:
    """Return the ids of all articles that match, in order: 8 bytes each, for whole results.

    Arguments as for ``search``.

    Raises:
        QueryError: the query is empty.
    """
    tree = None if query is None else parse_query(query)
    cursor, ordered, parameters = _ordered(tree, filters, order)
    found = db.execute(f"SELECT id FROM ({ordered}) ORDER BY {cursor.order_by}", parameters)
    return array("q", (number for (number,) in found))


def _ordered(tree: Node | None, filters: Filters, order: Order) -> tuple[Cursor, str, list[Any]]:
    """Return the order to use (best match needs terms), and SQL with its columns and parameters."""
    terms = positive_terms(tree) if tree else []
    cursor = Cursor(order if terms or order is not Order.BEST else Order.NEW)
    if column := cursor.order.column:
        sql, values = matching(tree, filters)
        return cursor, sql.replace(" a.published_on", f" a.{column}, a.site_id", 1), values
    return cursor, *_best_first(tree, filters, terms)


def _best_first(
    tree: Node | None, filters: Filters, terms: Sequence[Term]
) -> tuple[str, list[Any]]:
    """Return a query for ``id``, ``whole`` (words before parts of words) and ``rank``."""
    long = [term for term in terms if is_substring(term)]
    words = " ".join(quoted(fold(term.text)) for term in long)
    whole = f"rowid IN ({WORDS})" if long else "0"
    whole_values = [words] if long else []
    if tree and substring_expression(tree) is not None:
        # For a frequent word this takes a third of the time of the join below.
        ids, values = matching_ids_query(tree, filters)
        columns = f"SELECT rowid AS id, {whole} AS whole, {RANK} AS rank FROM articles_fts"
        return ids.replace("SELECT rowid AS id FROM articles_fts", columns, 1), [
            *whole_values,
            *values,
        ]
    sql, values = matching(tree, filters)
    if long:
        index, rank, wanted = (
            "articles_fts",
            RANK,
            " OR ".join(substring_match(t.text) for t in long),
        )
    else:
        index, rank = "article_words_fts", "bm25(article_words_fts)"
        wanted = " OR ".join(map(word_match, terms))
    return (
        f"""
        SELECT m.id, coalesce(r.whole, 0) AS whole, coalesce(r.rank, 0) AS rank FROM ({sql}) m
        LEFT JOIN (SELECT rowid AS id, {whole} AS whole, {rank} AS rank FROM {index}
                   WHERE {index} MATCH ?) r ON r.id = m.id
        """,
        [*values, *whole_values, wanted],
    )
