"""Explains errors of the machine: what it ran out of, which file is affected, what to do."""

from __future__ import annotations

import errno
import sqlite3
from typing import TYPE_CHECKING, Final

from scraper.archive.errors import explanation

if TYPE_CHECKING:
    from pathlib import Path

DB: Final = "scraper.cli.db"  # key of the archive in click's context and those around it
KEPT: Final = "What was captured is kept; run the command again"
# What to do about an error of the operating system.
RETRY_ADVICE: Final = {
    errno.EDQUOT: "when there is room: the disk quota is used up",
    errno.EIO: "when the disk is healthy: it reports an error, so check it first",
    errno.EMFILE: "with more open files allowed (`ulimit -n`)",
    errno.ENFILE: "when the whole machine has fewer files open",
    errno.ENOMEM: "when the machine has more memory, or with fewer --workers",
    errno.ENOSPC: "when there is room: the disk is full",
}


def failure_message(error: BaseException, db: Path | None = None) -> str:
    """Return the message for an error that ended a command.

    Args:
        error: what was raised.
        db: the archive of the command, which errors of SQLite do not name.
    """
    if isinstance(error, sqlite3.Error) and db is not None:
        return f"{db}: {explanation(error) or error}"
    if isinstance(error, MemoryError):
        return f"memory ran out. {KEPT} {RETRY_ADVICE[errno.ENOMEM]}"
    if isinstance(error, OSError) and error.errno in RETRY_ADVICE:
        file = f"{error.filename}: " if error.filename else ""
        return f"{file}{error.strerror}. {KEPT} {RETRY_ADVICE[error.errno]}"
    return str(error)
