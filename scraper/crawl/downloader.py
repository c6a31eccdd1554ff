"""Scrapy's downloader, taught to let go and to slow down.

Scrapy ends a run only when every request that was begun has been answered. A server that sends a
byte now and then, or asks for a pause of an hour, would keep a run that was told to end.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader import Downloader
from scrapy.extensions.throttle import AutoThrottle
from twisted.internet.defer import CancelledError

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure


class YieldingDownloader(Downloader):
    """A downloader whose requests can be called off, given up and spaced out further."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._under_way: set[Deferred[Any]] = set()
        self._reason: Exception | None = None  # why what is under way was given up

    def fetch(
        self,
        request: Request,
        spider: Spider | None = None,  # noqa: ARG002  the signature is Scrapy's
    ) -> Deferred[Response | Request]:
        """Fetch as Scrapy does; what is given up fails with the reason."""
        fetching: Deferred[Response | Request] = super().fetch(request)
        self._under_way.add(fetching)
        fetching.addBoth(self._ended, fetching)
        return fetching

    def call_off(self, reason: Exception) -> None:
        """Fail what waits for its turn; what a server was already asked for goes on."""
        for slot in self.slots.values():
            waiting, slot.queue = tuple(slot.queue), type(slot.queue)()
            for _request, answer in waiting:
                answer.errback(reason)

    def abandon(self, reason: Exception) -> None:
        """Give up everything that is under way."""
        self._reason = reason
        for fetching in tuple(self._under_way):
            fetching.cancel()

    def slow_down(self, host: str, seconds: float) -> None:
        """Ask a host at most once in so many seconds from now on, if that is not so already."""
        # For the slot that is there, and for those that follow when it was idle and put away.
        delays = [self.settings.getfloat("DOWNLOAD_DELAY"), seconds]
        delays += [slot.delay for name, slot in self.slots.items() if name == host]
        self.per_slot_settings.setdefault(host, {})["delay"] = max(delays)
        if host in self.slots:
            self.slots[host].delay = max(delays)
        throttle = self.crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = max(throttle.mindelay, seconds)
            throttle.maxdelay = max(throttle.maxdelay, seconds)

    def _ended(self, result: Any, fetching: Deferred[Any]) -> Any:
        self._under_way.discard(fetching)
        if self._reason is not None and _is_cancelled(result):
            raise self._reason
        return result


def _is_cancelled(result: Response | Request | Failure) -> bool:
    check = getattr(result, "check", None)
    return bool(check and check(CancelledError, asyncio.CancelledError))
