"""Opens the archive's SQLite file: pragmas, migrations, and errors a person can act on."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlite_utils import Database

from scraper.archive.errors import BUSY_SECONDS, ArchiveError, explained
from scraper.archive.opening import OBJECTS, connect_to_read, real_path, untouched, warc_folder
from scraper.archive.schema import load_names, migrations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.archive.opening import Reader

__all__ = [
    "ArchiveError", "explained", "open_for_reading", "open_for_writing", "real_path",
    "refuse_foreign", "warc_folder",
]  # fmt: skip

# STRICT tables came with 3.37, the trigram tokenizer with 3.34.
OLDEST_SQLITE = (3, 37, 0)


class Kind(Enum):
    """What a file holds: an archive, or nothing yet, or something that is none of ours."""

    ARCHIVE = "archive"
    NOTHING = "nothing"
    FOREIGN = "foreign"


class Contents(NamedTuple):
    """What a file holds, and the migrations of an archive that this version does not know."""

    kind: Kind
    unknown: tuple[str, ...] = ()


class WritingDatabase(Database):
    """A database of which every transaction takes the write lock when it begins.

    SQLite lets no transaction that has read first wait for another writer: it fails at once, since
    what it read may be stale. One that begins with the lock waits for its turn.
    """

    @contextmanager
    def atomic(self) -> Iterator[Database]:
        """Make a transaction around what is done inside; a savepoint where there is one already."""
        if self.conn.in_transaction:
            with super().atomic():
                yield self
            return
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            yield self
            self.conn.execute("COMMIT")
        except BaseException:
            self.rollback()
            raise


class ReadingDatabase(Database):
    """A database that is read; closing it fails if it was read in vain.

    Args:
        reader: its connection.
        path: its file.
    """

    def __init__(self, reader: Reader, path: Path) -> None:
        super().__init__(reader.connection)
        self._reader = reader
        self._path = path

    def close(self) -> None:
        """Close the connection.

        Raises:
            ArchiveError: the file was changed meanwhile, and SQLite could not notice.
        """
        super().close()
        if self._reader.is_frozen and not self._reader.is_current(self._path):
            raise ArchiveError(
                f"{self._path}: it was changed while it was read, and no lock can be kept in a "
                f"folder that this user may not write. Run the command again."
            )


def open_for_writing(path: Path) -> Database:
    """Open an archive, making or migrating it where needed.

    A new archive appears whole: whatever stops the process before leaves a file that the next run
    makes an archive of.

    Args:
        path: the database file; its folder is made too.

    Raises:
        ArchiveError: SQLite is too old, or the file cannot be opened or is no archive.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise ArchiveError(
            f"this Python brings SQLite {sqlite3.sqlite_version}; the archive needs {wanted}"
        )
    refuse_foreign(path)
    file = real_path(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"{file.parent}: the folder cannot be made ({error})") from error
    with explained(path), ExitStack() as undo:
        connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level="IMMEDIATE")
        undo.callback(connection.close)
        _refuse(path, contents_of(connection))
        connection.execute("PRAGMA journal_mode = WAL")
        # Each commit reaches the disk. With NORMAL a power cut may cost the last of them: rows
        # whose WARC file is closed already, so that no later run would look for their records.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        db = WritingDatabase(connection)
        with db.atomic():
            migrations.apply(db)
            load_names(db)
        undo.pop_all()
        return db


def refuse_foreign(path: Path) -> None:
    """Raise ArchiveError unless a path leads to an archive, or to nothing yet. Changes nothing.

    To be called before anything is written beside the file, such as a lock.
    """
    file = real_path(path)
    try:
        if not file.exists():
            return
        if not file.is_file():
            raise ArchiveError(f"{path}: this is no file; --db names the file of an archive")
        names = file.stat().st_nlink
    except OSError as error:
        raise ArchiveError(f"{path}: it cannot be looked at ({error})") from error
    with untouched(file) as connection:
        _refuse(path, contents_of(connection))
    if names > 1:
        raise ArchiveError(
            f"{path}: this file has {names} names (hard links). SQLite keeps a log for each name, "
            f"and writing through two of them destroys the archive; nothing was changed. Make a "
            f"copy, or use a symbolic link (`ln -s`), which is safe."
        )


def _refuse(path: Path, contents: Contents) -> None:
    if contents.kind is Kind.FOREIGN:
        raise ArchiveError(f"{path}: this SQLite file is no thaigov archive; nothing was changed")
    if contents.unknown:
        raise ArchiveError(
            f"{path}: made by a newer thaigov (it has {contents.unknown[-1]}); nothing was "
            f"changed. Upgrade this installation"
        )


def contents_of(connection: sqlite3.Connection) -> Contents:
    """Return what a database holds, by its tables.

    An archive that was stopped while it was being made may have no tables, or only an empty one of
    migrations; so may nobody else's.
    """
    table = migrations.migrations_table
    names = {name for (name,) in connection.execute(OBJECTS)}
    applied = _applied(connection) if table in names else set()
    if ours := {name for owner, name in applied if owner == migrations.name}:
        known = {migration.name for migration in migrations.pending(Database(memory=True))}
        return Contents(Kind.ARCHIVE, tuple(sorted(ours - known)))
    marks = {_pragma(connection, mark) for mark in ("application_id", "user_version")}
    indexes = {name for name in names if name.startswith(f"idx_{table}_")}
    is_empty = not names - indexes - {table} and not applied and marks == {0}
    return Contents(Kind.NOTHING if is_empty else Kind.FOREIGN)


def _applied(connection: sqlite3.Connection) -> set[tuple[Any, Any]]:
    """Return owner and name of each migration; of a table of another make, something else."""
    cursor = connection.execute(f"SELECT * FROM {migrations.migrations_table}")
    columns = [name for name, *_ in cursor.description]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor]
    return {(row.get("migration_set"), row.get("name")) for row in rows}


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    ((value,),) = connection.execute(f"PRAGMA {name}")
    return int(value)


def open_for_reading(path: Path) -> Database:
    """Open an existing archive read-only; a running writer does not disturb it.

    Raises:
        ArchiveError: no such file, or it is no archive.
    """
    file = real_path(path)
    if not file.is_file():
        raise ArchiveError(
            f"{path}: no archive there. `thaigov demo`, `thaigov import` and `thaigov crawl` make "
            f"one; --db or THAIGOV_DB names another place."
        )
    with untouched(file) as connection:
        kind = contents_of(connection).kind
    if kind is Kind.FOREIGN:
        raise ArchiveError(f"{path}: this SQLite file is not a thaigov archive")
    if kind is Kind.NOTHING:
        raise ArchiveError(
            f"{path}: no archive there yet, the file is empty. If a command was stopped while it "
            f"was making one, run that command again."
        )
    try:
        with explained(path):
            return ReadingDatabase(connect_to_read(file), path)
    except OSError as error:
        raise ArchiveError(f"{path}: it cannot be read ({error})") from error
