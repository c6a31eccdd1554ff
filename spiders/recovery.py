"""What the two recoveries share: read an index, plan, and ask for one copy after another.

The index is read whole before the first page is asked for. What was fetched is known by the
copy's ``source``, so that a recovery that was killed goes on where it was.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider

from scraper.crawl.backoff import LONGEST_PAUSE
from scraper.crawl.capture import CAPTURE
from scraper.crawl.faults import explain
from scraper.crawl.mementos import is_of_copy
from scraper.crawl.origins import COPY
from scraper.crawl.permission import check_permission
from scraper.crawl.shutdown import NotAskedError
from scraper.model import Outcome, Page
from scraper.sources.indexes import Copy, Wanted, plan
from scraper.thai.typed_dates import LAST_YEAR, DayError, read_typed_date
from spiders.base import ArchiveSpider, ArgumentError, number_argument, refusal
from spiders.inventory import Inventory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from scraper.model import Capture

REFUSED = (
    "%(reason)s. The archive documents this address for programs, and its robots.txt forbids it to "
    "them. Which of the two holds is for a person to decide: read the archive's terms or ask it. "
    "If it allows you, say who did in THAIGOV_PERMISSION and run again with --ignore-robots "
    "%(host)s (docs/recover.md). Until then nothing more is asked of it"
)


def pause_argument(value: str) -> float:
    """Return a number of seconds.

    Raises:
        ArgumentError: it is none, or negative.
    """
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_PAUSE:
        raise ArgumentError(
            f"pause must be a number of seconds up to {LONGEST_PAUSE:.0f}, not {value!r}"
        )
    return seconds


KEPT = {Outcome.ARTICLE, Outcome.DUPLICATE, Outcome.OUT_OF_SCOPE}
MOST_TRIES = 5  # copies of one article that turn out to hold none, before it is given up


def moment(name: str, text: str, *, last: bool = False) -> str:
    """Return a time of a copy as archives write it: digits from the year to the second.

    Args:
        name: of the spider's argument.
        text: its value: such digits, or a date of either era as a reader types it; may be empty.
        last: take the last day of a month or year, not the first.

    Raises:
        ArgumentError: neither.
    """
    if not text or (re.fullmatch(r"\d{4,14}", text, re.ASCII) and int(text[:4]) <= LAST_YEAR):
        return text
    if re.fullmatch(r"\d{9,14}", text, re.ASCII):
        day, time = text[:8], text[8:]
    else:
        day, time = text, ""
    try:
        period = read_typed_date(day)
    except DayError as error:
        raise ArgumentError(f"{name}: {error.english}, or 4 to 14 digits") from None
    return f"{period.last if last else period.first:%Y%m%d}{time}"


class RecoverySpider(ArchiveSpider):
    """Base of the spiders that fetch copies from web archives.

    Attributes:
        inventory: what the indexes have listed.

    Args:
        first: lowest article number.
        last: highest article number.
        since: earliest time of a copy: 4 to 14 digits (year to second), or a date as typed.
        until: latest time of a copy, likewise.
        missing: ``1`` (default) to leave out articles that the archive has.
        versions: ``latest`` (default) or ``all``.
        pause: seconds to wait on 429 or 503 where the server does not say.
        ignore_robots: hosts, separated by commas, whose robots.txt does not bind this run: a
            person has found that the archive allows by other means what the file forbids.
    """

    # Pages at most every 1.25 s, which AutoThrottle only ever slows down, and index queries at most
    # every 2.5 s: the Internet Archive closes its door to faster ones, and so does Common Crawl.
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc] # Scrapy: may be None
        "DOWNLOAD_DELAY": 1.25,
        "AUTOTHROTTLE_START_DELAY": 1.25,
        "INDEX_QUERIES_A_MINUTE": 24,
    }

    inventory: Inventory

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
        since, until = moment("since", since), moment("until", until, last=True)
        if versions not in {"latest", "all"}:
            raise ArgumentError(f"versions must be latest or all, not {versions!r}")
        lowest = number_argument("first", first, least=1)
        self.wanted = Wanted(lowest, number_argument("last", last, least=1), since, until)
        self.missing = number_argument("missing", missing) == 1
        self.all_versions = versions == "all"
        self.pause = pause_argument(pause)
        self.ignored_robots = frozenset(filter(None, ignore_robots.lower().split(",")))
        # What is still to be asked for: per article, copies in the order of preference.
        self.ahead: deque[deque[Copy]] = deque()
        self.asked: dict[str, deque[Copy]] = {}
        self.silent_in_a_row = 0  # indexes

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider and let it hear what became of each page."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if strange := spider.ignored_robots - spider.may_ask:
            raise ArgumentError(
                f"{', '.join(sorted(strange))} is not asked by this run, only "
                f"{', '.join(sorted(spider.may_ask))}"
            )
        spider.inventory = Inventory(spider)
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
        """Return if the archive may be asked: web archives are open to all who obey robots.txt.

        Raises:
            RefusedError: robots.txt is to be ignored, and nobody has said who allowed that.
        """
        if self.ignored_robots:
            check_permission(self.asks, settings)
        elif not settings["CONTACT"]:
            self.logger.warning("Set THAIGOV_CONTACT: %s likes to know who asks", self.asks)

    def index_failed(self, failure: Failure) -> Iterator[Request]:
        """Note an index that could not be read, and go on with the others.

        ``cb_kwargs`` of its request name the index, so that it is known however far it was read.
        """
        if isinstance(failure.value, NotAskedError):
            return
        if ending := refusal(failure):
            self.ending = ending
            self.tell_refusal(failure)
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        self.inventory.lose(request.cb_kwargs["index"], explain(failure.value))
        self.silent_in_a_row += 1
        yield from self.next_index()

    def tell_refusal(self, failure: Failure) -> None:
        """Say what a person must decide where robots.txt forbids what the archive documents."""
        reason = explain(failure.value)
        if refusal(failure) != "refused":
            self.logger.error("%s", reason)
            return
        host = urlsplit(failure.request.url).hostname  # type: ignore[attr-defined]
        self.logger.error(REFUSED, {"reason": reason, "host": host})

    @abstractmethod
    def next_index(self) -> Iterator[Request]:
        """Ask the next index, or begin with the copies once all were asked."""

    def begin(self) -> Iterator[Request]:
        """Plan what to ask for, and ask for the first copy."""
        self.inventory.judge()
        planned = plan(self.inventory.copies, all_versions=self.all_versions)
        self.inventory.copies.clear()
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
        self.frontier.forget(copy.source)
        capture = response.meta[CAPTURE]
        if is_of_copy(capture, copy):
            yield from super().read(response)
        else:
            yield self.another_page(capture, copy)
        yield from self.step_on()

    def another_page(self, capture: Capture, copy: Copy) -> Page:
        """Return the page of a copy that turned out to be another address's: a redirect."""
        detail = f"expected a copy of {copy.article}, found {capture.url}; no article was stored"
        self.logger.warning("%s: %s", copy.source, detail)
        page = Page(capture=capture, outcome=Outcome.REDIRECT)
        page.add_problem("crawl", "redirected", detail)
        return page

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Note a copy that could not be fetched, and go on with another of the same article."""
        copy: Copy = failure.request.meta[COPY]  # type: ignore[attr-defined]
        if refusal(failure) == "refused":
            self.tell_refusal(failure)
        self.note_failure(copy.source, failure)
        if others := self.asked.pop(copy.source, None):
            self.ahead.append(others)
        yield from self.step_on()
