"""Dumps the content of an archive that must not depend on how it was created."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from scraper.archive.captures import CaptureStore
from scraper.archive.database import open_for_reading
from scraper.facts import KINDS
from scraper.warc.writer import WarcWriter
from tests.factories import MOMENT

if TYPE_CHECKING:
    from pathlib import Path

# Times of day and ids of runs, captures and articles depend on when and how often a command ran;
# nothing else may.
CONTENT = {
    "articles": "SELECT url, site, layout, site_id, title, lead, body, tail, category, language, "
    "published_on, published_raw, entered_on, ministry, content_hash, text_hash, revision, "
    "gone_at, parser FROM articles ORDER BY url",
    "article_revisions": "SELECT a.url, r.revision, r.content_hash FROM article_revisions r "
    "JOIN articles a ON a.id = r.article_id ORDER BY 1, 2",
    "captures": "SELECT url, origin, status, digest, source, outcome, content_hash "
    "FROM captures ORDER BY url, digest, outcome",
    "problems": "SELECT url, stage, kind, detail FROM problems ORDER BY 1, 2, 3, 4",
    "article_words": "SELECT a.url, words, engine FROM article_words t "
    "JOIN articles a ON a.id = t.article_id ORDER BY 1",
} | {
    kind.table: f"SELECT a.url, {', '.join(f't.{column}' for column in kind.columns)} "
    f"FROM {kind.table} t JOIN articles a ON a.id = t.article_id "
    f"ORDER BY a.url, {', '.join(f't.{column}' for column in kind.columns)}"
    for kind in KINDS
}


def content(db: Path) -> dict[str, list[Any]]:
    """Return the rows of every table in ``CONTENT``, by name."""
    with closing(sqlite3.connect(db)) as connection:
        return {name: connection.execute(sql).fetchall() for name, sql in CONTENT.items()}


def assert_sound(db: Path) -> None:
    """Fail unless indexes, keys and captures are valid and every capture has an outcome."""
    with closing(sqlite3.connect(db)) as connection:
        for index in ("articles_fts", "article_words_fts"):
            connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute(
            "SELECT count(*) FROM captures WHERE outcome IS NULL"
        ).fetchone() == (0,)
    folder = db.parent / "warc"
    assert not list(folder.glob("*.open"))
    archive = open_for_reading(db)
    captures = CaptureStore(archive, folder, WarcWriter(folder, 0, MOMENT), 0)
    for (capture_id,) in archive.execute("SELECT id FROM captures").fetchall():
        captures.load(capture_id)
    archive.close()
