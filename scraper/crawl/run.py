"""Opens the archive before the first request and closes it with the crawl's outcome."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured

from scraper.archive.database import ArchiveError
from scraper.archive.writer import ArchiveWriter
from scraper.crawl.origins import RENDERED
from scraper.crawl.preview import is_preview
from scraper.crawl.shutdown import GivenUpError, Shutdown
from scraper.model import Scope
from scraper.stages.in_process import crashed_page
from scraper.stages.worker import WorkerError

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from scraper.model import Page

# Errors after which nothing can be stored; the next page would fail, too.
MACHINE_FAULTS = (ArchiveError, OSError, MemoryError, WorkerError, sqlite3.DatabaseError)
# Limits set by the operator, stored with the arguments of the run.
LIMIT_SETTINGS = {"between": "THAIGOV_BETWEEN", "max_requests": "THAIGOV_MAX_REQUESTS"}
# Outcome and exit code of a run that did not finish, by Scrapy's reason for closing it.
ENDINGS = {
    "blocked": ("blocked", 4),
    "paused": ("paused", 0),
    "refused": ("refused", 4),
    "shutdown": ("stopped", 1),
    "unmet": ("unmet", 3),
}


def writer_of(crawler: Crawler) -> ArchiveWriter:
    """Return the archive writer of a run.

    Raises:
        NotConfigured: it has none (``scrapy shell``); Scrapy then leaves the component out.
    """
    writer = crawler.get_extension(ArchiveWriter)
    if writer is None:
        raise NotConfigured("this run has no archive")
    return writer


class CrawlWriter(ArchiveWriter):
    """The archive writer of a crawl, as a Scrapy extension.

    Attributes:
        shutdown: of the run, once it has begun; stops it if the archive cannot be written to.
        is_closed: nothing can be written any more.
        unclosed: why closing failed, such as a full disk; None if it did not.
    """

    shutdown: Shutdown | None = None
    is_closed = False
    unclosed: Exception | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the archive that the settings name, for spiders that fill it."""
        spider: Any = crawler.spider
        if not hasattr(spider, "arguments") or is_preview(spider):
            raise NotConfigured("scrapy shell, scrapy parse and other spiders write no archive")
        settings = crawler.settings
        writer = cls(
            Path(settings["THAIGOV_DB"]),
            f"crawl {spider.name}",
            {
                **spider.arguments,
                **{name: settings[key] for name, key in LIMIT_SETTINGS.items() if settings[key]},
                "permission": settings["PERMISSION"],
            },
            scope=Scope(settings["THAIGOV_SCOPE"]),
            operator=settings["CONTACT"],
        )
        crawler.signals.connect(writer.spider_opened, signals.spider_opened)
        crawler.signals.connect(writer.count_request, signals.response_downloaded)
        crawler.signals.connect(writer.item_error, signals.item_error)
        crawler.signals.connect(writer.spider_error, signals.spider_error)
        crawler.signals.connect(writer.spider_closed, signals.spider_closed)
        return writer

    def spider_opened(self, spider: Spider) -> None:
        """Take the shutdown of the run, which exists only now."""
        self.shutdown = Shutdown.of(spider.crawler)

    def count_request(self, response: Response) -> None:
        """Count a request that was answered; those of the browser are counted by the browser."""
        if RENDERED not in response.flags:
            self.counts["requests"] += 1

    def item_error(self, item: Page, failure: Failure) -> None:
        """Save a page on which a stage failed as unparsed, unless the machine was at fault."""
        error = failure.value
        if isinstance(error, GivenUpError):
            return  # the run was stopped; the next one parses the page
        if error is None or isinstance(error, MACHINE_FAULTS):
            self._note_fault(error)
        else:
            self.save([crashed_page(item.capture, "crawl", error)])

    def spider_error(self, failure: Failure) -> None:
        """Count an error of the spider, which means that some URL was not requested."""
        self._note_fault(failure.value)

    def _note_fault(self, error: BaseException | None) -> None:
        """Count a fault, and stop the run if the archive cannot be written to."""
        self.faults += 1
        if self.shutdown is not None and isinstance(error, MACHINE_FAULTS):
            reason = str(error).rstrip(".") or type(error).__name__
            self.shutdown.stop("unstorable", f"{reason}. Everything before it is kept")

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Close the archive with the outcome of the crawl."""
        self.is_closed = True
        try:
            self.close(*self._ending(spider, reason))
        except MACHINE_FAULTS as error:
            self.unclosed = error
        if self.unclosed is not None:
            spider.logger.error("The run could not be closed: %s", self.unclosed)

    def _ending(self, spider: Spider, reason: str) -> tuple[str, int]:
        if reason == "finished":
            reason = getattr(spider, "ending", None) or reason
        if reason != "finished":
            return ENDINGS.get(reason, ("failed", 1))
        outcome, code = self.verdict()
        if code:
            spider.logger.error(
                "%d faults, %d pages not fetched, %d unparsed (these are kept): "
                "`thaigov status` lists the problems",
                self.faults,
                self.counts["failed"],
                self.counts["unparsed"],
            )
        return outcome, code
