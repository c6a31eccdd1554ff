"""Searches the superseded versions of articles, which still have what was deleted since.

They have a trigram index of their own and no word index: for a short or whole word, the words
around each place where it is written are segmented.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from scraper.search.conditions import sql_condition, substring_match
from scraper.search.engine import Filters, Results, matching
from scraper.search.hits import MOST_CHARACTERS, Hit, mark_texts
from scraper.search.query import QueryError, Term, parse_query, positive_terms
from scraper.search.snippet import hit_spans, word_spans
from scraper.search.spellings import MIN_SUBSTRING_LENGTH, spellings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from scraper.search.conditions import Condition
    from scraper.search.query import Node

INDEX = "article_revisions_fts"
_INDEXED = f"r.id IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ?)"
_TEXT = "(SELECT title || char(10) || coalesce(lead, '') || char(10) || body FROM article_revisions"
_WRITTEN = f"has_word({_TEXT} WHERE article_id = r.article_id AND revision = r.revision), ?, ?)"
_AROUND = 60  # characters on each side of a place that are segmented to see where words begin
_TOKEN = re.compile(r"(?P<seen_at>[\dT:.Z+-]{10,40}),(?P<revision>\d{1,9}),(?P<id>\d{1,18})")
_LATEST_FIRST = "r.seen_at DESC, r.revision DESC, r.article_id DESC"
_VERSION = """
    SELECT a.id, a.url, a.site_id, r.published_on, a.ministry, a.category, a.first_seen_at,
           a.changed_at, r.revision, r.seen_at, c.digest, r.title, r.lead, r.body, r.tail
    FROM article_revisions r JOIN articles a ON a.id = r.article_id
    JOIN captures c ON c.id = r.capture_id WHERE r.article_id = ? AND r.revision = ?
