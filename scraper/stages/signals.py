"""The signals that ask a run to end, and how to put them off for a moment."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# `kill` and systemd, Ctrl-C, a terminal that is closed.
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put off the signals that end a run, so that nothing is left half made.

    Processes started inside inherit that: Ctrl-C and ``systemctl stop`` signal every process of a
    run, but the parent alone decides when its workers end.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
