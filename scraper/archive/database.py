"""Opens the archive's SQLite file: pragmas, migrations, and errors a person can act on."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlite_utils import Database

from scraper.archive.errors import BUSY_SECONDS, ArchiveError, explain_errors
from scraper.archive.opening import (
    OBJECT_NAMES,
    connect_to_read,
    open_untouched,
    real_path,
    warc_folder,
)
from scraper.archive.schema import load_names, migrations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.archive.opening import ReadConnection

__all__ = [
    "ArchiveError", "explain_errors", "open_for_reading", "open_for_writing", "real_path",
    "refuse_foreign", "warc_folder",
]  # fmt: skip

# STRICT tables need 3.37, the trigram tokenizer 3.34.
OLDEST_SQLITE = (3, 37, 0)


class FileKind(Enum):
    """What a file is: an archive, still empty, or another program's."""

    ARCHIVE = "archive"
    NOTHING = "nothing"
    FOREIGN = "foreign"


class FileContents(NamedTuple):
    """The kind of a file, and those of its migrations that this version does not know."""

    kind: FileKind
    unknown: tuple[str, ...] = ()


class WritingDatabase(Database):
    """A database whose transactions take the write lock when they begin.

    A transaction that reads before it writes fails at once if there is another writer, because
    what it read may be stale. One that begins with the lock waits for its turn.
    """

    @contextmanager
    def atomic(self) -> Iterator[Database]:
        """Run the block in a transaction, or in a savepoint if there is a transaction already."""
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
    """A read-only database; closing it fails if its file changed behind SQLite's back."""

    def __init__(self, reader: ReadConnection, path: Path) -> None:
        super().__init__(reader.connection)
        self._reader = reader
        self._path = path

    def close(self) -> None:
        """Close the connection.

        Raises:
            ArchiveError: the file was changed while open, which SQLite could not notice.
        """
        super().close()
        if self._reader.is_frozen and not self._reader.is_current(self._path):
            raise ArchiveError(
                f"{self._path}: the file was changed while it was read, and it cannot be locked "
                f"because this user may not write to its folder. Run the command again."
            )


def open_for_writing(path: Path) -> Database:
    """Open an archive; create or migrate it if needed.

    If the process is stopped before a new archive is complete, the next run completes it.

    Args:
        path: the database file; its folder is created too.

    Raises:
        ArchiveError: SQLite is too old, or the file cannot be opened or is not an archive.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise ArchiveError(
            f"this Python has SQLite {sqlite3.sqlite_version}; the archive needs {wanted} or later"
        )
    refuse_foreign(path)
    file = real_path(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"{file.parent}: the folder cannot be created ({error})") from error
    with explain_errors(path), ExitStack() as undo:
        connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level="IMMEDIATE")
        undo.callback(connection.close)
        _refuse(path, contents_of(connection))
        connection.execute("PRAGMA journal_mode = WAL")
        # Sync every commit. With NORMAL, a power cut may lose the last rows when their WARC file is
        # already closed, so that no later run would look for their records.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        db = WritingDatabase(connection)
        with db.atomic():
            migrations.apply(db)
            load_names(db)
        undo.pop_all()
        return db


def refuse_foreign(path: Path) -> None:
    """Raise ArchiveError unless a path is an archive or unused; change nothing.

    Call it before anything, such as a lock, is written beside the file.
    """
    file = real_path(path)
    try:
        if not file.exists():
            return
        if not file.is_file():
            raise ArchiveError(f"{path}: not a file; --db names the file of an archive")
        links = file.stat().st_nlink
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be examined ({error})") from error
    with open_untouched(file) as connection:
        _refuse(path, contents_of(connection))
    if links > 1:
        raise ArchiveError(
            f"{path}: this file has {links} names (hard links). SQLite keeps a log for each name, "
            f"so writing through two of them would destroy the archive; nothing was changed. Make "
            f"a copy, or use a symbolic link (`ln -s`), which is safe."
        )


def _refuse(path: Path, contents: FileContents) -> None:
    if contents.kind is FileKind.FOREIGN:
        raise ArchiveError(
            f"{path}: this SQLite file is not a thaigov archive; nothing was changed"
        )
    if contents.unknown:
        raise ArchiveError(
            f"{path}: made by a newer thaigov (it has {contents.unknown[-1]}); nothing was "
            f"changed. Upgrade thaigov"
        )


def contents_of(connection: sqlite3.Connection) -> FileContents:
    """Return the kind of a database, by its tables.

    An archive whose creation was interrupted has no tables, or only an empty table of migrations.
    """
    table = migrations.migrations_table
    names = {name for (name,) in connection.execute(OBJECT_NAMES)}
    applied = _applied(connection) if table in names else set()
    if ours := {name for owner, name in applied if owner == migrations.name}:
        known = {migration.name for migration in migrations.pending(Database(memory=True))}
        return FileContents(FileKind.ARCHIVE, tuple(sorted(ours - known)))
    marks = {_pragma(connection, name) for name in ("application_id", "user_version")}
    indexes = {name for name in names if name.startswith(f"idx_{table}_")}
    is_empty = not names - indexes - {table} and not applied and marks == {0}
    return FileContents(FileKind.NOTHING if is_empty else FileKind.FOREIGN)


def _applied(connection: sqlite3.Connection) -> set[tuple[Any, Any]]:
    """Return owner and name of each applied migration, None for a column the table lacks."""
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
        ArchiveError: there is no such file, or it is not an archive.
    """
    file = real_path(path)
    if not file.is_file():
        if file.exists():
            raise ArchiveError(f"{path}: not a file; --db names the file of an archive")
        raise ArchiveError(
            f"{path}: no archive there. Create one with `thaigov demo`, `thaigov import` or "
            f"`thaigov crawl`, or name another file with --db or THAIGOV_DB."
        )
    with open_untouched(file) as connection:
        kind = contents_of(connection).kind
    if kind is FileKind.FOREIGN:
        raise ArchiveError(f"{path}: this SQLite file is not a thaigov archive")
    if kind is FileKind.NOTHING:
        raise ArchiveError(
            f"{path}: no archive there yet, the file is empty. If a command was stopped while it "
            f"was creating one, run that command again."
        )
    try:
        with explain_errors(path):
            return ReadingDatabase(connect_to_read(file), path)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read ({error})") from error
