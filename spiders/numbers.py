"""Walks article numbers between bounds: the backfill, and the check that nothing was missed."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals

from scraper.model import Layout, Outcome
from scraper.sources import article_url
from spiders.arguments import ArgumentError, number_argument
from spiders.base import ArchiveSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from scraper.model import Page

LANGUAGES = ("th", "en")
DIRECTIONS = {"up": 1, "down": -1}


class NumbersSpider(ArchiveSpider):
    """Requests one article number after another.

    The upper bound is ``last``, or else the highest number on the newest listing page. Without
    either, an upward walk ends after more missing numbers in a row than the site's longest measured
    gap; a smaller limit would stop it in a gap.

    Args:
        first: lowest number, default the site's first.
        last: highest number, default the highest on the newest listing page.
        direction: ``up`` (default) or ``down``.
        language: ``th`` (default) or ``en``, if the layout has a page for each.
    """

    name = "numbers"

    def __init__(
        self,
        first: str | None = None,
        last: str | None = None,
        direction: str = "up",
        language: str = "th",
        **arguments: str,
    ) -> None:
        super().__init__(**arguments)
        if direction not in DIRECTIONS:
            raise ArgumentError(f"direction must be up or down, not {direction!r}")
        if language not in LANGUAGES:
            raise ArgumentError(f"language must be th or en, not {language!r}")
        self.language = language
        lowest = number_argument("first", first, least=1)
        self.first_given = lowest is not None
        self.step = DIRECTIONS[direction]
        self.first = lowest or self.site.first[self.layout]
        self.last = number_argument("last", last, least=1)
        if (lowest or self.last or 0) >= self.site.first[Layout.NEWS]:
            self.switch_layout()  # on a practice site, no number is one in both layouts
            self.first = lowest or self.site.first[self.layout]
            self.layout_before = self.layout
        if self.last is not None and self.last < self.first:
            raise ArgumentError(f"last={last} is below first={self.first}")
        self.missing_in_a_row = 0
        self.retried: set[str] = set()  # URLs outside the walk, which earlier runs failed to fetch
        self.next_number: int | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Create the spider and connect it to the outcome of each page."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.page_processed, signals.item_scraped)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Request earlier failures, then the listing unless an upper bound is given."""
        for request in self.retries():
            self.retried.add(request.url)
            yield request
        if self.last is None and self.listing_paths():
            yield self.listing_request()
        else:
            for request in self.start_walk():
                yield request

    def listing_request(self) -> Request:
        """Return the request for the newest listing page."""
        return Request(
            self.home + self.listing_paths()[0].format(page=1),
            callback=self.read_listing,
            errback=self.listing_failed,
        )

    def read_listing(self, response: Response) -> Iterator[Request]:
        """Use the highest listed number as the upper bound and start the walk."""
        numbers = [number for number, _ in self.links(response)]
        self.last = max(numbers, default=None)
        yield from self.start_walk()

    def listing_failed(self, failure: Failure) -> Iterator[Request]:
        """Try a practice site's other layout; otherwise walk without an upper bound."""
        response = getattr(failure.value, "response", None)
        if response is not None and response.status == HTTPStatus.NOT_FOUND:
            if self.switch_layout():
                yield self.listing_request()
                return
            self.layout = self.layout_before  # neither layout has a listing
        self.logger.warning("The listing could not be read: %s", failure.getErrorMessage())
        yield from self.start_walk()

    def start_walk(self) -> Iterator[Request]:
        """Start at the lowest or highest number, depending on the direction."""
        if not self.first_given:
            self.first = self.site.first[self.layout]
        if self.step < 0 and self.last is None:
            self.logger.error("A walk down needs an upper bound: give last=NUMBER")
            self.ending = "unmet"
            return
        self.next_number = self.first if self.step > 0 else self.last
        yield from self.next_article()

    def next_article(self) -> Iterator[Request]:
        """Request the next unknown number.

        Each answer leads to one request, so a long walk needs no queue.
        """
        while (number := self.next_number) is not None and self.in_bounds(number):
            self.next_number = number + self.step
            url = article_url(self.site, self.layout, number, self.language)
            outcome = None if self.again else self.frontier.outcome(url)
            if outcome is None:
                yield self.article_request(self.at_home(url))
                return
            self.count_missing(outcome)

    @property
    def remaining(self) -> int | None:  # type: ignore[override]
        """Numbers still to be walked, None without an upper bound."""
        if self.next_number is None or self.last is None:
            return None
        left = self.last - self.next_number if self.step > 0 else self.next_number - self.first
        return max(0, left + 1)

    def in_bounds(self, number: int) -> bool:
        """Return whether a number is part of the walk."""
        if self.last is None:
            return self.missing_in_a_row <= self.site.longest_gap
        return self.first <= number <= self.last

    def count_missing(self, outcome: Outcome | None) -> None:
        """Count missing numbers in a row."""
        self.missing_in_a_row = self.missing_in_a_row + 1 if outcome is Outcome.MISSING else 0

    def page_processed(self, item: Page) -> None:
        """Count the outcome of a page, unless it is a retry outside the walk."""
        if item.capture.url not in self.retried:
            self.count_missing(item.outcome)

    def read(self, response: Response) -> Iterator[Page | Request]:
        """Yield the capture as an item for the stages, then the next request."""
        yield from super().read(response)
        yield from self.next_article()

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Record the failure, then request the next number."""
        yield from super().failed(failure)
        yield from self.next_article()
