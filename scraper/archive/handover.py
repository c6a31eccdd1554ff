"""What an archive knows beside its captures: the addresses it owes, and when it visits which again.

Each run that changes anything leaves the open part of ``frontier`` in its WARC file, as one line of
a ``warcinfo`` record, so that an archive made anew of these files goes on where the lost one ended.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

FIELD = "thaigov-frontier"  # of the warcinfo record
_COLUMNS = (
    "url", "state", "attempts", "known_at", "due_at", "visited_at", "last_outcome", "last_error",
    "etag", "last_modified",
)  # fmt: skip
_OPEN = ("waiting", "failed")


class Owed(NamedTuple):
    """The open part of a frontier at one moment.

    Attributes:
        told_at: the moment, as ISO text.
        rows: the columns of each address that is waiting or failed.
    """

    told_at: str
    rows: list[dict[str, Any]]


def pack(db: Database) -> str | None:
    """Return the open part of the frontier as one line, None if no address was ever followed."""
    if db.execute("SELECT 1 FROM frontier LIMIT 1").fetchone() is None:
        return None
    rows = db.query(
        f"SELECT {', '.join(_COLUMNS)} FROM frontier WHERE state IN ('waiting', 'failed') "
        "ORDER BY url"
    )
    filled = ({name: value for name, value in row.items() if value is not None} for row in rows)
    return json.dumps(list(filled), ensure_ascii=True, separators=(",", ":"))


def unpack(content: bytes, told_at: str) -> Owed | None:
    """Return what a warcinfo record says of the frontier, None if it says nothing that fits."""
    mark = f"{FIELD}: ".encode()
    line = next((line for line in content.splitlines() if line.startswith(mark)), None)
    if line is None:
        return None
    try:
        rows = json.loads(line[len(mark) :])
        fits = all(row["state"] in _OPEN and row["url"] and row["known_at"] for row in rows)
    except (ValueError, TypeError, KeyError):
        return None
    return Owed(
        told_at, [{name: row.get(name) for name in _COLUMNS} for row in rows] if fits else []
    )


def latest(found: Iterable[Owed]) -> Owed | None:
    """Return the state of the latest moment, None where there is none."""
    return max(found, key=lambda owed: owed.told_at, default=None)


def take_over(db: Database, run_id: int, owed: Owed) -> None:
    """Bring a frontier to a state that another archive had, inside the caller's transaction.

    Addresses visited since that moment stay as they are; others that it does not name are done.
    """
    db.execute(
        "UPDATE frontier SET state = 'done', due_at = NULL WHERE coalesce(visited_at, '') <= ?",
        [owed.told_at],
    )
    updates = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
    db.conn.executemany(
        f"INSERT INTO frontier ({', '.join(_COLUMNS)}, run_id) "
        f"VALUES ({', '.join(f':{name}' for name in _COLUMNS)}, :run_id) "
        f"ON CONFLICT (url) DO UPDATE SET {updates}, run_id = excluded.run_id "
        "WHERE coalesce(frontier.visited_at, '') <= :told_at",
        [
            {**row, "attempts": row["attempts"] or 0, "run_id": run_id, "told_at": owed.told_at}
            for row in owed.rows
        ],
    )
