"""Rows derived from an article's text: its words and the facts declared in ``scraper.facts``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper import facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from scraper.facts.kind import FactKind
    from scraper.model import Article


def derived_rows(article: Article) -> dict[str, Any]:
    """Return the rows that ``write_derived_rows`` would store, like ``stored_derived_rows``."""
    rows: dict[str, Any] = {kind.table: kind.rows(article) for kind in facts.KINDS}
    return {**rows, "article_words": " ".join(article.words), "engine": article.engine or ""}


def stored_derived_rows(
    db: Database, article_id: int, kinds: Sequence[FactKind] | None = None
) -> dict[str, Any]:
    """Return the stored derived rows of an article, by table.

    Each value is a list of tuples, except ``article_words`` and ``engine``, which are texts.

    Args:
        db: the archive.
        article_id: id of the article.
        kinds: the kinds to read; None for all.
    """
    stored: dict[str, Any] = {
        kind.table: db.execute(kind.stored_sql, [article_id]).fetchall()
        for kind in (facts.KINDS if kinds is None else kinds)
    }
    words = db.execute(
        "SELECT words, engine FROM article_words WHERE article_id = ?", [article_id]
    ).fetchone() or (None, None)
    return {**stored, "article_words": words[0], "engine": words[1]}


def write_derived_rows(db: Database, article_id: int, article: Article) -> None:
    """Replace the derived rows of an article, within the caller's transaction."""
    for kind in facts.KINDS:
        db.execute(f"DELETE FROM {kind.table} WHERE article_id = ?", [article_id])
        if kind.entities is not None:
            db.conn.executemany(kind.entities.insert_sql, kind.entity_rows(article))
        if rows := kind.rows(article):
            places = ", ".join("?" * (len(kind.columns) + 1))
            db.conn.executemany(
                f"INSERT INTO {kind.table} (article_id, {', '.join(kind.columns)}) "
                f"VALUES ({places}) ON CONFLICT DO NOTHING",
                [(article_id, *row) for row in rows],
            )
    db.execute(
        "INSERT INTO article_words (article_id, words, engine) VALUES (?, ?, ?) "
        "ON CONFLICT (article_id) DO UPDATE SET words = excluded.words, engine = excluded.engine",
        [article_id, " ".join(article.words), article.engine or ""],
    )
