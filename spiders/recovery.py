"""What the two recoveries share: read an index, plan, and ask for one copy after another.

The index is read whole before the first page is asked for. What was fetched is known by the
copy's ``source``, so that a recovery that was killed goes on where it was.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider

from scraper.crawl.lanes import COPY
from scraper.model import Outcome
from scraper.sources.indexes import Copy, IndexAnswerError, Wanted, plan
from spiders.base import ArchiveSpider, ArgumentError, number_argument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from scraper.model import Page

KEPT = {Outcome.ARTICLE, Outcome.DUPLICATE, Outcome.OUT_OF_SCOPE}
MOST_TRIES = 5  # copies of one article that turn out to hold none, before it is given up


class RecoverySpider(ArchiveSpider):
    """Base of the spiders that fetch copies from web archives.

    Args:
        first: lowest article number.
        last: highest article number.
        since: earliest time of a copy, 4 to 14 digits (year to second).
        until: latest time of a copy, likewise.
        missing: ``1`` (default) to leave out articles that the archive has.
        versions: ``latest`` (default) or ``all``.
        pause: seconds to wait on 429 or 503 where the server does not say.
    """

    # What the Internet Archive holds to be kind is an index query in 1.25 s, and more pages than
    # that; Common Crawl wants requests one after the other. AutoThrottle only ever slows this down.
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc] # Scrapy: may be None
        "DOWNLOAD_DELAY": 1.25,
        "AUTOTHROTTLE_START_DELAY": 1.25,
    }

    def __init__(
        self,
        first: str | None = None,
        last: str | None = None,
        since: str = "",
        until: str = "",
        missing: str = "1",
        versions: str = "latest",
        pause: str = "60",
        **arguments: str,
    ) -> None:
        super().__init__(**arguments)
        for name, value in (("since", since), ("until", until)):
            if value and not (value.isascii() and value.isdigit() and 4 <= len(value) <= 14):
                raise ArgumentError(f"{name} takes 4 to 14 digits, year to second, not {value!r}")
        if versions not in {"latest", "all"}:
            raise ArgumentError(f"versions must be latest or all, not {versions!r}")
        lowest = number_argument("first", first, least=1)
        self.wanted = Wanted(lowest, number_argument("last", last, least=1), since, until)
        self.missing = number_argument("missing", missing) == 1
        self.all_versions = versions == "all"
        self.pause = pause
        self.copies: list[Copy] = []
        # What is still to be asked for: per article, copies in the order of preference.
        self.ahead: deque[deque[Copy]] = deque()
        self.asked: dict[str, deque[Copy]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider and let it hear what became of each page."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.settings.set("BACKOFF_PAUSE", spider.pause, priority="spider")
        crawler.signals.connect(spider.page_read, signals.item_scraped)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        return spider

    @property
    @abstractmethod
    def servers(self) -> tuple[str, ...]:
        """Addresses of the servers that are asked, the index first."""

    @property
    def asks(self) -> str:
        """Address of the host that is asked first."""
        return self.servers[0]

    @property
    def may_ask(self) -> frozenset[str]:
        """Names of the hosts that may be asked."""
        return frozenset(urlsplit(server).hostname or "" for server in self.servers)

    @abstractmethod
    def request_copy(self, copy: Copy) -> Request:
        """Return the request that fetches a copy; ``read`` and ``failed`` are its callbacks."""

    def check_leave(self, settings: BaseSettings) -> None:
        """Web archives are open to all; they only like to know who asks."""
        if not settings["CONTACT"]:
            self.logger.warning("Set THAIGOV_CONTACT: %s likes to know who asks", self.asks)

    def unreadable_index(self, response: Response, error: IndexAnswerError) -> None:
        """End a run whose index gives no answer that can be read."""
        self.logger.error("%s: %s", response.url, error)
        self.ending = "failed"

    def begin(self) -> Iterator[Request]:
        """Plan what to ask for, and ask for the first copy."""
        if not self.copies:
            self.logger.error("The index lists no copy of what was asked for")
            self.ending = "unmet"
        planned = plan(self.copies, all_versions=self.all_versions)
        self.copies = []
        for article, copies in planned.items():
            if not (self.missing and self.frontier.has_article(article)):
                if self.all_versions:
                    self.ahead.extend(deque([copy]) for copy in copies)
                else:
                    self.ahead.append(deque(copies[:MOST_TRIES]))
        self.logger.info("%d articles listed, %d to ask for", len(planned), len(self.ahead))
        yield from self.step_on()

    @property
    def to_come(self) -> int | None:  # type: ignore[override]
        """How many articles are still to be asked for."""
        return len(self.ahead)

    def step_on(self) -> Iterator[Request]:
        """Ask for the next copy that was not fetched before; one answer leads to one request."""
        while self.ahead:
            copies = self.ahead.popleft()
            while copies:
                copy = copies.popleft()
                outcome = self.frontier.outcome_of_source(copy.source)
                if outcome is None:
                    self.asked[copy.source] = copies
                    yield self.request_copy(copy)
                    return
                if outcome in KEPT:
                    break  # an earlier run has fetched it

    def page_read(self, item: Page) -> None:
        """Hear what became of a page; one without an article sends us to the next copy."""
        others = self.asked.pop(item.capture.source or "", None)
        if others and item.outcome not in KEPT:
            self.ahead.append(others)

    def idle(self) -> None:
        """Go on if the last answers left something to ask for."""
        for request in self.step_on():
            self.crawler.engine.crawl(request)
            raise DontCloseSpider

    def read(self, response: Response) -> Iterator[Page | Request]:
        """Hand the capture to the stages and go on."""
        copy: Copy = response.meta[COPY]
        self.frontier.done(copy.source)
        yield from super().read(response)
        yield from self.step_on()

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Note a copy that could not be fetched, and go on with another of the same article."""
        copy: Copy = failure.request.meta[COPY]  # type: ignore[attr-defined]
        self.note_failure(copy.source, failure)
        if others := self.asked.pop(copy.source, None):
            self.ahead.append(others)
        yield from self.step_on()
