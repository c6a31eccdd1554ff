"""``sqlite``: a database of the articles and facts alone, which any program serves.

Without captures, words, text indexes and SQL functions of ours: about the size of its texts.
Foreign keys lead Datasette from a fact to what it refers to.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from scraper.export.delimited import write_tables
from scraper.export.format import Format
from scraper.export.model import ColumnType, Role

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.export.delimited import RowWriter
    from scraper.export.format import Notes, Options
    from scraper.export.model import Table
    from scraper.export.selection import Selection

SQL_TYPES = {
    ColumnType.INTEGER: "INTEGER", ColumnType.BOOLEAN: "INTEGER", ColumnType.REAL: "REAL",
}  # fmt: skip
INDEXED = ("published_on", "ministry", "category")  # columns of articles


def write_sqlite(selection: Selection, out: Path, options: Options) -> Notes:
    """Write every table; lists of articles are left to the tables that they come from."""
    del options
    with closing(sqlite3.connect(out, isolation_level=None)) as connection:
        # If anything fails, the file is deleted.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for table in selection.tables:
            connection.execute(_create(table, selection))

        def writer_of(table: Table) -> RowWriter:
            stored = len(table.columns) - len(table.listed)
            sql = f"INSERT INTO {table.name} VALUES ({', '.join('?' * stored)})"
            return lambda rows: connection.executemany(
                sql, (table.flat(row)[:stored] for row in rows)
            )

        write_tables(selection, writer_of)
        for column in INDEXED:
            connection.execute(f"CREATE INDEX articles_by_{column} ON articles({column})")
        for table in selection.facts:
            for column in (
                c.name for c in table.columns if c.refers and c.name not in table.key[:1]
            ):
                connection.execute(
                    f"CREATE INDEX {table.name}_by_{column} ON {table.name}({column})"
                )
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
    return []


def _create(table: Table, selection: Selection) -> str:
    """Return the statement that creates a table, its rows in the order of its key."""
    known = {other.name: other.key[0] for other in selection.tables}
    columns = [
        f"{column.name} {SQL_TYPES.get(column.type, 'TEXT')}"
        f"{' NOT NULL' if column.required else ''}"
        + (f" REFERENCES {column.refers}({known[column.refers]})" if column.refers in known else "")
        for column in table.columns[: len(table.columns) - len(table.listed)]
    ]
    columns.append(f"PRIMARY KEY ({', '.join(table.key)})")
    # A key of several columns would be stored twice, in the table and in its index.
    is_ordered_by_key = table.role is Role.FACTS and len(table.key) > 1
    options = "STRICT, WITHOUT ROWID" if is_ordered_by_key else "STRICT"
    return f"CREATE TABLE {table.name} ({', '.join(columns)}) {options}"


FORMAT = Format("sqlite", ".db", write_sqlite)
