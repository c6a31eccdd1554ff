"""Digests of an article's rows, by which ``verify`` detects rows that were changed by hand.

Each article has one digest of its own columns and one for each table of derived rows, computed
from the rows as stored. Its text is covered by ``content_hash`` instead.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from scraper.archive.derived_rows import stored_derived_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from sqlite_utils import Database

    from scraper.facts.kind import FactKind, FactRow

# The columns of ``articles`` that a parser or a stage determines, except the text.
ARTICLE_COLUMNS = (
    "url", "site", "layout", "site_id", "category", "language", "published_raw", "entered_on",
    "ministry", "text_hash", "content_hash", "parser",
)  # fmt: skip
DIGESTS_TABLE = """
    CREATE TABLE _article_digests (
        article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
        digests TEXT NOT NULL
    ) STRICT
"""
DIGEST_LENGTH = 16  # hexadecimal digits: enough to detect mistakes, not to prevent forgery


def to_json(value: object) -> str:
    """Return a value as the JSON that digests are made of."""
    return json.dumps(value, ensure_ascii=False)


def _short_hash(value: object) -> str:
    return sha256(to_json(value).encode()).hexdigest()[:DIGEST_LENGTH]


_NO_ROWS = _short_hash([])
_NO_WORDS_DIGEST = {"article_words": _short_hash([None, None])}


def digests_of(
    db: Database, article_id: int, kinds: Sequence[FactKind] | None = None
) -> dict[str, str]:
    """Return the digests of an article's stored rows, by table; ``kinds`` None means all kinds."""
    fields = db.execute(
        f"SELECT {', '.join(ARTICLE_COLUMNS)} FROM articles WHERE id = ?", [article_id]
    ).fetchone()
    rows = stored_derived_rows(db, article_id, kinds)
    words, engine = rows.pop("article_words"), rows.pop("engine")
    return digests_of_rows(dict(zip(ARTICLE_COLUMNS, fields, strict=True)), rows, words, engine)


def digests_of_rows(
    article: Mapping[str, Any],
    rows: Mapping[str, Iterable[FactRow]],
    words: str | None,
    engine: str | None,
) -> dict[str, str]:
    """Return the digests of rows as stored: the article's columns, facts by table, words.

    The order of the facts does not matter.
    """
    digests = {"articles": _short_hash([article[column] for column in ARTICLE_COLUMNS])}
    for table, found in rows.items():
        lines = sorted(map(to_json, found))
        digests[table] = _short_hash(lines) if lines else _NO_ROWS
    return digests | {"article_words": _short_hash([words, engine])}


def write_digests(db: Database, article_id: int, kinds: Sequence[FactKind] | None = None) -> None:
    """Store the digests of an article's rows, within the caller's transaction."""
    db.execute(
        "INSERT INTO _article_digests (article_id, digests) VALUES (?, ?) "
        "ON CONFLICT (article_id) DO UPDATE SET digests = excluded.digests "
        "WHERE digests IS NOT excluded.digests",
        [article_id, to_json(digests_of(db, article_id, kinds))],
    )


def add_empty_tables(db: Database, tables: Iterable[str]) -> None:
    """Store the digest of a table without rows for each article, as a migration creates them."""
    added = dict.fromkeys(tables, _NO_ROWS)
    db.execute(
        "UPDATE _article_digests SET digests = json_patch(digests, ?) WHERE json_valid(digests)",
        [to_json(added)],
    )


def altered_tables(db: Database, article_id: int) -> list[str]:
    """Return the tables in which the rows of an article no longer match their digest.

    Words that are missing altogether are not included; ``verify`` has a check of its own for them.
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
        if stored.get(name) != digest and digest != _NO_WORDS_DIGEST.get(name)
    ]
