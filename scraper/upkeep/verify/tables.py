"""Checks of the database: its pages, its schema, its keys and both text indexes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from sqlite_utils import Database

from scraper.archive.schema import migrations
from scraper.upkeep.verify.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT_INDEXES = ("articles_fts", "article_words_fts")
FTS_PARTS = ("data", "idx", "docsize", "config")  # the tables behind an FTS5 table


class SchemaObject(NamedTuple):
    """``table``, ``index``, ``trigger`` or ``view``, and the SQL that makes it."""

    kind: str
    sql: str


def table_damages(db: Database) -> Iterator[Damage]:
    """Yield what SQLite itself and a comparison with a new archive's schema find wrong."""
    for (told,) in db.execute("PRAGMA integrity_check").fetchall():
        if told != "ok":
            yield Damage("database", told)
    for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
        what = f"{table}, row {rowid}: what it refers to in {parent} is not there"
        yield Damage("foreign-keys", what)
    yield from (Damage("schema", f"{name} {fault}") for name, fault in schema_faults(db))


def broken_indexes(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield the text indexes that are out of step with their tables, with what SQLite says.

    Args:
        connection: open for writing, since FTS5 takes its check as an INSERT. Nothing is written:
            the transaction is rolled back.

    Raises:
        sqlite3.DatabaseError: something else is wrong, such as the disk.
    """
    for index in TEXT_INDEXES:
        connection.execute("BEGIN IMMEDIATE")  # not in the try: no fault of the index
        try:
            connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR}:
                raise
            yield index, str(error)
        finally:
            connection.rollback()


def schema_faults(db: Database) -> Iterator[tuple[str, str]]:
    """Yield the names of what is absent from the schema, or not as this program makes it."""
    stored = objects(db)
    for name, made in fresh_schema().items():
        if name not in stored:
            yield name, "is not there"
        elif stored[name] != made:
            yield name, "is not as this program makes it"


def fresh_schema() -> dict[str, SchemaObject]:
    """Return the objects of a new archive, by name, in the order in which they are made."""
    with closing(sqlite3.connect(":memory:")) as connection:
        fresh = Database(connection)
        migrations.apply(fresh)
        return objects(fresh)


def objects(db: Database) -> dict[str, SchemaObject]:
    """Return the tables, indexes, triggers and views of an archive, by name.

    What SQLite makes of its own accord, such as the tables behind an FTS5 table, is left out.
    """
    rows = db.execute("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL")
    hidden = tuple(f"{index}_{part}" for index in TEXT_INDEXES for part in FTS_PARTS)
    return {name: SchemaObject(kind, sql) for name, kind, sql in rows if name not in hidden}
