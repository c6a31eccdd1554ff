"""Makes the signals that end a run raise KeyboardInterrupt, so that the archive gets closed."""

from __future__ import annotations

import signal
from time import monotonic
from typing import Any

from scraper.stages.signals import STOP_SIGNALS

IGNORE_SECONDS = 1.0  # a closing terminal sends its signal twice, Ctrl-C may be held down


class _Stop:
    """A signal handler that ignores a second signal within ``IGNORE_SECONDS``.

    It would interrupt the closing of the archive that the first one began.
    """

    def __init__(self) -> None:
        self._received_at = float("-inf")

    def __call__(self, _number: int, _frame: Any) -> None:
        before, self._received_at = self._received_at, monotonic()
        if self._received_at - before > IGNORE_SECONDS:
            raise KeyboardInterrupt


def stop_on_signals() -> None:
    """Let ``kill``, Ctrl-C and a closed terminal end the command; ``nohup`` still works."""
    stop = _Stop()
    for number in STOP_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
