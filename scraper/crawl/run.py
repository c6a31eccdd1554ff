"""The session of a crawl: opened before the first request, closed with the crawl's outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured

from scraper.archive.session import Session
from scraper.model import Page, Scope
from scraper.stages import pure_stages, run

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

# How a run ends, by Scrapy's reason for closing: (outcome, exit code). See docs/commands.md.
ENDINGS = {
    "finished": ("done", 0),
    "blocked": ("blocked", 4),
    "shutdown": ("stopped", 0),
    "unmet": ("unmet", 3),
}
# From this many article pages on, a share of unparsed ones above this is a changed layout.
ENOUGH_PAGES, MOST_UNPARSED = 10, 0.2


class CrawlSession(Session):
    """A Scrapy extension that is the writing session of the run."""

    exit_code = 1
    faults = 0

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
        crawler.signals.connect(session.fault, signals.item_error)
        crawler.signals.connect(session.fault, signals.spider_error)
        crawler.signals.connect(session.spider_closed, signals.spider_closed)
        return session

    def spider_opened(self, spider: Spider) -> None:
        """Read what an earlier run captured and did not live to read."""
        stages = pure_stages()
        for capture in self.captures.pending():
            self.save([run(stages, Page(capture=capture))])
            spider.logger.info("Read a capture of an earlier run: %s", capture.url)

    def fault(self) -> None:
        """Count a fault of a stage or spider: the capture stays, but the run has failed."""
        self.faults += 1

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Close the session with the outcome that the crawl's end stands for."""
        outcome, self.exit_code = self._ending(spider, reason)
        self.close(outcome, self.exit_code)

    def _ending(self, spider: Spider, reason: str) -> tuple[str, int]:
        outcome, code = ENDINGS.get(reason, ("failed", 1))
        if code == 0 and self.faults:
            spider.logger.error("%d faults of the program; see the log above", self.faults)
            return "failed", 1
        read = sum(self.counts[name] for name in ("new", "changed", "unchanged", "unparsed"))
        if code == 0 and read >= ENOUGH_PAGES and self.counts["unparsed"] > MOST_UNPARSED * read:
            spider.logger.error(
                "%d of %d pages could not be read: has the layout changed? They are kept; "
                "`thaigov status` tells the problems.",
                self.counts["unparsed"],
                read,
            )
            return "unmet", 3
        return outcome, code
