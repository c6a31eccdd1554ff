"""Finds what is new or changed for a saved question, and records what was reported (*told*).

An article is new if the question never reported it, and changed if the site has shown another text
since. An older version found later is not a change, and neither is a fixed parser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.versions import VISIBLE_COLUMNS
from scraper.clock import now, to_iso
from scraper.search.engine import matching_ids_query
from scraper.search.hits import find_hit
from scraper.search.query import parse_query, positive_terms
from scraper.watches.saved import watch_filters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

    from scraper.search.hits import Hit
    from scraper.watches.saved import Watch

# The version that was told, found by the time at which it was first seen.
_TOLD_VERSION = f"""
    SELECT {", ".join(VISIBLE_COLUMNS)} FROM article_revisions
    WHERE article_id = ? AND seen_at <= ? ORDER BY revision DESC LIMIT 1
"""
_CURRENT_VERSION = f"SELECT {', '.join(VISIBLE_COLUMNS)} FROM articles WHERE id = ?"


class SeenState(NamedTuple):
    """An article when it was last told: which text, and when the site first showed that."""

    article_id: int
    content_hash: str
    changed_at: str


@dataclass(frozen=True)
class NewsItem:
    """A new or changed article.

    Attributes:
        hit: the article, with the words of the question marked.
        changed_at: when the site first showed this text.
        fields: what differs from the text that was told; empty for a new article.
        is_new: the question was never told this article.
    """

    hit: Hit
    changed_at: str
    fields: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True)
class WatchNews:
    """The new and changed articles of a question.

    Attributes:
        watch: the question.
        items: newest first.
        states: what ``mark_told`` will store, also for articles that are neither new nor changed.
    """

    watch: Watch
    items: tuple[NewsItem, ...]
    states: tuple[SeenState, ...]

    @property
    def new(self) -> int:
        """The number of new articles."""
        return sum(item.is_new for item in self.items)

    @property
    def changed(self) -> int:
        """The number of changed articles."""
        return len(self.items) - self.new

    @property
    def summary(self) -> str:
        """The name and both numbers, such as ``factories: 2 new, 1 changed``."""
        counts = [
            f"{count:,} {word}" for count, word in ((self.new, "new"), (self.changed, "changed"))
        ]
        shown = [text for text in counts if not text.startswith("0 ")]
        return f"{self.watch.name}: {', '.join(shown) or 'nothing new'}"


def find_news(db: Database, watch: Watch) -> WatchNews:
    """Return what is new or changed for a question since it was last told.

    Raises:
        QueryError: the query has a syntax error.
        WatchError: a filter is not known.
    """
    tree = None if watch.query is None else parse_query(watch.query)
    terms = positive_terms(tree) if tree else []
    ids, values = matching_ids_query(tree, watch_filters(watch))
    found = db.execute(
        f"""
        SELECT a.id, a.content_hash, a.changed_at, s.changed_at
        FROM articles a LEFT JOIN watch_seen s ON s.watch_id = ? AND s.article_id = a.id
        WHERE a.id IN (SELECT id FROM ({ids})) AND s.content_hash IS NOT a.content_hash
        ORDER BY a.published_on DESC, a.id DESC
        """,
        [watch.id, *values],
    ).fetchall()
    items = []
    for article_id, _, changed_at, told_change in found:
        is_new = told_change is None
        if is_new or changed_at > told_change:
            fields = () if is_new else _changed_fields(db, article_id, told_change)
            items.append(NewsItem(find_hit(db, terms, article_id), changed_at, fields, is_new))
    return WatchNews(watch, tuple(items), tuple(SeenState(*row[:3]) for row in found))


def mark_told(db: Database, told: Iterable[WatchNews]) -> None:
    """Record that news were told, all of them or none."""
    moment = to_iso(now())
    with db.atomic():
        for news in told:
            db.conn.executemany(
                "INSERT INTO watch_seen (watch_id, article_id, content_hash, changed_at) "
                "VALUES (?, ?, ?, ?) ON CONFLICT (watch_id, article_id) DO UPDATE "
                "SET content_hash = excluded.content_hash, changed_at = excluded.changed_at",
                [(news.watch.id, *state) for state in news.states],
            )
            if news.items:
                db.execute("UPDATE watches SET told_at = ? WHERE id = ?", [moment, news.watch.id])


def _changed_fields(db: Database, article_id: int, told_change: str) -> tuple[str, ...]:
    """Return the visible columns that differ from the version that was told."""
    before = db.execute(_TOLD_VERSION, [article_id, told_change]).fetchone()
    after = db.execute(_CURRENT_VERSION, [article_id]).fetchone()
    if before is None:
        return ()
    pairs = zip(VISIBLE_COLUMNS, before, after, strict=True)
    return tuple(name for name, old, new in pairs if old != new)
