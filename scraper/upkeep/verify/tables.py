"""Checks the database itself: its pages, schema, foreign keys and text indexes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from sqlite_utils import Database

from scraper.archive.attachment_tables import TEXTS_INDEX
from scraper.archive.schema import migrations
from scraper.upkeep.verify.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT_INDEXES = ("articles_fts", "article_words_fts", "article_revisions_fts", TEXTS_INDEX)
FTS_PARTS = ("data", "idx", "docsize", "config")  # tables that FTS5 makes for each index


class SchemaObject(NamedTuple):
    """The kind (``table``, ``index``, ``trigger`` or ``view``) and the SQL of an object."""

    kind: str
    sql: str


def table_damages(db: Database) -> Iterator[Damage]:
    """Yield the damage that SQLite reports, and deviations from the schema of a new archive."""
    for (text,) in db.execute("PRAGMA integrity_check").fetchall():
        if text != "ok":
            yield Damage("database", text)
    yield from (Damage("foreign-keys", detail) for detail in dangling_references(db.conn))
    yield from (Damage("schema", f"{name} {fault}") for name, fault in schema_faults(db))


def dangling_references(connection: sqlite3.Connection) -> list[str]:
    """Return a sentence for each row that refers to a row that does not exist."""
    return [
        f"{table}, row {rowid}: the row of {parent} that it refers to is missing"
        for table, rowid, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchall()
    ]


def broken_indexes(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield the text indexes that do not match their tables, with SQLite's message.

    Args:
        connection: open for writing, since FTS5 runs its check as an INSERT. Nothing is written:
            the transaction is rolled back.

    Raises:
        sqlite3.DatabaseError: for another reason, such as a full disk.
    """
    for index in TEXT_INDEXES:
        connection.execute("BEGIN IMMEDIATE")  # outside the try: its errors are not about the index
        try:
            connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR}:
                raise
            yield index, str(error)
        finally:
            connection.rollback()


def schema_faults(db: Database) -> Iterator[tuple[str, str]]:
    """Yield the objects that differ from the schema of a new archive, and how."""
    stored = schema_objects(db)
    for name, fresh in fresh_schema().items():
        if name not in stored:
            yield name, "is missing"
        elif stored[name] != fresh:
            yield name, "differs from the one that this program creates"


def fresh_schema() -> dict[str, SchemaObject]:
    """Return the objects of a new archive by name, in the order of their creation."""
    with closing(sqlite3.connect(":memory:")) as connection:
        fresh = Database(connection)
        migrations.apply(fresh)
        return schema_objects(fresh)


def schema_objects(db: Database) -> dict[str, SchemaObject]:
    """Return the tables, indexes, triggers and views of an archive by name.

    Those that SQLite makes itself, such as the tables of an FTS5 index, are left out.
    """
    rows = db.execute("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL")
    hidden = tuple(f"{index}_{part}" for index in TEXT_INDEXES for part in FTS_PARTS)
    return {name: SchemaObject(kind, sql) for name, kind, sql in rows if name not in hidden}
