"""Reads what an earlier run captured and did not live to read, before the spider begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scraper.crawl.reading import PageReader
from scraper.crawl.run import OpenArchive, writer_of
from scraper.crawl.shutdown import Shutdown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler


class WaitingFirst:
    """A spider middleware that puts those pages before the spider's first request.

    They are stored one by one, so that a run ended during a slow page leaves no earlier one to
    the next run. Without an archive (``scrapy shell``) there is nothing to do.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.writer = writer_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Use the session of the run."""
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Read and store what waits, then yield what the spider does."""
        shutdown, reader = Shutdown.of(self.crawler), PageReader.of(self.crawler)
        for capture in self.writer.pending():
            try:
                page = await reader.read(capture)
            except Exception:
                if shutdown.ending is not None:
                    return  # the reader was closed with the run; the capture goes on waiting
                raise
            if self._is_over():
                return
            self.writer.save([page])
            if self.crawler.spider is not None:
                told = "Read a capture of an earlier run: %s"
                self.crawler.spider.logger.info(told, capture.url)
        async for each in start:
            yield each

    def _is_over(self) -> bool:
        return isinstance(self.writer, OpenArchive) and self.writer.is_closed
