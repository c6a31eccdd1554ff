"""Saves, lists and removes the questions of ``thaigov watch``."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from scraper.clock import now, to_iso
from scraper.errors import ReportedError
from scraper.search.choices import choice_values
from scraper.search.engine import Filters, matching_ids_query
from scraper.search.query import parse_query

if TYPE_CHECKING:
    from sqlite_utils import Database

MOST_NAME_CHARACTERS = 100
_DAYS = ("since", "until")


class WatchError(ReportedError):
    """A saved question cannot be saved, found or asked; the message names it."""


@dataclass(frozen=True)
class Watch:
    """A saved question.

    Attributes:
        id: primary key in ``watches``.
        name: unique name, on one line.
        query: in the language of ``scraper.search.query``; None for all articles.
        filters: further conditions, by name, with days as ISO text.
        created_at: when it was saved.
        told_at: when its news were last told; None if they never were.
    """

    id: int
    name: str
    query: str | None
    filters: dict[str, Any]
    created_at: str
    told_at: str | None

    @property
    def question(self) -> str:
        """The query and the filters on one line."""
        given = [
            f"{name} {' or '.join(choice_values(value))}" for name, value in self.filters.items()
        ]
        return " · ".join(filter(None, [self.query, *given]))


def saved_watches(db: Database) -> list[Watch]:
    """Return the saved questions by name; an archive of an older version has none."""
    if not db.table("watches").exists():
        return []
    rows = db.query(
        "SELECT id, name, query, filters, created_at, told_at FROM watches ORDER BY name"
    )
    return [Watch(**row | {"filters": json.loads(row["filters"])}) for row in rows]


def find_watch(db: Database, name: str) -> Watch:
    """Return a saved question.

    Raises:
        WatchError: there is none of that name.
    """
    found = next((watch for watch in saved_watches(db) if watch.name == name), None)
    if found is None:
        raise WatchError(f"no watch is named {name!r}; `thaigov watch list` shows their names")
    return found


def add_watch(
    db: Database, name: str, query: str | None, filters: Filters, *, existing: bool = False
) -> int:
    """Save a question and return how many articles answer it now.

    Args:
        db: an archive opened for writing.
        name: how to call it.
        query: see ``Watch``.
        filters: further conditions.
        existing: tell these articles at the next run; otherwise they count as told.

    Raises:
        QueryError: the query has a syntax error.
        WatchError: the name is taken, or cannot be printed on one line.
    """
    if not name.strip() or not name.isprintable() or len(name) > MOST_NAME_CHARACTERS:
        raise WatchError(
            f"{name!r} cannot name a watch; use one line of up to {MOST_NAME_CHARACTERS} characters"
        )
    ids, values = matching_ids_query(None if query is None else parse_query(query), filters)
    with db.atomic():
        if any(watch.name == name for watch in saved_watches(db)):
            raise WatchError(
                f"a watch named {name!r} exists; choose another name, or remove it first with "
                f"`thaigov watch remove`"
            )
        watch_id = db.execute(
            "INSERT INTO watches (name, query, filters, created_at) VALUES (?, ?, ?, ?)",
            [name, query, json.dumps(_given(filters), ensure_ascii=False), to_iso(now())],
        ).lastrowid
        (count,) = db.execute(f"SELECT count(*) FROM ({ids})", values).fetchone()
        if not existing:
            db.execute(
                "INSERT INTO watch_seen (watch_id, article_id, content_hash, changed_at) "
                "SELECT ?, id, content_hash, changed_at FROM articles "
                f"WHERE id IN (SELECT id FROM ({ids}))",
                [watch_id, *values],
            )
    return int(count)


def remove_watch(db: Database, name: str) -> None:
    """Remove a saved question, with what it was told.

    Raises:
        WatchError: there is none of that name.
    """
    with db.atomic():
        watch = find_watch(db, name)
        # Not by the foreign key alone, which holds only where the connection enforces it.
        db.execute("DELETE FROM watch_seen WHERE watch_id = ?", [watch.id])
        db.execute("DELETE FROM watches WHERE id = ?", [watch.id])


def watch_filters(watch: Watch) -> Filters:
    """Return the filters of a saved question as a search takes them.

    Raises:
        WatchError: a newer version saved a filter that this one does not have.
    """
    if unknown := set(watch.filters) - {entry.name for entry in fields(Filters)}:
        raise WatchError(
            f"the watch {watch.name!r} has the filter {min(unknown)!r}, which this version of "
            f"thaigov does not have; upgrade thaigov"
        )
    values: dict[str, Any] = {
        name: date.fromisoformat(value) if name in _DAYS else value
        for name, value in watch.filters.items()
    }
    return Filters(**values)


def _given(filters: Filters) -> dict[str, Any]:
    values = {entry.name: getattr(filters, entry.name) for entry in fields(filters)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None
    }
