"""Adds many new rows to both full-text indexes at once, in the transaction that inserts them.

FTS5 flushes its pending terms to disk at the start of each statement that fires a trigger, so an
index maintained by triggers is written once per row. Here the triggers are dropped while the rows
are inserted, and one statement indexes them all. Rows, index and triggers are committed together:
no reader ever sees one without the other, and neither does the next run after a kill.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from scraper import timing
from scraper.archive.schema import FULL_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

FEWEST = 16  # articles; for fewer it is not worth changing the schema
# A run that added at least so many articles, and such a share of all, merges the index at its end.
MANY, MANY_SHARE = 1_000, 0.25
_PAGES = 2_048  # of the index written in one transaction: 8 MB of write-ahead log


def merge_if_many(db: Database, added: int) -> None:
    """Merge the segments of both indexes if a run added many articles.

    One segment takes less space and is searched faster than many. It is done in steps, each a
    transaction: a kill only leaves the rest unmerged.
    """
    (articles,) = db.execute("SELECT count(*) FROM articles").fetchone()
    if added < max(MANY, MANY_SHARE * articles):
        return
    for name in FULL_TEXT:
        pages = -_PAGES  # the first call chooses all segments
        changed = 2
        while changed >= 2:  # fewer: nothing was left to do (FTS5's documentation)
            before = db.conn.total_changes
            with db.atomic(), timing.part("merge indexes"):
                db.execute(f"INSERT INTO {name}({name}, rank) VALUES ('merge', ?)", [pages])
            changed = db.conn.total_changes - before
            pages = _PAGES


@contextmanager
def indexed_at_once(db: Database, last: int, count: int) -> Iterator[None]:
    """Index at once the articles after id ``last``, and their words, that the block inserts.

    Runs within the caller's transaction.

    Args:
        db: the archive.
        last: the highest article id before the block.
        count: number of articles that the block inserts.
    """
    if count < FEWEST:
        yield
        return
    triggers = [(f"{name}_insert", name) for name in FULL_TEXT]
    statements = [
        db.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?", [trigger])
        .fetchone()[0]
        for trigger, _ in triggers
    ]  # fmt: skip
    for trigger, _ in triggers:
        db.execute(f"DROP TRIGGER {trigger}")
    yield
    for name, (table, rowid, columns) in FULL_TEXT.items():
        names = ", ".join(columns)
        with timing.part(f"index {table}"):
            db.execute(
                f"INSERT INTO {name}(rowid, {names}) "
                f"SELECT {rowid}, {names} FROM {table} WHERE {rowid} > ? ORDER BY {rowid}",
                [last],
            )
    for statement in statements:
        db.execute(statement)