"""


@dataclass(frozen=True, kw_only=True)
class VersionHit(Hit):
    """A superseded version that matches.

    Attributes:
        revision: its number; the versions of an article are counted from 1.
        seen_at: when it was first seen.
        digest: SHA-256 of the capture that first showed it.
        is_current: whether the present version of the article matches, too.
    """

    revision: int
    seen_at: str
    digest: str
    is_current: bool


def search_versions(  # noqa: PLR0913 - all are options of the reader
    db: Database,
    query: str | None,
    filters: Filters | None = None,
    *,
    limit: int = 20,
    offset: int = 0,
    after: str | None = None,
) -> Results:
    """Return the superseded versions that match a query, the last seen first.

    Args:
        db: an archive, opened for reading.
        query: see ``scraper.search.query``; None for all that pass the filters.
        filters: conditions on the articles.
        limit: maximum number of versions.
        offset: versions to skip.
        after: ``Results.next`` of the page before.

    Raises:
        QueryError: the query is empty, ``after`` is no position, or the archive was not written to
            since a release without this index.
    """
    tree = None if query is None else parse_query(query)
    filters = filters or Filters()
    matched, values = matching_versions(db, tree, filters)
    (total,) = db.execute(f"SELECT count(*) FROM ({matched})", values).fetchone()
    position = _position(after)
    beyond = "WHERE (r.seen_at, r.revision, r.article_id) < (?, ?, ?)" if position else ""
    rows = db.execute(
        f"""SELECT r.article_id, r.revision, r.seen_at FROM ({matched}) m
            JOIN article_revisions r ON r.article_id = m.id AND r.revision = m.revision {beyond}
            ORDER BY {_LATEST_FIRST} LIMIT ? OFFSET ?""",
        [*values, *position, limit + 1, offset],
    ).fetchall()
    shown = rows[:limit]
    current = _current(db, tree, [row[0] for row in shown])
    terms = positive_terms(tree) if tree else []
    hits = tuple(_version_hit(db, row[0], row[1], terms, current) for row in shown)
    last = shown[-1] if len(rows) > limit else None
    return Results(total, hits, last and f"{last[2]},{last[1]},{last[0]}")


def all_versions(db: Database, query: str | None, filters: Filters) -> array[int]:
    """Return the numbers of all superseded versions that match: 8 bytes each, the last seen first.

    The number is that of the index. Arguments and errors as for ``search_versions``.
    """
    tree = None if query is None else parse_query(query)
    matched, values = matching_versions(db, tree, filters)
    rows = db.execute(
        f"""SELECT n.id FROM ({matched}) m
            JOIN article_revisions r ON r.article_id = m.id AND r.revision = m.revision
            JOIN _revision_texts n ON n.article_id = m.id AND n.revision = m.revision
            ORDER BY {_LATEST_FIRST}""",
        values,
    )
    return array("q", (number for (number,) in rows))


def current_matches(db: Database, query: str | None, ids: Sequence[int]) -> set[int]:
    """Return those of some articles whose present version matches a query."""
    return _current(db, None if query is None else parse_query(query), ids)


def matching_versions(db: Database, tree: Node | None, filters: Filters) -> tuple[str, list[Any]]:
    """Return an SQL query for ``id`` of the article and ``revision`` of matching versions.

    Args:
        db: the archive, which gets the SQL function ``has_word``.
        tree: from ``parse_query``; None for all versions.
        filters: conditions on the articles.

    Raises:
        QueryError: the archive was not written to since a release without this index.
    """
    if not db.table(INDEX).exists():
        raise QueryError(
            "this archive has no index of superseded versions yet; the next crawl or import adds it"
        )
    db.conn.create_function("has_word", 3, has_word, deterministic=True)
    sql, values = _condition(tree)
    if filters != Filters():
        articles, more = matching(None, filters)
        sql, values = f"({sql}) AND r.article_id IN (SELECT id FROM ({articles}))", values + more
    found = f"SELECT r.article_id AS id, r.revision FROM _revision_texts r WHERE {sql}"
    return found, values


def _condition(tree: Node | None) -> Condition:
    """Return an SQL condition on ``r`` and its parameters."""
    if tree is None:
        return "1", []
    return sql_condition(tree, lambda whole: (_INDEXED, [whole]), _of_term)


def _of_term(term: Term) -> Condition:
    """Return an SQL condition on ``r`` for a term that the trigram index cannot find alone."""
    written, values = _WRITTEN, [term.text, int(term.prefix)]
    if len(term.text) < MIN_SUBSTRING_LENGTH:
        return written, values
    return f"{_INDEXED} AND {written}", [substring_match(term.text), *values]


def has_word(text: str, word: str, is_prefix: int) -> bool:
    """Return whether a text has a word or several in a row, not as a part of a longer word.

    Args:
        text: as written.
        word: in any spelling that ``spellings`` knows.
        is_prefix: whether the last word may go on.
    """
    from scraper.thai.words import segment  # noqa: PLC0415 - loads a dictionary

    for start, end in hit_spans(text, spellings(word)):
        first = max(0, start - _AROUND)
        window = text[first : end + _AROUND]
        spans = [span for _, span in word_spans(window, segment(window)) if span]
        begins = any(begin + first == start for begin, _ in spans)
        if begins and (is_prefix or any(stop + first == end for _, stop in spans)):
            return True
    return False


def _current(db: Database, tree: Node | None, ids: Sequence[int]) -> set[int]:
    """Return the ids among ``ids`` of articles whose current version matches as well."""
    sql, values = matching(tree, Filters())
    places = ", ".join("?" * len(ids))
    rows = db.execute(f"SELECT id FROM ({sql}) WHERE id IN ({places})", [*values, *ids])
    return {article_id for (article_id,) in rows}


def _version_hit(
    db: Database, article_id: int, revision: int, terms: Sequence[Term], current: set[int]
) -> VersionHit:
    from scraper.thai.words import segment  # noqa: PLC0415 - loads a dictionary

    row = next(db.query(_VERSION, [article_id, revision]))
    texts = [row.pop(name) or "" for name in ("title", "lead", "tail", "body")]
    whole = "\n".join(texts)
    words = segment(whole) if len(whole) <= MOST_CHARACTERS else []
    title, snippet = mark_texts(texts, words, terms)
    make = partial(VersionHit, title=title, snippet=snippet)
    return make(**row, is_current=article_id in current)


def _position(token: str | None) -> list[Any]:
    """Return the values of a position, none for None.

    Raises:
        QueryError: it is no position.
    """
    if token is None:
        return []
    if (found := _TOKEN.fullmatch(token)) is None:
        raise QueryError(f"“{token[:80]}” is not a position in these results; begin without one")
    return [found["seen_at"], int(found["revision"]), int(found["id"])]
