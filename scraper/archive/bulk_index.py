"""Adds many new rows to both full-text indexes at once, in the transaction that inserts them.

FTS5 writes its pending terms to the disk whenever a statement begins that has a trigger, so an
index that is kept by triggers is written once for each row. Here the triggers are absent while the
rows are inserted, and one statement indexes them all. Rows, index and triggers are committed
together: no reader ever sees one without the other, and neither does the next run after a kill.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from scraper.archive.schema import FULL_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

FEWEST = 16  # articles; for fewer it is not worth changing the schema


@contextmanager
def indexed_at_once(db: Database, last: int, count: int) -> Iterator[None]:
    """Run a block that inserts the articles after id ``last`` and their words, and index them.

    Within the caller's transaction.

    Args:
        db: the archive.
        last: the highest id of an article before.
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
        db.execute(
            f"INSERT INTO {name}(rowid, {names}) "
            f"SELECT {rowid}, {names} FROM {table} WHERE {rowid} > ? ORDER BY {rowid}",
            [last],
        )
    for statement in statements:
        db.execute(statement)
