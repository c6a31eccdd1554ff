"""Saves the open addresses of the frontier in WARC files, and restores them.

Each run that changes anything writes them to its WARC file, as one line of a ``warcinfo`` record,
so that an archive rebuilt from these files continues where the lost one stopped.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

FIELD = "thaigov-frontier"  # in the warcinfo record
_FRONTIER_COLUMNS = (
    "url", "state", "attempts", "known_at", "due_at", "visited_at", "last_outcome", "last_error",
    "etag", "last_modified",
)  # fmt: skip
_OPEN_STATES = ("waiting", "failed")


class FrontierBackup(NamedTuple):
    """The open part of a frontier at one moment.

    Attributes:
        saved_at: the moment, as ISO text.
        rows: the columns of each address that is waiting or failed.
    """

    saved_at: str
    rows: list[dict[str, Any]]


def serialize_frontier(db: Database) -> str | None:
    """Return the open addresses as one line of JSON, or None if the frontier was never used."""
    if db.execute("SELECT 1 FROM frontier LIMIT 1").fetchone() is None:
        return None
    rows = db.query(
        f"SELECT {', '.join(_FRONTIER_COLUMNS)} FROM frontier "
        "WHERE state IN ('waiting', 'failed') ORDER BY url"
    )
    filled = ({name: value for name, value in row.items() if value is not None} for row in rows)
    return json.dumps(list(filled), ensure_ascii=True, separators=(",", ":"))


def parse_backup(content: bytes, saved_at: str) -> FrontierBackup | None:
    """Return the backup in a ``warcinfo`` record, or None if there is none that can be parsed."""
    prefix = f"{FIELD}: ".encode()
    line = next((line for line in content.splitlines() if line.startswith(prefix)), None)
    if line is None:
        return None
    try:
        rows = json.loads(line[len(prefix) :])
        is_valid = all(
            row["state"] in _OPEN_STATES and row["url"] and row["known_at"] for row in rows
        )
    except (ValueError, TypeError, KeyError):
        return None
    columns = _FRONTIER_COLUMNS
    return FrontierBackup(
        saved_at, [{name: row.get(name) for name in columns} for row in rows] if is_valid else []
    )


def latest_backup(backups: Iterable[FrontierBackup]) -> FrontierBackup | None:
    """Return the latest backup, or None if there are none."""
    return max(backups, key=lambda backup: backup.saved_at, default=None)


def restore_frontier(db: Database, run_id: int, backup: FrontierBackup) -> None:
    """Merge a backup into the frontier, within the caller's transaction.

    Addresses visited since the backup stay unchanged; others missing from it count as done.
    """
    db.execute(
        "UPDATE frontier SET state = 'done', due_at = NULL WHERE coalesce(visited_at, '') <= ?",
        [backup.saved_at],
    )
    updates = ", ".join(f"{name} = excluded.{name}" for name in _FRONTIER_COLUMNS[1:])
    fixed = {"run_id": run_id, "saved_at": backup.saved_at}
    db.conn.executemany(
        f"INSERT INTO frontier ({', '.join(_FRONTIER_COLUMNS)}, run_id) "
        f"VALUES ({', '.join(f':{name}' for name in _FRONTIER_COLUMNS)}, :run_id) "
        f"ON CONFLICT (url) DO UPDATE SET {updates}, run_id = excluded.run_id "
        "WHERE coalesce(frontier.visited_at, '') <= :saved_at",
        [{**row, "attempts": row["attempts"] or 0, **fixed} for row in backup.rows],
    )
