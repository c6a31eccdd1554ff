"""Digests of what was read out of an article, so that ``verify`` can tell a row that was changed.

Each article has one digest for its own columns and one for each dependent table. They are computed
from the rows as stored. The text itself has its ``content_hash``.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from scraper.archive.derived_rows import stored_derived_rows

if TYPE_CHECKING:
    from sqlite_utils import Database

# The columns of ``articles`` that a parser or a stage decides, but for the text.
FIELDS = (
    "url", "site", "layout", "site_id", "category", "language", "published_raw", "entered_on",
    "ministry", "text_hash", "content_hash", "parser",
)  # fmt: skip
TABLE = """
    CREATE TABLE _article_digests (
        article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
        digests TEXT NOT NULL
    ) STRICT
"""
LENGTH = 16  # hexadecimal digits: this finds a mistake or a hand, and is no seal


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _digest(value: object) -> str:
    return sha256(_text(value).encode()).hexdigest()[:LENGTH]


WITHOUT_WORDS = {"article_words": _digest([None, None])}


def digests_of(db: Database, article_id: int) -> dict[str, str]:
    """Return the digests of an article's rows as they are stored, by table."""
    fields = db.execute(
        f"SELECT {', '.join(FIELDS)} FROM articles WHERE id = ?", [article_id]
    ).fetchone()
    rows = stored_derived_rows(db, article_id)
    words = {"article_words": [rows.pop("article_words"), rows.pop("engine")]}
    tables = {table: sorted(map(_text, found)) for table, found in rows.items()}
    everything = {"articles": fields, **tables, **words}
    return {name: _digest(values) for name, values in everything.items()}


def write_digests(db: Database, article_id: int) -> None:
    """Store the digests of an article's rows, within the caller's transaction."""
    db.execute(
        "INSERT INTO _article_digests (article_id, digests) VALUES (?, ?) "
        "ON CONFLICT (article_id) DO UPDATE SET digests = excluded.digests "
        "WHERE digests IS NOT excluded.digests",
        [article_id, _text(digests_of(db, article_id))],
    )


def altered(db: Database, article_id: int) -> list[str]:
    """Return the tables whose rows of an article are not those that were stored.

    Words that are gone altogether are another damage, and not told here.
    """
    row = db.execute(
        "SELECT digests FROM _article_digests WHERE article_id = ?", [article_id]
    ).fetchone()
    found = digests_of(db, article_id)
    try:
        stored = dict(json.loads(row[0])) if row else {}
    except (ValueError, TypeError):
        stored = {}
    return [
        name
        for name, digest in found.items()
        if stored.get(name) != digest and digest != WITHOUT_WORDS.get(name)
    ]
