"""``ArchiveError``, which every command reports in one sentence, also for SQLite's errors."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scraper.errors import ReportedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_SECONDS = 30  # how long a write waits for another program's transaction to end

# By prefix of SQLite's error name.
SQLITE_ADVICE = {
    "SQLITE_FULL": "the disk is full; free some space and run the command again",
    "SQLITE_READONLY": "the file or its folder is read-only; check owner and permissions",
    "SQLITE_CANTOPEN": "it cannot be opened; check that the folder exists, that this user may "
    "read it, and that the process may open more files (`ulimit -n`)",
    "SQLITE_BUSY": f"another program kept a transaction open on this file for {BUSY_SECONDS} "
    "seconds (a database browser, sqlite3, Litestream?); `fuser -v` with the file's name shows "
    "which. End its transaction and run the command again: stored captures are kept",
    "SQLITE_PROTOCOL": "another program keeps opening and closing it; run the command again",
    "SQLITE_IOERR_SHM": "SQLite cannot create its files beside it; the disk is full, or does not "
    "support shared memory (a network share?)",
    "SQLITE_IOERR": "the disk reports an error; check the disk before anything else",
    "SQLITE_NOMEM": "there is not enough memory; close other programs and run the command again",
}
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class ArchiveError(ReportedError):
    """The archive cannot be used as requested; the message names the file and what to do."""


class DiskError(ArchiveError, OSError):
    """The operating system cannot write a file; the message names it and says what was kept."""


@contextmanager
def explain_errors(path: Path) -> Iterator[None]:
    """Convert SQLite's errors about the file into an ``ArchiveError`` that names it."""
    try:
        yield
    except (sqlite3.DatabaseError, MemoryError) as error:
        if (sentence := explanation(error)) is None:
            raise
        raise ArchiveError(f"{path}: {sentence}") from error


def explanation(error: BaseException) -> str | None:
    """Return what an error of SQLite means and what to do about it, None if that is not known."""
    no_memory = "SQLITE_NOMEM" if isinstance(error, MemoryError) else ""
    name = getattr(error, "sqlite_errorname", None) or no_memory
    for prefix, sentence in SQLITE_ADVICE.items():
        if name.startswith(prefix):
            return f"{sentence} ({error})" if str(error) else sentence
    if name.startswith(DAMAGED):
        return (
            f"not a usable SQLite database ({error}). Restore a snapshot, or move the file away "
            f"and restore it from the WARC files beside it with `thaigov import warc --own` "
            f"(docs/maintain.md)"
        )
    return None
