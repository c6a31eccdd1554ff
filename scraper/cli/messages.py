"""What a command says when the machine fails it: what is short, which file, what to do."""

from __future__ import annotations

import errno
from typing import Final

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


def failure_message(error: BaseException) -> str:
    """Return the message for an error that ended a command."""
    if isinstance(error, MemoryError):
        return f"memory ran out. {KEPT} {RETRY_ADVICE[errno.ENOMEM]}"
    if isinstance(error, OSError) and error.errno in RETRY_ADVICE:
        file = f"{error.filename}: " if error.filename else ""
        return f"{file}{error.strerror}. {KEPT} {RETRY_ADVICE[error.errno]}"
    return str(error)
