"""The statements that create the tables of ``scraper.archive.related``, in order."""

from __future__ import annotations

from scraper.archive.tables import one_of
from scraper.thai.likeness import LikenessKind

_NOTE = """INSERT INTO _articles_to_compare SELECT {row}.id
    WHERE NOT EXISTS (SELECT 1 FROM _articles_to_compare WHERE article_id = {row}.id);"""
INTERNAL_TABLES = ("_article_signatures", "_fingerprints", "_articles_to_compare")
RELATED_OBJECTS = {
    "related_articles",
    *INTERNAL_TABLES,
    *(f"articles_to_compare_{event}" for event in ("insert", "update", "delete")),
}
# The internal tables do not refer to articles: a removed article is still among the
# fingerprints, where its neighbours must be compared anew.
RELATED_TABLES = (
    f"""
    CREATE TABLE related_articles (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        related_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN {one_of(LikenessKind)}),
        similarity REAL NOT NULL CHECK (similarity BETWEEN 0 AND 1),
        PRIMARY KEY (article_id, related_id),
        CHECK (article_id <> related_id)
    ) STRICT
    """,
    "CREATE INDEX related_articles_by_related ON related_articles(related_id, kind)",
    "CREATE INDEX related_articles_by_kind ON related_articles(kind, similarity)",
    """
    CREATE TABLE _article_signatures (
        article_id INTEGER PRIMARY KEY,
        place INTEGER NOT NULL,
        fingerprints BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE _fingerprints (
        fingerprint INTEGER NOT NULL,
        place INTEGER NOT NULL,
        article_id INTEGER NOT NULL,
        fingerprints INTEGER NOT NULL,
        PRIMARY KEY (fingerprint, place, article_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE _articles_to_compare (article_id INTEGER PRIMARY KEY) STRICT",
    f"""CREATE TRIGGER articles_to_compare_insert AFTER INSERT ON articles
        BEGIN {_NOTE.format(row="new")} END""",
    f"""CREATE TRIGGER articles_to_compare_update AFTER UPDATE OF content_hash ON articles
        WHEN old.content_hash IS NOT new.content_hash BEGIN {_NOTE.format(row="new")} END""",
    f"""CREATE TRIGGER articles_to_compare_delete AFTER DELETE ON articles
        BEGIN {_NOTE.format(row="old")} END""",
    "INSERT INTO _articles_to_compare SELECT id FROM articles",
)
