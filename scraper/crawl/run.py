"""The session of a crawl: opened before the first request, closed with the crawl's outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured

from scraper.archive.database import ArchiveError
from scraper.archive.session import Session
from scraper.model import Page, Scope
from scraper.stages import crashed, pure_stages, run

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

# How a run ends that did not finish, by Scrapy's reason for closing: (outcome, exit code).
ENDINGS = {
    "blocked": ("blocked", 4),
    "refused": ("refused", 4),
    "shutdown": ("stopped", 1),
    "unmet": ("unmet", 3),
}


class CrawlSession(Session):
    """A Scrapy extension that is the writing session of the run."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the archive named by the settings, for spiders that fill it."""
        spider: Any = crawler.spider
        if not hasattr(spider, "arguments"):
            raise NotConfigured("scrapy shell and foreign spiders write no archive")
        settings = crawler.settings
        session = cls(
            Path(settings["THAIGOV_DB"]),
            f"crawl {spider.name}",
            {**spider.arguments, "permission": settings["PERMISSION"]},
            scope=Scope(settings["THAIGOV_SCOPE"]),
            operator=settings["CONTACT"],
        )
        crawler.signals.connect(session.spider_opened, signals.spider_opened)
        crawler.signals.connect(session.item_error, signals.item_error)
        crawler.signals.connect(session.spider_error, signals.spider_error)
        crawler.signals.connect(session.spider_closed, signals.spider_closed)
        return session

    def spider_opened(self, spider: Spider) -> None:
        """Read what an earlier run captured and did not live to read."""
        stages = pure_stages()
        for capture in self.pending():
            self.save([run(stages, Page(capture=capture))])
            spider.logger.info("Read a capture of an earlier run: %s", capture.url)

    def item_error(self, item: Page, failure: Failure) -> None:
        """Keep a page that a stage failed on as unparsed; where the machine failed, it waits."""
        error = failure.value
        if error is None or isinstance(error, ArchiveError | OSError | MemoryError):
            self.faults += 1
        else:
            self.save([crashed(item.capture, "crawl", error)])

    def spider_error(self) -> None:
        """Count a fault of the spider: something that it should have asked for is owed."""
        self.faults += 1

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Close the session with the outcome that the crawl's end stands for."""
        self.close(*self._ending(spider, reason))

    def _ending(self, spider: Spider, reason: str) -> tuple[str, int]:
        if reason == "finished":
            reason = getattr(spider, "ending", None) or reason
        if reason != "finished":
            return ENDINGS.get(reason, ("failed", 1))
        outcome, code = self.verdict()
        if code:
            spider.logger.error(
                "%d faults, %d pages not fetched, %d unparsed (these are kept): "
                "`thaigov status` tells the problems",
                self.faults,
                self.counts["failed"],
                self.counts["unparsed"],
            )
        return outcome, code
