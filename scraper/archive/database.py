"""Opens the archive's SQLite file: pragmas, migrations, and errors a person can act on."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from sqlite_utils import Database

from scraper.archive.schema import load_names, migrations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# STRICT tables came with 3.37, the trigram tokenizer with 3.34.
OLDEST_SQLITE = (3, 37, 0)
BUSY_SECONDS = 30


class ArchiveError(Exception):
    """The archive cannot be used as asked; the message says which file and what to do."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file itself into an ArchiveError that names it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        advice = {
            "SQLITE_FULL": "the disk is full; free some space and run the command again",
            "SQLITE_READONLY": "the file or its folder is read-only; check owner and permissions",
            "SQLITE_CANTOPEN": "it cannot be opened; check that the folder exists and is readable",
            "SQLITE_BUSY": "another program has kept it locked; close it and try again",
            "SQLITE_IOERR": "the disk reports an error; check the disk before anything else",
        }
        name = getattr(error, "sqlite_errorname", "") or ""
        for prefix, sentence in advice.items():
            if name.startswith(prefix):
                raise ArchiveError(f"{path}: {sentence} ({error})") from error
        raise
    except sqlite3.DatabaseError as error:
        raise ArchiveError(
            f"{path}: not a usable SQLite database ({error}). Restore a snapshot, or move the "
            f"file away and import the WARC files beside it into a new one."
        ) from error


def open_for_writing(path: Path) -> Database:
    """Open an archive, making or migrating it where needed.

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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"{path.parent}: the folder cannot be made ({error})") from error
    with explained(path), ExitStack() as undo:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
        undo.callback(connection.close)
        connection.execute("PRAGMA journal_mode = WAL")
        # Each commit reaches the disk. With NORMAL a power cut may cost the last of them: rows
        # whose WARC file is closed already, so that no later run would look for their records.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        db = Database(connection)
        _refuse_foreign(db, path)
        migrations.apply(db)
        load_names(db)
        undo.pop_all()
        return db


def _refuse_foreign(db: Database, path: Path) -> None:
    """Raise ArchiveError for another program's database, or one of a newer thaigov."""
    applied = {migration.name for migration in migrations.applied(db)}
    if not applied and db.table_names():
        raise ArchiveError(f"{path}: this SQLite file is no thaigov archive; nothing was changed")
    ours = {migration.name for migration in migrations.pending(Database(memory=True))}
    if newer := sorted(applied - ours):
        raise ArchiveError(
            f"{path}: made by a newer thaigov (it has {newer[-1]}); upgrade this installation"
        )


def open_for_reading(path: Path) -> Database:
    """Open an existing archive read-only; a running writer does not disturb it.

    Raises:
        ArchiveError: no such file, or it is no archive.
    """
    if not path.is_file():
        raise ArchiveError(
            f"{path}: no archive there. `thaigov demo`, `thaigov import` and `thaigov crawl` make "
            f"one; --db or THAIGOV_DB names another place."
        )
    with explained(path), ExitStack() as undo:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS
        )
        undo.callback(connection.close)
        db = Database(connection)
        if "articles_fts" not in db.table_names():
            raise ArchiveError(f"{path}: this SQLite file is not a thaigov archive")
        undo.pop_all()
        return db
