"""Stops a run on a signal: ``kill`` or systemd, Ctrl-C, or a closed terminal.

The current page gets some seconds; then it is cancelled and the run is closed; if that takes too
long, the process exits all the same. Everything captured is on the disk at any moment, and the next
run parses it (``scraper.archive.captures``).
"""

from __future__ import annotations

import asyncio
import logging
import os
import select
import signal
import sys
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from scraper.crawl.shutdown import Shutdown
from scraper.stages.signals import STOP_SIGNALS

if TYPE_CHECKING:
    from types import TracebackType

    from scrapy.crawler import Crawler

GRACE = 8.0  # seconds for the current page after the first signal
CLOSING = 1.5  # more seconds for closing archive and files; a stop takes 10 s at most


class StopOnSignal:
    """A context in which the first signal stops a crawl, and a second one does not wait.

    A second thread counts the seconds, since the main thread may be blocked by a long page or by a
    program that locks the archive.

    Args:
        crawler: of the run, which need not have begun.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._signals_received = 0

    def __enter__(self) -> Self:
        self._read_end, self._write_end = os.pipe()
        os.set_blocking(self._write_end, False)
        # ``nohup`` ignores SIGHUP; that stays so.
        handled = [n for n in STOP_SIGNALS if signal.getsignal(n) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._handle) for number in handled}
        # The interpreter writes a signal's number to the pipe at once, whatever the main thread is
        # doing.
        self._wakeup_before = signal.set_wakeup_fd(self._write_end, warn_on_full_buffer=False)
        self._watch = Thread(target=self._count_down, name="stop", daemon=True)
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        os.close(self._write_end)
        self._watch.join()
        os.close(self._read_end)

    def _handle(self, number: int, _frame: Any) -> None:
        """Pass a signal to the event loop; before there is a run, it ends the command."""
        self._signals_received += 1
        try:
            shutdown = Shutdown.of(self._crawler)
        except RuntimeError:  # still being set up
            raise KeyboardInterrupt from None
        from twisted.internet import reactor  # noqa: PLC0415  importing it installs one

        is_first = self._signals_received == 1
        reactor.callFromThread(self._stop, shutdown, signal.Signals(number).name, is_first)

    @staticmethod
    def _stop(shutdown: Shutdown, name: str, is_first: bool) -> None:
        if is_first:
            reason = f"{name}: the current page is finished first"
            shutdown.stop("shutdown", reason, level=logging.WARNING)
            asyncio.get_running_loop().call_later(GRACE, shutdown.abandon)
        else:
            shutdown.abandon()

    def _count_down(self) -> None:
        """Exit the process if the run has not ended in time after a signal."""
        received, deadline = 0, float("inf")
        while self._wait_for_byte(deadline):
            number = os.read(self._read_end, 1)
            if not number:
                return  # the run has ended
            if number[0] in self._before:
                received += 1
                deadline = monotonic() + (GRACE + CLOSING if received == 1 else CLOSING)
        os.write(
            sys.__stderr__.fileno() if sys.__stderr__ else 2,
            b"Error: the run did not end in time and was cut off; what was captured is kept, and "
            b"the next run parses it\n",
        )
        os._exit(1)

    def _wait_for_byte(self, deadline: float) -> bool:
        """Wait until the pipe can be read; return False at the deadline."""
        seconds = None if deadline == float("inf") else max(0.0, deadline - monotonic())
        return bool(select.select([self._read_end], [], [], seconds)[0])
