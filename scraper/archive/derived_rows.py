"""Rows derived from an article's text: its words and the facts declared in ``scraper.facts``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper import facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from scraper.archive.prepared import PreparedArticle
    from scraper.facts.kind import FactKind
    from scraper.model import Article


def derived_rows(article: Article) -> dict[str, Any]:
    """Return the rows that would be stored, like ``stored_derived_rows``."""
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


def write_derived_rows(db: Database, articles: Sequence[tuple[int, PreparedArticle]]) -> None:
    """Write derived rows of articles that have none, within the caller's transaction.

    Args:
        db: the archive.
        articles: id and article of each.
    """
    many = db.conn.executemany
    for at, kind in enumerate(facts.KINDS):
        if kind.entities is not None:
            entities = [row for _, article in articles for row in article.entities[at]]
            many(kind.entities.insert_sql, entities)
        places = ", ".join("?" * (len(kind.columns) + 1))
        many(
            f"INSERT INTO {kind.table} (article_id, {', '.join(kind.columns)}) VALUES ({places}) "
            "ON CONFLICT DO NOTHING",
            [(article_id, *row) for article_id, article in articles for row in article.facts[at]],
        )
    many(
        "INSERT INTO article_words (article_id, words, engine) VALUES (?, ?, ?) "
        "ON CONFLICT (article_id) DO UPDATE SET words = excluded.words, engine = excluded.engine",
        [(article_id, article.words, article.engine) for article_id, article in articles],
    )
    many(
        "INSERT INTO _article_digests (article_id, digests) VALUES (?, ?) "
        "ON CONFLICT (article_id) DO UPDATE SET digests = excluded.digests "
        "WHERE digests IS NOT excluded.digests",
        [(article_id, article.digests) for article_id, article in articles],
    )


def replace_derived_rows(db: Database, article_id: int, article: PreparedArticle) -> None:
    """Replace the derived rows of an article, within the caller's transaction."""
    for kind in facts.KINDS:
        db.execute(f"DELETE FROM {kind.table} WHERE article_id = ?", [article_id])
    write_derived_rows(db, [(article_id, article)])
