"""Parses captures that an earlier run did not get to parse, before the spider begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scraper.crawl.page_reader import PageReader
from scraper.crawl.run import CrawlWriter, writer_of
from scraper.crawl.shutdown import Shutdown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler


class ParsePendingFirst:
    """A spider middleware that parses pending captures before the spider's first request.

    They are stored one by one, so that a run stopped during a slow page does not lose the earlier
    ones. Without an archive (``scrapy shell``) there is nothing to do.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.writer = writer_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Use the archive of the run."""
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Parse and store the pending captures, then yield the spider's requests."""
        shutdown, reader = Shutdown.of(self.crawler), PageReader.of(self.crawler)
        for capture in self.writer.pending():
            try:
                page = await reader.read(capture)
            except Exception:
                if shutdown.outcome is not None:
                    return  # the reader was closed with the run; the capture stays pending
                raise
            if self._is_over():
                return
            self.writer.save([page])
            if self.crawler.spider is not None:
                self.crawler.spider.logger.info(
                    "Parsed a capture of an earlier run: %s", capture.url
                )
        async for request in start:
            yield request

    def _is_over(self) -> bool:
        return isinstance(self.writer, CrawlWriter) and self.writer.is_closed
