"""The gate of a run: open while it may ask, then shut once and for all.

Whatever ends a run before its work is done shuts the gate: a challenge, a robots.txt that cannot
be read, the end of the night window, a signal. From then on nothing is asked: not the rest of the
queue, not what waits for its turn, nothing a second time. The page in hand comes to its end, and
Scrapy closes the run. The gate knows neither why nor what a page is.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import CloseSpider, IgnoreRequest

from scraper.crawl.downloader import YieldingDownloader
from scraper.crawl.reading import PageReader

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class NotAskedError(IgnoreRequest):
    """An address was not asked for any more, since the run was ending."""


class GivenUpError(IgnoreRequest):
    """An answer, or the reading of a page, was not waited for: the run was told to end."""


class Shutdown:
    """A Scrapy extension that ends a run at one word.

    Attributes:
        ending: why the gate was shut, a key of ``scraper.crawl.run.ENDINGS``; None while it is
            open.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.ending: str | None = None
        self._was_shut = asyncio.Event()
        self._running = False
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the gate of a run."""
        shutdown = cls(crawler)
        crawler.signals.connect(shutdown.spider_opened, signals.spider_opened)
        crawler.signals.connect(shutdown.spider_closed, signals.spider_closed)
        return shutdown

    @staticmethod
    def of(crawler: Crawler) -> Shutdown:
        """Return the gate of a run.

        Raises:
            RuntimeError: the run has none, or is still being made.
        """
        shutdown = crawler.get_extension(Shutdown)
        if shutdown is None:
            raise RuntimeError("the run has no gate; is Gate among the EXTENSIONS?")
        return shutdown

    def shut(self, ending: str, sentence: str, *, level: int = logging.ERROR) -> None:
        """End the run; of several reasons the first counts."""
        if self.ending is not None:
            return
        self.ending = ending
        logger.log(level, "%s. The run ends here", sentence.rstrip("."))
        self._was_shut.set()
        if self._running:
            self._close(ending)

    def check(self, url: str) -> None:
        """Return while the gate is open.

        Raises:
            NotAskedError: it is shut.
        """
        if self.ending is not None:
            raise NotAskedError(f"{url} was not asked for: the run was ending ({self.ending})")

    async def pause(self, url: str, seconds: float) -> None:
        """Wait before a request, but no longer than the gate is open.

        Raises:
            NotAskedError: it was shut meanwhile.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._was_shut.wait(), seconds)
            self.check(url)

    def abandon(self) -> None:
        """Give up what is under way, too: no answer and no page is waited for any longer."""
        if self._running:
            self._downloader.abandon(GivenUpError("the run was told to end before the answer came"))
            reader = PageReader.of(self.crawler)
            reader.abandon(GivenUpError("the run was told to end before the page was read"))

    def spider_opened(self) -> None:
        """Let the run begin.

        Raises:
            CloseSpider: it was told to end before it began.
        """
        self._running = True
        if self.ending is not None:
            raise CloseSpider(self.ending)

    def spider_closed(self) -> None:
        """Note that nothing is left to be ended."""
        self._running = False

    @property
    def _downloader(self) -> YieldingDownloader:
        downloader = self.crawler.engine.downloader
        if not isinstance(downloader, YieldingDownloader):
            raise TypeError(f"the setting DOWNLOADER names {type(downloader)}, which cannot stop")
        return downloader

    def _close(self, ending: str) -> None:
        self._downloader.call_off(NotAskedError(f"not asked for: the run was ending ({ending})"))
        # Not awaited: closing waits for the very request that is in hand.
        closing = self.crawler.engine.close_spider_async(reason=ending)
        self._closing = asyncio.get_running_loop().create_task(closing)
