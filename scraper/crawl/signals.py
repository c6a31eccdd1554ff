"""Ends a run that is told to: by ``kill`` or systemd, by Ctrl-C, or by a terminal that closes.

The page in hand gets its time; then it is given up and the run is closed in order; should even
that not succeed, the process ends all the same. What was captured is on the disk at any moment,
so that the next run takes it in (``scraper.archive.captures``).
"""

from __future__ import annotations

import asyncio
import logging
import os
import select
import signal
import sys
from contextlib import suppress
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from scraper.crawl.shutdown import Shutdown
from scraper.stages.signals import STOP_SIGNALS

if TYPE_CHECKING:
    from types import TracebackType

    from scrapy.crawler import Crawler

GRACE = 8.0  # seconds for the page in hand, once the run was told to end
CLOSING = 1.5  # seconds more for closing archive and files; a stop takes 10 s at most


class StopOnSignal:
    """A context in which the first signal ends a crawl in order, and a second one at once.

    The main thread does the work; a second thread counts the seconds, since the main one may be
    held up: by a long page, or by a program that keeps the archive locked.

    Args:
        crawler: the run; it need not have begun.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._told = 0

    def __enter__(self) -> Self:
        self._ear, mouth = os.pipe()
        os.set_blocking(mouth, False)
        self._mouth = mouth
        # ``nohup`` ignores SIGHUP; that stays so.
        heard = [n for n in STOP_SIGNALS if signal.getsignal(n) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._tell) for number in heard}
        # The interpreter writes a signal's number there the moment it comes, whatever the main
        # thread is doing.
        self._other_mouth = signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
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
        signal.set_wakeup_fd(self._other_mouth)
        os.close(self._mouth)
        self._watch.join()
        os.close(self._ear)

    def _tell(self, number: int, _frame: Any) -> None:
        """Hand a signal to the event loop; before there is a run, it ends the command."""
        self._told += 1
        shutdown = None
        with suppress(RuntimeError):  # still being made
            shutdown = Shutdown.of(self._crawler)
        if shutdown is None:
            raise KeyboardInterrupt
        from twisted.internet import reactor  # noqa: PLC0415  importing it installs one

        reactor.callFromThread(self._end, shutdown, signal.Signals(number).name, self._told)

    @staticmethod
    def _end(shutdown: Shutdown, name: str, told: int) -> None:
        if told == 1:
            shutdown.shut(
                "shutdown", f"{name}: the page in hand is finished", level=logging.WARNING
            )
            asyncio.get_running_loop().call_later(GRACE, shutdown.abandon)
        else:
            shutdown.abandon()

    def _count_down(self) -> None:
        """End the process when the time is up and the run has not come to its end."""
        told, until = 0, float("inf")
        while self._is_heard(until):
            number = os.read(self._ear, 1)
            if not number:
                return  # the run has ended
            if number[0] in self._before:
                told += 1
                until = monotonic() + (GRACE + CLOSING if told == 1 else CLOSING)
        os.write(
            sys.__stderr__.fileno() if sys.__stderr__ else 2,
            b"Error: the run did not end in time and was cut off; what was captured is kept, and "
            b"the next run reads it\n",
        )
        os._exit(1)

    def _is_heard(self, until: float) -> bool:
        """Wait for something to read; return whether it came in time."""
        patience = None if until == float("inf") else max(0.0, until - monotonic())
        return bool(select.select([self._ear], [], [], patience)[0])
