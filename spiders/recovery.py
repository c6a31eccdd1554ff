"""The base of the spiders for web archives: read the indexes, plan, fetch one copy at a time.

All indexes are read before the first copy is fetched. A copy is identified by its ``source``, so a
killed recovery continues where it stopped.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider

from scraper.crawl.backoff import LONGEST_PAUSE
from scraper.crawl.capture import CAPTURE
from scraper.crawl.faults import explain
from scraper.crawl.limits import INDEX_QUERY
from scraper.crawl.mementos import is_of_copy
from scraper.crawl.origins import COPY
from scraper.crawl.permission import check_permission
from scraper.crawl.shutdown import NotAskedError
from scraper.model import Outcome, Page
from scraper.sources.indexes import CopyBounds, IndexAnswerError
from spiders.arguments import ArgumentError, number_argument, seconds_argument, timestamp_argument
from spiders.base import ArchiveSpider, refusal
from spiders.copies import CopyQueue
from spiders.inventory import Inventory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from scraper.model import Capture
    from scraper.sources.indexes import Copy, Listing

REFUSED = (
    "%(reason)s. The archive documents this address for use by programs, but its robots.txt "
    "forbids it. Which of the two applies is for you to decide: read the archive's terms or ask "
    "it. If you may use the address, set THAIGOV_PERMISSION to who allowed it and run again with "
    "--ignore-robots %(host)s (docs/recover.md). Until then this archive is not asked again"
)


class RecoverySpider(ArchiveSpider):
    """Base of the spiders that fetch copies of articles from web archives.

    Attributes:
        bounds: which copies are wanted.
        inventory: the copies listed by the indexes.
        index_requests: the first request to each index that is still to be asked.
        wanted: the copies that are still to be fetched.

    Args:
        first: lowest article number.
        last: highest article number.
        since: earliest time of a copy: 4 to 14 digits (year to second), or a date of either era.
        until: latest time of a copy, likewise.
        missing: ``1`` (default) to fetch only articles that are not in the archive.
        versions: ``latest`` (default) or ``all``.
        pause: seconds to wait after HTTP 429 or 503 without a usable Retry-After, default 60.
        ignore_robots: hosts, separated by commas, whose robots.txt is ignored in this run,
            because you know that the archive permits what the file forbids.
    """

    # A copy every 1.25 s at most (AutoThrottle only slows this down), an index query every 2.5 s:
    # the Internet Archive and Common Crawl block faster clients.
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc] # Scrapy: may be None
        "DOWNLOAD_DELAY": 1.25,
        "AUTOTHROTTLE_START_DELAY": 1.25,
        "INDEX_QUERIES_A_MINUTE": 24,
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
        ignore_robots: str = "",
        **arguments: str,
    ) -> None:
        super().__init__(**arguments)
        since = timestamp_argument("since", since)
        until = timestamp_argument("until", until, last=True)
        if versions not in {"latest", "all"}:
            raise ArgumentError(f"versions must be latest or all, not {versions!r}")
        lowest = number_argument("first", first, least=1)
        self.bounds = CopyBounds(lowest, number_argument("last", last, least=1), since, until)
        self.inventory = Inventory(self)
        self.wanted = CopyQueue(
            self,
            missing=number_argument("missing", missing) == 1,
            all_versions=versions == "all",
        )
        self.pause = seconds_argument("pause", pause, most=LONGEST_PAUSE)
        self.ignored_robots = frozenset(filter(None, ignore_robots.lower().split(",")))
        self.index_requests: deque[Request] = deque()
        self.silent_in_a_row = 0  # indexes

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Create the spider and connect it to the outcome of each page."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if strange := spider.ignored_robots - spider.allowed_hosts:
            raise ArgumentError(
                f"{', '.join(sorted(strange))} is not asked by this run, only "
                f"{', '.join(sorted(spider.allowed_hosts))}"
            )
        crawler.settings.set("BACKOFF_PAUSE", spider.pause, priority="spider")
        crawler.signals.connect(spider.page_processed, signals.item_scraped)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        return spider

    @property
    @abstractmethod
    def servers(self) -> tuple[str, ...]:
        """URLs of the servers that are asked, the index first."""

    @property
    def server(self) -> str:
        """URL of the server that is asked first."""
        return self.servers[0]

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Names of the hosts that may be asked."""
        return frozenset(urlsplit(server).hostname or "" for server in self.servers)

    def require_permission(self, settings: BaseSettings) -> None:
        """Check the permission if robots.txt is ignored; otherwise web archives need none.

        Raises:
            RefusedError: robots.txt is to be ignored, and contact or permission is not set.
        """
        if self.ignored_robots:
            check_permission(self.server, settings)
        elif not settings["CONTACT"]:
            self.logger.warning(
                "Set THAIGOV_CONTACT, so that %s can reach you about this crawl", self.server
            )

    # --- the indexes ---

    @abstractmethod
    def read_listing(self, response: Response) -> Listing:
        """Parse a response of an index.

        Raises:
            IndexAnswerError: it is not an answer of an index.
        """

    @abstractmethod
    def following_part(
        self, response: Response, listing: Listing, index: str, position: Any
    ) -> Request | None:
        """Return the request for the next part of a listing, None at its end."""

    def index_request(self, index: str, url: str, position: Any, *statuses: int) -> Request:
        """Return a request for a part of a listing.

        Args:
            index: URL that identifies the whole listing.
            url: of this part.
            position: passed on to ``following_part``.
            statuses: HTTP errors that are answers.
        """
        accepted = {"handle_httpstatus_list": [*statuses]} if statuses else {}
        return Request(
            url,
            callback=self.read_index,
            errback=self.index_failed,
            cb_kwargs={"index": index, "position": position},
            meta={**accepted, INDEX_QUERY: True},
            dont_filter=True,
        )

    def next_index(self) -> Iterator[Request]:
        """Ask the next index, or start with the copies once all have answered."""
        if self.silent_in_a_row >= self.most_failures:
            for request in self.index_requests:
                self.inventory.mark_silent(
                    request.cb_kwargs["index"], "not asked: the ones before it were silent"
                )
            self.index_requests.clear()
        if self.index_requests:
            yield self.index_requests.popleft()
        else:
            yield from self.start_copies()

    def read_index(self, response: Response, index: str, position: Any) -> Iterator[Request]:
        """Collect the copies of a part of a listing, then ask for the next part or index."""
        try:
            listing = self.read_listing(response)
        except IndexAnswerError as error:
            self.inventory.mark_silent(index, str(error))
        else:
            self.silent_in_a_row = 0
            self.inventory.add(index, listing)
            if following := self.following_part(response, listing, index, position):
                yield following
                return
            self.inventory.finish(index)
        yield from self.next_index()

    def index_failed(self, failure: Failure) -> Iterator[Request]:
        """Record an index that could not be read, and go on with the others."""
        if isinstance(failure.value, NotAskedError):
            return
        if ending := refusal(failure):
            self.ending = ending
            self.log_refusal(failure)
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        self.inventory.mark_silent(request.cb_kwargs["index"], explain(failure.value))
        self.silent_in_a_row += 1
        yield from self.next_index()

    def log_refusal(self, failure: Failure) -> None:
        """Log why the run ends, and for a robots.txt what the operator has to decide."""
        reason = explain(failure.value)
        if refusal(failure) != "refused":
            self.logger.error("%s", reason)
            return
        host = urlsplit(failure.request.url).hostname  # type: ignore[attr-defined]
        self.logger.error(REFUSED, {"reason": reason, "host": host})

    # --- the copies ---

    @abstractmethod
    def copy_request(self, copy: Copy) -> Request:
        """Return the request for a copy; ``read`` and ``failed`` are its callbacks."""

    def start_copies(self) -> Iterator[Request]:
        """Plan which copies to fetch, and request the first."""
        self.inventory.set_ending()
        listed = self.wanted.plan(self.inventory.copies)
        self.inventory.copies.clear()
        self.logger.info("%d articles listed, %d to fetch", listed, len(self.wanted))
        yield from self.next_copy()

    @property
    def remaining(self) -> int | None:  # type: ignore[override]
        """Number of articles still to be fetched."""
        return len(self.wanted)

    def next_copy(self) -> Iterator[Request]:
        """Request the next copy that is not stored; each answer leads to one request."""
        if copy := self.wanted.next():
            yield self.copy_request(copy)

    def page_processed(self, item: Page) -> None:
        """Queue the next copy of an article if this one turned out to hold none."""
        self.wanted.answered(item.capture.source or "", item.outcome)

    def idle(self) -> None:
        """Continue if the last outcomes have queued more copies."""
        for request in self.next_copy():
            self.crawler.engine.crawl(request)
            raise DontCloseSpider

    def read(self, response: Response) -> Iterator[Page | Request]:
        """Yield the capture as an item for the stages, then the next request."""
        copy: Copy = response.meta[COPY]
        self.frontier.forget(copy.source)
        capture = response.meta[CAPTURE]
        if is_of_copy(capture, copy):
            yield from super().read(response)
        else:
            yield self.redirected_page(capture, copy)
        yield from self.next_copy()

    def redirected_page(self, capture: Capture, copy: Copy) -> Page:
        """Return the page of a capture that turned out to be of another address."""
        detail = f"expected a copy of {copy.article}, found {capture.url}; no article was stored"
        self.logger.warning("%s: %s", copy.source, detail)
        page = Page(capture=capture, outcome=Outcome.REDIRECT)
        page.add_problem("crawl", "redirected", detail)
        return page

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Record a copy that could not be fetched, and try another of the same article."""
        copy: Copy = failure.request.meta[COPY]  # type: ignore[attr-defined]
        if refusal(failure) == "refused":
            self.log_refusal(failure)
        self.record_failure(copy.source, failure)
        self.wanted.failed(copy.source)
        yield from self.next_copy()
