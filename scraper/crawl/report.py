"""The output of a running crawl: a progress bar, and one short log line for each page."""

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


# Scrapy's loggers for events that we log ourselves.
REPLACED_LOGGERS = (
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.retry",
)


class ShortLogFormatter(LogFormatter):
    """Scrapy's log formatter, without the text of articles."""

    def item_error(
        self, item: Page, exception: BaseException, response: Any, spider: Spider
    ) -> LogFormatterResult:
        """Return the log line of a page on which a stage failed."""
        if isinstance(exception, GivenUpError):
            return {
                "level": logging.WARNING,
                "msg": "%(url)s was not parsed in time; the next run parses it",
                "args": {"url": item.capture.url},
            }
        return {
            "level": logging.ERROR,
            "msg": "%(url)s could not be processed",
            "args": {"url": item.capture.url},
        }

    def scraped(self, item: Page, response: Any, spider: Spider) -> LogFormatterResult:
        """Return the log line of a page: its outcome and URL."""
        return {
            "level": logging.DEBUG,
            "msg": "%(outcome)s %(url)s",
            "args": {"outcome": item.outcome, "url": item.capture.url},
        }


class OneLineErrors(logging.Filter):
    """Logs an error in one line, without a traceback through Scrapy and Twisted."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record and let it pass."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        # Scrapy puts the traceback of a failed start into the message itself.
        message = record.getMessage().partition("\nTraceback")[0]
        record.msg = message if error is None else f"{message} ({type(error).__name__}: {error})"
        record.args, record.exc_info, record.exc_text = (), None, None
        return True


class FailedStartInOneLine(logging.Filter):
    """Logs why plain ``scrapy`` could not start a run in one sentence, without a traceback.

    asyncio logs the error as an exception that was never retrieved.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record and let it pass."""
        if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
            record.msg, record.args = "%s", (str(record.exc_info[1]),)
            record.exc_info, record.exc_text = None, None
        return True


def shorten_failed_starts(settings: BaseSettings) -> None:
    """Log why a run cannot start, such as a missing permission, in one sentence."""
    if settings["LOG_LEVEL"] != "DEBUG":
        logging.getLogger("asyncio").addFilter(FailedStartInOneLine())


class CrawlProgress:
    """A Scrapy extension that shows the progress of a run."""

    def __init__(self, label: str, *, with_tracebacks: bool) -> None:
        self.meter = Meter(label)
        self.done = 0
        self.with_tracebacks = with_tracebacks

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connect to the run's signals."""
        with_tracebacks = crawler.settings["LOG_LEVEL"] == "DEBUG"
        progress = cls(f"crawl {crawler.spidercls.name}", with_tracebacks=with_tracebacks)
        for name in REPLACED_LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.item_scraped, signals.item_scraped)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self) -> None:
        """Show the progress bar and shorten log lines."""
        if not self.with_tracebacks:
            for handler in logging.getLogger().handlers:  # only now: Scrapy sets them up twice
                handler.addFilter(OneLineErrors())
        self.meter.__enter__()

    def item_scraped(self, spider: Spider) -> None:
        """Count a page that is done, and update the number that the spider expects."""
        self.done += 1
        ahead = getattr(spider, "remaining", None)
        self.meter.expect(None if ahead is None else self.done + ahead)
        self.meter.advance()

    def spider_closed(self) -> None:
        """Remove the progress bar."""
        self.meter.__exit__()
