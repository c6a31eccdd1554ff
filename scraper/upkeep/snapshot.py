"""A copy of an archive for publishing: consistent, compact, sound, in one file that nobody writes.

Runs may write meanwhile: the copy is the archive as it was at one moment. It appears under its
name whole or not at all. Knows nothing of WARC files; a snapshot holds what was read from them.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from scraper.archive.database import ArchiveError, explain_errors, open_for_reading
from scraper.archive.lock import ArchiveLockedError
from scraper.upkeep.verify.tables import TEXT_INDEXES, broken_indexes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READ_ONLY = 0o444
MAGIC, WAL = b"SQLite format 3\0", 2  # the first bytes of a database, and the value of byte 18
# How much is done between two looks for a signal: steps of SQLite's machine (some hundred texts),
# pages that are copied, pages of an index that are merged.
STEPS, PAGES, MERGED = 1_000, 10_000, 5_000


def make_snapshot(archive: Path, target: Path) -> Path:
    """Copy an archive, replacing an older snapshot.

    Args:
        archive: the database to copy; a run may be writing to it.
        target: the file that the snapshot becomes; its folder must have room for two copies.

    Returns:
        The file itself, where ``target`` is a symbolic link.

    Raises:
        ArchiveError: there is no archive, its copy is not sound, ``target`` is something else
            than a snapshot, or the disk does not take it. No file was changed.
        ArchiveLockedError: another process is making the same snapshot.
    """
    target = target.resolve()
    open_for_reading(archive).close()
    _refuse_to_replace(target, archive)
    with _workshop(target) as folder:
        draft, final = folder / "draft.db", folder / "final.db"
        with _blamed(archive, target):
            _copy(archive, draft)
            _tidy(draft, final)
            _check(final, archive)
        _publish(final, target)
    return target


@contextmanager
def _blamed(archive: Path, target: Path) -> Iterator[None]:
    """Explain SQLite's errors: those of the disk are the copy's, all others the archive's."""
    with explain_errors(archive):
        try:
            yield
        except sqlite3.OperationalError:
            with explain_errors(target):
                raise


def _refuse_to_replace(target: Path, archive: Path) -> None:
    """Raise ArchiveError unless the name is free or an older snapshot has it."""
    if not target.parent.is_dir():
        raise ArchiveError(f"{target.parent}: no such folder; make it, or name another file")
    if target.exists() and target.samefile(archive):
        raise ArchiveError(f"{target} is the archive itself; name another file for the snapshot")
    for suffix in ("-wal", "-journal"):
        if (beside := target.with_name(target.name + suffix)).exists():
            raise ArchiveError(f"{beside}: {target.name} is in use by a writer; name another file")
    if target.exists() and not _is_snapshot(target):
        raise ArchiveError(
            f"{target} is there and is no snapshot of a thaigov archive; nothing was changed. "
            f"Name another file"
        )


def _is_snapshot(path: Path) -> bool:
    """Say whether a file is an archive that nobody writes to: archives in use are in WAL mode."""
    try:
        with path.open("rb") as file:
            header = file.read(20)
        if not header.startswith(MAGIC) or header[18] == WAL:
            return False
        open_for_reading(path).close()
    except (OSError, ArchiveError):
        return False
    return True


@contextmanager
def _workshop(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside the target, for one maker at a time; it does not stay.

    What a killed maker left is removed.
    """
    folder = target.with_name(f".{target.name}.making")
    lock = FileLock(folder / "lock")
    try:
        folder.mkdir(exist_ok=True)
        lock.acquire(timeout=0)
        for left in folder.glob("*.db*"):
            left.unlink()
    except Timeout:
        raise ArchiveLockedError(f"{target}: another process is making it just now") from None
    except OSError as error:
        raise ArchiveError(f"{target}: nothing can be written in its folder ({error})") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # the next maker clears what stays
        lock.release()


def _copy(archive: Path, draft: Path) -> None:
    """Copy an archive as it is at this moment, page by page."""
    with open_for_reading(archive) as db, _draft(draft) as copy:
        # One transaction around all steps; else each commit of a writer would begin the copy anew.
        db.execute("BEGIN")
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
        db.conn.backup(copy, pages=PAGES, progress=lambda *_: None)


@contextmanager
def _draft(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy that nobody is to keep: no journal, since it is thrown away if anything fails."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        yield connection


def _tidy(draft: Path, final: Path) -> None:
    """Merge a copy's text indexes, count its values for the planner, and write it compactly."""
    with _draft(draft) as connection:
        for index in TEXT_INDEXES:
            _merge(connection, index)
        connection.execute("ANALYZE")
        with _interruptible(connection):
            connection.execute("VACUUM INTO ?", [str(final)])
    draft.unlink()


def _merge(connection: sqlite3.Connection, index: str) -> None:
    """Merge a text index into one piece: FTS5's ``optimize`` in steps that a signal can part."""
    step = f"INSERT INTO {index}({index}, rank) VALUES ('merge', ?)"
    connection.execute(step, [-MERGED])
    changes = -2
    while connection.total_changes - changes >= 2:  # the step itself counts as one change
        changes = connection.total_changes
        connection.execute(step, [MERGED])


def _check(final: Path, archive: Path) -> None:
    """Raise ArchiveError unless a copy is sound."""
    with (
        closing(sqlite3.connect(final, isolation_level=None)) as connection,
        _interruptible(connection),
    ):
        faults = [told for (told,) in connection.execute("PRAGMA quick_check") if told != "ok"]
        for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            faults.append(f"{table}, row {row}: what it refers to in {parent} is not there")
        faults += [f"{index}: {told}" for index, told in broken_indexes(connection)]
    if faults:
        raise ArchiveError(
            f"{archive} is not sound, so no snapshot was made of it ({faults[0]}; {len(faults)} "
            f"in all). `thaigov verify` tells more, and `thaigov verify --repair` may mend it"
        )


def _publish(final: Path, target: Path) -> None:
    """Give a finished copy its name, once it is on the disk."""
    try:
        final.chmod(READ_ONLY)
        _sync(final)
        final.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise ArchiveError(f"{target}: the snapshot cannot be put there ({error})") from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _interruptible(connection: sqlite3.Connection) -> Iterator[None]:
    """Let a signal end a statement that takes minutes; else Python would see it only afterwards.

    Raises:
        KeyboardInterrupt: that happened.
    """
    connection.set_progress_handler(lambda: 0, STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        raise
    finally:
        connection.set_progress_handler(None, 0)
