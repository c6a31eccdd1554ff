"""One writer per archive: a lock that the operating system lifts when its holder dies."""

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


RESERVE = 64 * 1024  # bytes: a small transaction in SQLite's log


class ArchiveLockedError(ArchiveError):
    """Another run is writing to the archive; the message says which process, since when."""

    exit_code = 5


class Holder(NamedTuple):
    """The process that holds the lock of an archive.

    Attributes:
        pid: its process id.
        since: when it took the lock.
        is_run: it has a row in ``runs``; ``verify`` has none.
    """

    pid: int
    since: datetime
    is_run: bool = True

    def __str__(self) -> str:
        return f"process {self.pid}, since {to_iso(self.since)}"


def holder(database: Path) -> Holder | None:
    """Return who writes to an archive at this moment, None if nobody does.

    A writer that begins meanwhile is not disturbed: only a note that someone left makes this look
    at the lock itself, and only for sharing.
    """
    lock = lock_path(database)
    try:
        note = json.loads(note_path(database).read_text())
        found = Holder(note["pid"], from_iso(note["since"]), note.get("is_run", True))
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return found
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no note, or one that is being written at this moment
    return None  # a killed run left its note


def running(db: Database, found: Holder | None) -> int | None:
    """Return the row of ``runs`` of the run that is alive, or None.

    A row without an outcome is not enough: a killed run leaves one, too.

    Args:
        db: the archive.
        found: who holds its lock.
    """
    if found is None or not found.is_run:
        return None
    (run_id,) = db.execute("SELECT max(id) FROM runs WHERE outcome IS NULL").fetchone()
    return None if run_id is None else int(run_id)


def lock_path(database: Path) -> Path:
    """Return the file that the lock of an archive is on."""
    return _beside(database, ".lock")


def note_path(database: Path) -> Path:
    """Return the file that says who holds the lock of an archive."""
    return _beside(database, ".lock.json")


def _beside(database: Path, suffix: str) -> Path:
    file = real_path(database)
    return file.with_name(file.name + suffix)


class WriterLock:
    """Held from construction to ``release``.

    The lock itself is on ``DB.lock``; who holds it stands in ``DB.lock.json``, for the message
    only: a stale note without a lock is overwritten. The note also reserves the space that a run
    needs to record how it ended when the disk is full.

    Args:
        database: the archive.
        is_run: the caller is about to enter a row in ``runs``.

    Raises:
        ArchiveLockedError: another process holds it.
        ArchiveError: it cannot be taken.
    """

    def __init__(self, database: Path, *, is_run: bool = True) -> None:
        lock = lock_path(database)
        self._note = note_path(database)
        self._lock = FileLock(lock)
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            told = holder(database) or "which has not yet left its name"
            raise ArchiveLockedError(
                f"{database}: another run is writing to it ({told}). Wait until it has ended; "
                f"reading is possible meanwhile."
            ) from None
        except OSError as error:
            raise ArchiveError(f"{lock}: the lock cannot be taken ({error})") from error
        note = json.dumps({"pid": os.getpid(), "since": to_iso(now()), "is_run": is_run})
        try:
            self._note.write_text(note.ljust(RESERVE))
        except OSError as error:
            with suppress(OSError):  # half a note; the next writer overwrites it
                self._note.unlink(missing_ok=True)
            self._lock.release()
            raise ArchiveError(f"{self._note}: it cannot be written ({error})") from error

    def make_room(self) -> None:
        """Free the space that the note reserves."""
        with suppress(OSError):  # the caller is about to find out that the disk takes nothing
            self._note.write_text(self._note.read_text().rstrip())

    def release(self) -> None:
        """Let other processes write; harmless when called twice."""
        if self._lock.is_locked:
            self._note.unlink(missing_ok=True)
            self._lock.release()
