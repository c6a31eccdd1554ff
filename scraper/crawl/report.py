"""What a crawl tells while it runs: how many pages are done, and one short log line each."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.logformatter import LogFormatter

from scraper.crawl.shutdown import GivenUpError
from scraper.progress import Meter

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.logformatter import LogFormatterResult
    from scrapy.settings import BaseSettings

    from scraper.model import Page


# Where Scrapy tells in its own words, and of its own settings, what we tell in ours.
TOLD_BY_US = (
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.retry",
)


class QuietItems(LogFormatter):
    """Leaves the text of the articles out of the log."""

    def item_error(
        self, item: Page, exception: BaseException, response: Any, spider: Spider
    ) -> LogFormatterResult:
        """Return the log line of a page that a stage failed on."""
        if isinstance(exception, GivenUpError):
            return {
                "level": logging.WARNING,
                "msg": "%(url)s was not read to its end; the next run reads it",
                "args": {"url": item.capture.url},
            }
        return {
            "level": logging.ERROR,
            "msg": "%(url)s could not be processed",
            "args": {"url": item.capture.url},
        }

    def scraped(self, item: Page, response: Any, spider: Spider) -> LogFormatterResult:
        """Return the log line of a page: what became of which capture."""
        return {
            "level": logging.DEBUG,
            "msg": "%(outcome)s %(url)s",
            "args": {"outcome": item.outcome, "url": item.capture.url},
        }


class OneLine(logging.Filter):
    """Tells an error in one line; the inside of Scrapy and Twisted helps nobody."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without its traceback."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        # Scrapy puts the traceback of a failed start into the message itself.
        message = record.getMessage().partition("\nTraceback")[0]
        record.msg = message if error is None else f"{message} ({type(error).__name__}: {error})"
        record.args, record.exc_info = (), None
        return True


class FailedStart(logging.Filter):
    """Tells why a run did not start in one sentence, without a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass; one of an error that nobody waited for says what the error says.

        asyncio logs those of a run that plain ``scrapy`` could not start.
        """
        if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
            record.msg, record.args = "%s", (str(record.exc_info[1]),)
            record.exc_info = None
        return True


def shorten_failed_starts(settings: BaseSettings) -> None:
    """Have a run that cannot start, such as one without permission, say so in one sentence."""
    if settings["LOG_LEVEL"] != "DEBUG":
        logging.getLogger("asyncio").addFilter(FailedStart())


class Report:
    """Shows the progress of a run."""

    def __init__(self, label: str, *, with_tracebacks: bool) -> None:
        self.meter = Meter(label)
        self.done = 0
        self.with_tracebacks = with_tracebacks

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Follow the pages of a run."""
        with_tracebacks = crawler.settings["LOG_LEVEL"] == "DEBUG"
        report = cls(f"crawl {crawler.spidercls.name}", with_tracebacks=with_tracebacks)
        for name in TOLD_BY_US:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        crawler.signals.connect(report.spider_opened, signals.spider_opened)
        crawler.signals.connect(report.item_scraped, signals.item_scraped)
        crawler.signals.connect(report.spider_closed, signals.spider_closed)
        return report

    def spider_opened(self) -> None:
        """Begin to count, and to shorten what is told."""
        if not self.with_tracebacks:
            for handler in logging.getLogger().handlers:  # not sooner: Scrapy sets up its own twice
                handler.addFilter(OneLine())
        self.meter.__enter__()

    def item_scraped(self, spider: Spider) -> None:
        """Count a page that went through all stages, and what the spider still has before it."""
        self.done += 1
        ahead = getattr(spider, "remaining", None)
        self.meter.expect(None if ahead is None else self.done + ahead)
        self.meter.advance()

    def spider_closed(self) -> None:
        """Take the bar off the terminal."""
        self.meter.__exit__()
