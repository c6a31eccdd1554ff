"""One writer per archive: a lock that the operating system lifts when its holder dies."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from scraper.archive.database import ArchiveError
from scraper.clock import now, to_iso

if TYPE_CHECKING:
    from pathlib import Path


class ArchiveLockedError(ArchiveError):
    """Another run is writing to the archive; the message says which process, since when."""


class WriterLock:
    """Held from construction to ``release``.

    The lock itself is on ``DB.lock``; who holds it stands in ``DB.lock.json``, for the message
    only: a stale note without a lock is overwritten.

    Raises:
        ArchiveLockedError: another process holds it.
    """

    def __init__(self, database: Path) -> None:
        lock = database.with_name(database.name + ".lock")
        self._note = lock.with_name(lock.name + ".json")
        self._lock = FileLock(lock)
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise ArchiveLockedError(
                f"{database}: another run is writing to it ({self._holder()}). Wait until it has "
                f"ended; reading is possible meanwhile."
            ) from None
        except OSError as error:
            raise ArchiveError(f"{lock}: the lock cannot be taken ({error})") from error
        self._note.write_text(json.dumps({"pid": os.getpid(), "since": to_iso(now())}))

    def release(self) -> None:
        """Let other processes write; harmless when called twice."""
        if self._lock.is_locked:
            self._note.unlink(missing_ok=True)
            self._lock.release()

    def _holder(self) -> str:
        try:
            note = json.loads(self._note.read_text())
            return f"process {note['pid']}, since {note['since']}"
        except (OSError, ValueError, KeyError):
            return "which has not yet left its name"
