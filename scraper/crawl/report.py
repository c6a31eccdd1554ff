"""What a crawl tells while it runs: how many pages are done, and one short log line each."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.logformatter import LogFormatter

from scraper.progress import Meter

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.logformatter import LogFormatterResult

    from scraper.model import Page


# Where Scrapy logs an exception for what is only a network that failed.
NETWORK_LOGGERS = ("scrapy.downloadermiddlewares.robotstxt",)


class QuietItems(LogFormatter):
    """Leaves the text of the articles out of the log."""

    def scraped(self, item: Page, response: Any, spider: Spider) -> LogFormatterResult:
        """Return the log line of a page: what became of which capture."""
        return {
            "level": logging.DEBUG,
            "msg": "%(outcome)s %(url)s",
            "args": {"outcome": item.outcome, "url": item.capture.url},
        }


class WithoutTraceback(logging.Filter):
    """Tells a site that cannot be reached in one line; the inside of Twisted helps nobody."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without its traceback."""
        record.exc_info = None
        return True


class Report:
    """Shows the progress of a run."""

    def __init__(self, label: str) -> None:
        self.meter = Meter(label)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Follow the pages of a run."""
        report = cls(f"crawl {crawler.spidercls.name}")
        for name in NETWORK_LOGGERS:
            logging.getLogger(name).addFilter(WithoutTraceback())
        crawler.signals.connect(report.spider_opened, signals.spider_opened)
        crawler.signals.connect(report.item_scraped, signals.item_scraped)
        crawler.signals.connect(report.spider_closed, signals.spider_closed)
        return report

    def spider_opened(self) -> None:
        """Begin to count."""
        self.meter.__enter__()

    def item_scraped(self) -> None:
        """Count a page that went through all stages."""
        self.meter.advance()

    def spider_closed(self) -> None:
        """Take the bar off the terminal."""
        self.meter.__exit__()
