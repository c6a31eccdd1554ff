"""The signals that ask a run to end, and how to delay them for a moment."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# `kill` and systemd, Ctrl-C, a closed terminal.
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Delay the signals that end a run, so that nothing is left half done.

    Processes started inside keep them blocked: Ctrl-C and ``systemctl stop`` signal every process
    of a run, but only the parent decides when its workers end.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
