"""The last stage of a crawl: writes finished pages to the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from scraper.archive.writer import ArchiveWriter

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scraper.model import Page


class Store:
    """Saves each page with the writer of the run."""

    def __init__(self, writer: ArchiveWriter) -> None:
        self.writer = writer

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Use the writer of the run; if there is none, as in ``scrapy shell``, store nothing."""
        writer = crawler.get_extension(ArchiveWriter)
        if writer is None:
            raise NotConfigured("this run has no archive")
        return cls(writer)

    def process_item(self, item: Page) -> Page:
        """Save the page and return it."""
        self.writer.save([item])
        return item
