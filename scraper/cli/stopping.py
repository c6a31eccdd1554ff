"""Lets the signals that end a run raise KeyboardInterrupt, so that it is closed in order."""

from __future__ import annotations

import signal
from time import monotonic
from typing import Any

from scraper.stages.signals import STOP_SIGNALS

TOGETHER = 1.0  # seconds; a terminal that closes sends its signal twice, Ctrl-C may be held down


class _Stop:
    """A signal handler; of signals that come together, the first counts.

    The second would interrupt the closing of the archive that the first one began.
    """

    def __init__(self) -> None:
        self._heard_at = float("-inf")

    def __call__(self, _number: int, _frame: Any) -> None:
        before, self._heard_at = self._heard_at, monotonic()
        if self._heard_at - before > TOGETHER:
            raise KeyboardInterrupt


def stop_on_signals() -> None:
    """Let ``kill``, Ctrl-C and a closed terminal end the command, but heed ``nohup``."""
    stop = _Stop()
    for number in STOP_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
