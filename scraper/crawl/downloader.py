"""Scrapy's downloader, with requests that can be cancelled and a delay that can be raised.

Scrapy closes a run only when every request it has begun is answered. A server that sends a byte now
and then, or asks for a pause of an hour, would keep a stopped run alive.
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


class CancellableDownloader(Downloader):
    """A downloader whose requests can be cancelled and spaced further apart."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._in_progress: set[Deferred[Any]] = set()
        self._reason: Exception | None = None  # why the requests in progress were cancelled

    def fetch(
        self,
        request: Request,
        spider: Spider | None = None,  # noqa: ARG002  the signature is Scrapy's
    ) -> Deferred[Response | Request]:
        """Fetch as Scrapy does; a cancelled request fails with the reason of ``cancel_all``."""
        fetching: Deferred[Response | Request] = super().fetch(request)
        self._in_progress.add(fetching)
        fetching.addBoth(self._finished, fetching)
        return fetching

    def drop_queued(self, reason: Exception) -> None:
        """Fail the queued requests; those already sent continue."""
        for slot in self.slots.values():
            waiting, slot.queue = tuple(slot.queue), type(slot.queue)()
            for _request, answer in waiting:
                answer.errback(reason)

    def cancel_all(self, reason: Exception) -> None:
        """Cancel all requests in progress."""
        self._reason = reason
        for fetching in tuple(self._in_progress):
            fetching.cancel()

    def slow_down(self, host: str, seconds: float) -> None:
        """Raise the delay between two requests to a host to ``seconds``, if it is shorter."""
        # For the present slot, and for its successors: Scrapy drops a slot that is idle.
        delays = [self.settings.getfloat("DOWNLOAD_DELAY"), seconds]
        delays += [slot.delay for name, slot in self.slots.items() if name == host]
        self.per_slot_settings.setdefault(host, {})["delay"] = max(delays)
        if host in self.slots:
            self.slots[host].delay = max(delays)
        throttle = self.crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = max(throttle.mindelay, seconds)
            throttle.maxdelay = max(throttle.maxdelay, seconds)

    def _finished(self, result: Any, fetching: Deferred[Any]) -> Any:
        self._in_progress.discard(fetching)
        if self._reason is not None and _is_cancelled(result):
            raise self._reason
        return result


def _is_cancelled(result: Response | Request | Failure) -> bool:
    check = getattr(result, "check", None)
    return bool(check and check(CancelledError, asyncio.CancelledError))
