"""``sqlite``: a database of only the articles and facts, which any program can serve.

It has no captures, words, text indexes or SQL functions of ours: about the size of its texts.
Foreign keys lead Datasette from a fact to what it refers to.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from scraper.export.delimited import write_tables
from scraper.export.format import Format
from scraper.export.model import ColumnType

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scraper.export.delimited import RowWriter
    from scraper.export.format import Notes, Options
    from scraper.export.model import Row, Table
    from scraper.export.selection import Selection

SQL_TYPES = {
    ColumnType.INTEGER: "INTEGER", ColumnType.BOOLEAN: "INTEGER", ColumnType.REAL: "REAL",
}  # fmt: skip
PAGE_SIZE = 2048  # bytes; of the sizes from 1 to 16 KiB this leaves the least of a page empty
# Columns that only sum up another table: agency_mentions has each of these places.
LEFT_OUT = {("article_agencies", "evidence")}
INDEXED = ("published_on", "ministry", "category")  # columns of articles


def write_sqlite(selection: Selection, out: Path, options: Options) -> Notes:
    """Write every table, without columns that only repeat another table, such as lists."""
    del options
    draft = out.with_name(f"{out.name}.draft")
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        # If anything fails, the file is deleted.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for table in selection.tables:
            connection.execute(_create(table, selection))

        def writer_of(table: Table) -> RowWriter:
            stored = _stored(table)
            sql = f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(stored))})"

            def write(rows: Iterable[Row]) -> None:
                flat = map(table.flat, rows)
                connection.executemany(sql, ([row[n] for n in stored] for row in flat))

            return write

        write_tables(selection, writer_of)
        for column in INDEXED:
            connection.execute(f"CREATE INDEX articles_by_{column} ON articles({column})")
        for table in selection.facts:
            for column in (c.name for c in table.columns if c.refers):
                connection.execute(
                    f"CREATE INDEX {table.name}_by_{column} ON {table.name}({column})"
                )
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        # Index entries arrive in random order, so the pages of the draft are partly empty.
        connection.execute("VACUUM INTO ?", [str(out)])
    draft.unlink()
    return []


def _stored(table: Table) -> list[int]:
    """Return which columns of a table are stored."""
    columns = table.columns[: len(table.columns) - len(table.listed)]
    return [n for n, column in enumerate(columns) if (table.name, column.name) not in LEFT_OUT]


def _create(table: Table, selection: Selection) -> str:
    """Return the statement that creates a table."""
    known = {other.name: other.key[0] for other in selection.tables}
    columns = [
        f"{column.name} {SQL_TYPES.get(column.type, 'TEXT')}"
        f"{' NOT NULL' if column.required else ''}"
        + (f" REFERENCES {column.refers}({known[column.refers]})" if column.refers in known else "")
        for column in map(table.columns.__getitem__, _stored(table))
    ]
    # A key of several columns would be stored twice, in the table and in its index; as the order
    # of the table itself (WITHOUT ROWID) it would leave half of the pages of long rows empty.
    if len(table.key) == 1:
        columns.append(f"PRIMARY KEY ({table.key[0]})")
    return f"CREATE TABLE {table.name} ({', '.join(columns)}) STRICT"


FORMAT = Format("sqlite", ".db", write_sqlite)
