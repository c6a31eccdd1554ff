"""Copies rows between archives in which the same runs, captures and articles have different ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlite_utils import Database


def columns_of(db: Database, table: str, *without: str) -> list[str]:
    """Return the columns of a table in order, except some."""
    found = db.execute("SELECT name FROM pragma_table_info(?)", [table]).fetchall()
    return [name for (name,) in found if name not in without]


def references(db: Database, table: str) -> dict[str, str]:
    """Return the table that each foreign key of a table refers to."""
    keys = db.execute(f"PRAGMA foreign_key_list('{table}')").fetchall()
    return {column: target for _, _, target, column, *_ in keys}


def mapped_rows(
    db: Database, table: str, columns: list[str], ids: Mapping[str, Mapping[Any, Any]]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table in order, with old ids replaced by new ones.

    Args:
        db: an archive.
        table: the table.
        columns: the columns to read.
        ids: by column, the new value of each old one; rows with a value that it lacks are left out.
    """
    places = [(columns.index(column), known) for column, known in ids.items()]
    for row in db.execute(f"SELECT {', '.join(columns)} FROM {table}"):
        values = list(row)
        for at, known in places:
            values[at] = known.get(values[at])
        if all(values[at] is not None for at, _ in places):
            yield tuple(values)


def insert(
    db: Database, table: str, columns: list[str], rows: Iterable[tuple[Any, ...]], more: str = ""
) -> None:
    """Insert rows; ``more`` follows the values, such as a conflict clause."""
    places = ", ".join("?" * len(columns))
    db.conn.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) {more}", rows
    )
