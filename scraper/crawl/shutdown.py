"""Stops a run early, once and for all.

Whatever ends a run before its work is done calls ``Shutdown.stop``: a challenge, a robots.txt that
cannot be read, the end of the night window, a signal. From then on no request is sent: not the rest
of the queue, not one that is waiting for its turn, not a retry. The current page is finished, and
Scrapy closes the run.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import CloseSpider, IgnoreRequest

from scraper.crawl.downloader import CancellableDownloader
from scraper.crawl.page_reader import PageReader

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class NotAskedError(IgnoreRequest):
    """A request was not sent, because the run was stopping."""


class GivenUpError(IgnoreRequest):
    """A request or the parsing of a page was cancelled, because the run was stopping."""


class Shutdown:
    """A Scrapy extension that stops a run early.

    Attributes:
        outcome: why the run is stopping, a key of ``scraper.crawl.run.ENDINGS`` (any other means
            failed); None while it is running.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.outcome: str | None = None
        self._stopping = asyncio.Event()
        self._running = False
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connect to the run's signals."""
        shutdown = cls(crawler)
        crawler.signals.connect(shutdown.spider_opened, signals.spider_opened)
        crawler.signals.connect(shutdown.spider_closed, signals.spider_closed)
        return shutdown

    @staticmethod
    def of(crawler: Crawler) -> Shutdown:
        """Return the shutdown of a run.

        Raises:
            RuntimeError: the run has none, or is still being set up.
        """
        shutdown = crawler.get_extension(Shutdown)
        if shutdown is None:
            raise RuntimeError("this run cannot be stopped; is Shutdown among the EXTENSIONS?")
        return shutdown

    def stop(self, outcome: str, reason: str, *, level: int = logging.ERROR) -> None:
        """Stop the run. Only the first call has an effect.

        Args:
            outcome: a key of ``scraper.crawl.run.ENDINGS``, or any other for failed.
            reason: a sentence for the log.
            level: of the log line.
        """
        if self.outcome is not None:
            return
        self.outcome = outcome
        logger.log(level, "%s. The run ends here", reason.rstrip("."))
        self._stopping.set()
        if self._running:
            self._close(outcome)

    def raise_if_stopping(self, url: str) -> None:
        """Raise ``NotAskedError`` for a URL if the run is stopping."""
        if self.outcome is not None:
            raise NotAskedError(f"{url} was not requested: the run is stopping ({self.outcome})")

    async def pause(self, url: str, seconds: float) -> None:
        """Wait before a request.

        Raises:
            NotAskedError: the run was stopped meanwhile.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
            self.raise_if_stopping(url)

    def abandon(self) -> None:
        """Cancel the requests and the parsing that are still in progress."""
        if self._running:
            self._downloader.cancel_all(GivenUpError("the run was stopped before the answer came"))
            reader = PageReader.of(self.crawler)
            reader.abandon(GivenUpError("the run was stopped before the page was read"))

    def spider_opened(self) -> None:
        """Note that the run has begun.

        Raises:
            CloseSpider: it was stopped before it began.
        """
        self._running = True
        if self.outcome is not None:
            raise CloseSpider(self.outcome)

    def spider_closed(self) -> None:
        """Note that the run has ended."""
        self._running = False

    @property
    def _downloader(self) -> CancellableDownloader:
        downloader = self.crawler.engine.downloader
        if not isinstance(downloader, CancellableDownloader):
            raise TypeError(
                f"the setting DOWNLOADER names {type(downloader)}, which cannot cancel requests"
            )
        return downloader

    def _close(self, outcome: str) -> None:
        self._downloader.drop_queued(
            NotAskedError(f"not requested: the run is stopping ({outcome})")
        )
        # Not awaited: closing waits for the very request that is in progress.
        closing = self.crawler.engine.close_spider_async(reason=outcome)
        self._closing = asyncio.get_running_loop().create_task(closing)
