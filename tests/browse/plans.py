"""Detects full scans of tables of texts from SQLite bytecode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

TEXTS = ("articles", "article_words")


def whole_reads(
    connection: sqlite3.Connection, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()
) -> list[str]:
    """Return the tables of texts that a statement scans completely, without an index.

    EXPLAIN QUERY PLAN names tables by alias; the bytecode opens them by root page.
    """
    roots = dict(
        connection.execute(
            "SELECT rootpage, name FROM sqlite_master WHERE name IN (?, ?)", TEXTS
        ).fetchall()
    )
    opened: dict[int, str] = {}
    found = []
    for _, operation, first, second, *_ in connection.execute(f"EXPLAIN {sql}", values):
        if operation == "OpenRead":
            opened.pop(first, None)
            if second in roots:
                opened[first] = roots[second]
        elif operation in {"Rewind", "Last"} and first in opened:
            found.append(opened[first])
    return found
