"""An article's history, as a function of its captures alone (docs/decisions/0005-history.md).

Knows how versions follow from captures, and how they are stored; writes nothing.
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

# What a reader sees of a version; a change of it is a new revision.
SEEN = ("title", "lead", "body", "tail", "published_on")
# The text of a version, as both articles and article_revisions have it.
VERSION = (*SEEN, "content_hash", "parser")

# An article is gone when it was found missing twice, so far apart: one outage is none.
GONE_APART = timedelta(hours=12)
_SHINGLE = 8  # characters; unrelated releases share about one such run in thirty


class Sighting(NamedTuple):
    """A state of an article and the first capture, of some in a row, that showed it."""

    content_hash: str
    seen_at: str
    capture_id: int


def hash_of(seen: Mapping[str, Any]) -> str:
    """Return the hash of a version's ``SEEN`` columns."""
    values = [seen[column] for column in SEEN]
    return sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def version_values(article: Article) -> Row:
    """Return the ``VERSION`` columns of an article."""
    seen = {
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "tail": article.tail,
        "published_on": article.published_on and article.published_on.isoformat(),
    }
    return {**seen, "content_hash": hash_of(seen), "parser": article.parser}


def runs_of(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Return the versions that sightings in the order of time tell.

    Captures in a row that show the same text are one version, told by the first of them.
    """
    return [next(same) for _, same in groupby(sightings, key=lambda s: s.content_hash)]


def history(db: Database, url: str) -> list[Sighting]:
    """Return the versions that the captures of an article show, in the order of time."""
    rows = db.execute(
        "SELECT content_hash, fetched_at, id FROM captures "
        "WHERE article_url = ? AND content_hash IS NOT NULL ORDER BY fetched_at, id",
        [url],
    )
    return runs_of(Sighting(*row) for row in rows.fetchall())


def stored_versions(db: Database, url: str) -> list[Row]:
    """Return the stored versions of an article, the current one last; empty for none.

    Each has the ``VERSION`` columns, ``id`` of the article, ``revision``, ``seen_at`` and
    ``capture_id``; the superseded ones have ``kept``, too.
    """
    columns = f"revision, capture_id, {', '.join(VERSION)}"
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


def matches(versions: Iterable[Row], told: Iterable[Sighting]) -> bool:
    """Say whether stored versions are those that captures tell."""
    return [Sighting(v["content_hash"], v["seen_at"], v["capture_id"]) for v in versions] == [*told]


def gone_since(db: Database, url: str) -> str | None:
    """Return when an article was first found missing, None while it is not held to be gone.

    It is gone when the sightings since the last one that showed it were all of a missing page,
    and the first and the last of them lie ``GONE_APART`` or more apart.
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
    """Return how much of a version's text stands in the next one, from 0 to 1.

    Little of it, under another headline, may be another article under a used number.
    """
    old, new = _shingles(before), _shingles(after)
    return round(len(old & new) / len(old), 3) if old else 1.0


def _shingles(version: Mapping[str, Any]) -> set[str]:
    text = squash("".join(version[field] or "" for field in ("lead", "body", "tail")))
    return {text[at : at + _SHINGLE] for at in range(max(1, len(text) - _SHINGLE + 1)) if text}
