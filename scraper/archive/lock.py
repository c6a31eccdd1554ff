"""Allows one writer per archive; the operating system releases the lock if the writer dies."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from filelock import FileLock, Timeout

from scraper.archive.errors import ArchiveError
from scraper.archive.opening import real_path
from scraper.clock import from_iso, now, to_iso

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database


RESERVED_BYTES = 64 * 1024  # a small transaction in SQLite's log


class ArchiveLockedError(ArchiveError):
    """Another run is writing to the archive; the message names its process and start."""

    exit_code = 5


class LockHolder(NamedTuple):
    """The process that holds the lock of an archive.

    Attributes:
        pid: its process id.
        since: when it took the lock.
        is_run: whether it has a row in ``runs``; ``verify`` has none.
    """

    pid: int
    since: datetime
    is_run: bool = True

    def __str__(self) -> str:
        return f"process {self.pid}, since {to_iso(self.since)}"


def lock_holder(database: Path) -> LockHolder | None:
    """Return the process that is writing to an archive, or None.

    Never blocks a writer: the lock is tested only if there is a note, and only as a shared lock.
    """
    lock = lock_path(database)
    try:
        note = json.loads(note_path(database).read_text())
        found = LockHolder(note["pid"], from_iso(note["since"]), note.get("is_run", True))
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return found
    except (OSError, ValueError, KeyError, TypeError):
        return None  # there is no note, or it is just being written
    return None  # the note of a killed run


def active_run(db: Database, holder: LockHolder | None) -> int | None:
    """Return the id of the run that is writing to an archive, or None.

    A row without an outcome is not enough, since a killed run leaves one too.

    Args:
        db: the archive.
        holder: the holder of its lock.
    """
    if holder is None or not holder.is_run:
        return None
    (run_id,) = db.execute("SELECT max(id) FROM runs WHERE outcome IS NULL").fetchone()
    return None if run_id is None else int(run_id)


def lock_path(database: Path) -> Path:
    """Return the path of an archive's lock file."""
    return _sibling(database, ".lock")


def note_path(database: Path) -> Path:
    """Return the path of the note that names the holder of an archive's lock."""
    return _sibling(database, ".lock.json")


def _sibling(database: Path, suffix: str) -> Path:
    file = real_path(database)
    return file.with_name(file.name + suffix)


class WriterLock:
    """A lock on one archive, held from construction to ``release``.

    The lock is on ``DB.lock``. The note ``DB.lock.json`` names its holder, for messages only; a
    stale note is overwritten. The note also reserves the disk space that a run needs to record its
    outcome when the disk is full.

    Args:
        database: the archive.
        is_run: whether the caller will add a row to ``runs``.

    Raises:
        ArchiveLockedError: another process holds the lock.
        ArchiveError: the lock file or the note cannot be written.
    """

    def __init__(self, database: Path, *, is_run: bool = True) -> None:
        lock = lock_path(database)
        self._note = note_path(database)
        self._lock = FileLock(lock)
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            holder = lock_holder(database) or "it has just started"
            raise ArchiveLockedError(
                f"{database}: another run is writing to it ({holder}). Wait until it has ended; "
                f"the archive can be read meanwhile."
            ) from None
        except OSError as error:
            raise ArchiveError(f"{lock}: cannot be locked ({error})") from error
        note = json.dumps({"pid": os.getpid(), "since": to_iso(now()), "is_run": is_run})
        try:
            self._note.write_text(note.ljust(RESERVED_BYTES))
        except OSError as error:
            with suppress(OSError):  # a partial note; the next writer overwrites it
                self._note.unlink(missing_ok=True)
            self._lock.release()
            raise ArchiveError(f"{self._note}: cannot be written ({error})") from error

    def make_room(self) -> None:
        """Free the disk space that the note reserves."""
        with suppress(OSError):  # the caller will run into the same error
            self._note.write_text(self._note.read_text().rstrip())

    def release(self) -> None:
        """Release the lock; harmless when called twice."""
        if self._lock.is_locked:
            self._note.unlink(missing_ok=True)
            self._lock.release()
