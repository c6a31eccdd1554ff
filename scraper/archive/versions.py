"""The versions of an article, computed from its captures alone (docs/decisions/0005-history.md).

Knows how versions follow from captures and how they are stored; writes nothing.
"""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.clock import from_iso
from scraper.thai.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlite_utils import Database

    from scraper.model import Article

Row = dict[str, Any]

# The columns a reader sees; a change in one of them makes a new revision.
VISIBLE_COLUMNS = ("title", "lead", "body", "tail", "published_on")
# The columns of a version that ``articles`` and ``article_revisions`` have in common.
VERSION_COLUMNS = (*VISIBLE_COLUMNS, "content_hash", "parser")

# An article is gone once it was found missing twice, this far apart: a single outage is shorter.
GONE_APART = timedelta(hours=12)
_SHINGLE = 8  # characters; unrelated releases share about one such sequence in thirty


class SeenVersion(NamedTuple):
    """A version of an article, and the first of the consecutive captures that showed it."""

    content_hash: str
    seen_at: str
    capture_id: int


def content_hash_of(version: Mapping[str, Any]) -> str:
    """Return the hash of a version's ``VISIBLE_COLUMNS``."""
    values = [version[column] for column in VISIBLE_COLUMNS]
    return sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def version_values(article: Article) -> Row:
    """Return the ``VERSION_COLUMNS`` of an article."""
    visible = {
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "tail": article.tail,
        "published_on": article.published_on and article.published_on.isoformat(),
    }
    return {**visible, "content_hash": content_hash_of(visible), "parser": article.parser}


def merge_repeats(seen: Iterable[SeenVersion]) -> list[SeenVersion]:
    """Keep the first of consecutive captures, in order of time, that show the same text."""
    return [next(same) for _, same in groupby(seen, key=lambda version: version.content_hash)]


def expected_versions(db: Database, url: str) -> list[SeenVersion]:
    """Return the versions that the captures of an article show, in order of time."""
    rows = db.execute(
        "SELECT content_hash, fetched_at, id FROM captures "
        "WHERE article_url = ? AND content_hash IS NOT NULL ORDER BY fetched_at, id",
        [url],
    )
    return merge_repeats(SeenVersion(*row) for row in rows.fetchall())


def stored_versions(db: Database, url: str) -> list[Row]:
    """Return the stored versions of an article, the current one last; empty if there are none.

    Each has the ``VERSION_COLUMNS``, ``id`` of the article, ``revision``, ``seen_at`` and
    ``capture_id``; superseded versions also have ``kept``.
    """
    columns = f"revision, capture_id, {', '.join(VERSION_COLUMNS)}"
    articles = db.query(
        f"SELECT id, changed_at AS seen_at, {columns} FROM articles WHERE url = ?", [url]
    )
    if (current := next(articles, None)) is None:
        return []
    revisions = db.query(
        f"SELECT article_id AS id, seen_at, kept, {columns} FROM article_revisions "
        "WHERE article_id = ? ORDER BY revision",
        [current["id"]],
    )
    return [*revisions, current]


def matches(stored: Iterable[Row], expected: Iterable[SeenVersion]) -> bool:
    """Return whether stored versions are the expected ones."""
    found = [SeenVersion(v["content_hash"], v["seen_at"], v["capture_id"]) for v in stored]
    return found == [*expected]


def gone_since(db: Database, url: str) -> str | None:
    """Return when an article was first found missing, or None if it is not gone.

    It is gone if every capture since the last one that showed it was of a missing page, and the
    first and last of these are at least ``GONE_APART`` apart.
    """
    first, last = db.execute(
        "SELECT min(fetched_at), max(fetched_at) FROM captures "
        "WHERE article_url = :url AND outcome = 'missing' AND fetched_at > coalesce(("
        "SELECT max(fetched_at) FROM captures "
        "WHERE article_url = :url AND content_hash IS NOT NULL), '')",
        {"url": url},
    ).fetchone()
    if first is None or from_iso(last) - from_iso(first) < GONE_APART:
        return None
    return str(first)


def overlap(before: Mapping[str, Any], after: Mapping[str, Any]) -> float:
    """Return the share of a version's text that the next version still contains, from 0 to 1.

    A low share under a new headline may mean that the number was reused for another article.
    """
    old, new = _shingles(before), _shingles(after)
    return round(len(old & new) / len(old), 3) if old else 1.0


def _shingles(version: Mapping[str, Any]) -> set[str]:
    text = squash("".join(version[field] or "" for field in ("lead", "body", "tail")))
    return {text[at : at + _SHINGLE] for at in range(max(1, len(text) - _SHINGLE + 1)) if text}
