"""Searches the texts of attached files, with the query language of articles.

The texts have only a trigram index: a term of one or two characters needs a scan of all texts, and
whole words cannot be searched for.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.search.conditions import sql_condition, substring_expression
from scraper.search.engine import Filters, matching
from scraper.search.query import QueryError, Term, parse_query, positive_terms
from scraper.search.snippet import Snippet, hit_spans, make_snippet
from scraper.search.spellings import spellings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from scraper.search.conditions import Condition

INDEX = "attachment_texts_fts"
FOUND = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ?"
LIKE = "t.text LIKE ? ESCAPE '!'"
# One hit for each file; of several articles that link to it, the newest is shown: SQLite takes
# ``link`` from the row of the maximum.
HITS = """
    SELECT f.file, f.rowid AS link,
           max(coalesce(a.published_on, '') || printf(' %018d', a.id)) AS newest{rank}
    FROM attachment_files f JOIN attachment_texts t ON t.id = f.file
    JOIN articles a ON a.id = f.article_id {joined}
    WHERE {condition} GROUP BY f.file
"""
RANKED = f"JOIN (SELECT rowid AS id, rank FROM {INDEX} WHERE {INDEX} MATCH ?) r ON r.id = f.file"
SHOWN = """
    SELECT f.rowid AS link, t.digest, f.url, f.fetched_at, t.format, t.size, t.pages,
           (SELECT count(DISTINCT article_id) FROM attachment_files o WHERE o.file = f.file)
           AS articles,
           a.id AS article_id, a.url AS article_url, a.title, a.published_on{text}
    FROM attachment_files f JOIN attachment_texts t ON t.id = f.file
    JOIN articles a ON a.id = f.article_id WHERE f.rowid IN ({links})
"""


@dataclass(frozen=True)
class AttachmentHit:
    """An attached file whose text matches.

    Attributes:
        digest: of the file; ``/-/attachments/<digest>`` is its archived copy.
        url: as the article has it.
        fetched_at: when it was fetched, ISO.
        format: ``pdf``, ``docx`` or ``xlsx``.
        size: bytes.
        pages: number of pages or sheets, if it is known.
        articles: how many articles link to it.
        article_id, article_url, title, published_on: of the newest of them that passes the filters.
        snippet: an excerpt with the search hits.
    """

    digest: str
    url: str
    fetched_at: str
    format: str
    size: int
    pages: int | None
    articles: int
    article_id: int
    article_url: str
    title: str
    published_on: str | None
    snippet: Snippet


@dataclass(frozen=True)
class AttachmentResults:
    """One page of hits, and the number of all."""

    total: int
    hits: tuple[AttachmentHit, ...]


def search_attachments(  # noqa: PLR0913 - all are options of the reader
    db: Database,
    query: str,
    filters: Filters | None = None,
    *,
    by_date: bool = False,
    limit: int = 20,
    offset: int = 0,
) -> AttachmentResults:
    """Return the attached files whose text matches a query.

    Best match first; those of the newest articles first if the query has no term of three or more
    characters.

    Args:
        db: an archive, opened for reading.
        query: see ``scraper.search.query``.
        filters: conditions on the articles that link to the files.
        by_date: those of the newest articles first.
        limit: maximum number of hits.
        offset: hits to skip.

    Raises:
        QueryError: the query is empty or asks for whole words, or the archive is of an earlier
            release.
    """
    sql, order, values = _matching(db, query, filters, by_date=by_date)
    (total,) = db.execute(f"SELECT count(*) FROM ({sql})", values).fetchone()
    found = db.execute(
        f"SELECT link FROM ({sql}) ORDER BY {order} LIMIT ? OFFSET ?", [*values, limit, offset]
    )
    terms = positive_terms(parse_query(query))
    return AttachmentResults(total, tuple(_hit(db, link, terms) for (link,) in found.fetchall()))


def all_attachments(
    db: Database, query: str, filters: Filters | None = None, *, by_date: bool = False
) -> array[int]:
    """Return the numbers of all hits, in order: 8 bytes each, for ``read_attachments``.

    Arguments and errors as for ``search_attachments``.
    """
    sql, order, values = _matching(db, query, filters, by_date=by_date)
    rows = db.execute(f"SELECT link FROM ({sql}) ORDER BY {order}", values)
    return array("q", (link for (link,) in rows))


def read_attachments(db: Database, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return some hits without ``snippet`` by their numbers, which are valid until a vacuum."""
    links = ", ".join(map(str, numbers))
    return {row.pop("link"): row for row in db.query(SHOWN.format(text="", links=links))}


def count_attachments(db: Database, query: str, filters: Filters | None = None) -> int | None:
    """Return the number of hits; None if every text would have to be read to count them.

    Arguments and errors as for ``search_attachments``.
    """
    sql, _, values = _matching(db, query, filters, by_date=True)
    if substring_expression(parse_query(query)) is None:
        return None
    (total,) = db.execute(f"SELECT count(*) FROM ({sql})", values).fetchone()
    return int(total)


def has_attachments(db: Database) -> bool:
    """Return whether an archive has the text of any file."""
    if INDEX not in db.table_names():
        return False
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM attachment_files)").fetchone()[0])


def _matching(
    db: Database, query: str, filters: Filters | None, *, by_date: bool = False
) -> tuple[str, str, list[Any]]:
    """Return an SQL query for the hits, the terms of its ORDER BY, and its parameters."""
    if INDEX not in db.table_names():
        raise QueryError(
            "this archive has no attachments; `thaigov crawl attachments` fetches them"
        )
    tree = parse_query(query)
    condition, values = sql_condition(tree, lambda whole: (f"t.id IN ({FOUND})", [whole]), _of_term)
    if filters is not None and filters != Filters():
        ids, more = matching(None, filters)
        condition, values = f"({condition}) AND a.id IN (SELECT id FROM ({ids}))", [*values, *more]
    whole = None if by_date else substring_expression(tree)
    if whole is None:
        return HITS.format(condition=condition, joined="", rank=""), "newest DESC, file", values
    sql = HITS.format(condition=condition, joined=RANKED, rank=", r.rank AS rank")
    return sql, "rank, newest DESC, file", [whole, *values]


def _hit(db: Database, link: int, terms: Sequence[Term]) -> AttachmentHit:
    row = next(db.query(SHOWN.format(text=", t.text", links=link)))
    del row["link"]
    text = row.pop("text")
    spans = hit_spans(text, [spelling for term in terms for spelling in spellings(term.text)])
    return AttachmentHit(**row, snippet=make_snippet(text, spans))


def _of_term(term: Term) -> Condition:
    """Return an SQL condition on ``t`` for a term that the trigram index cannot find."""
    if term.whole_word:
        raise QueryError(f"attachments have no index of whole words: write {term.text}, without =")
    found = spellings(term.text)
    return f"({' OR '.join([LIKE] * len(found))})", [f"%{_escaped(text)}%" for text in found]


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
