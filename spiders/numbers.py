"""Walks article numbers between bounds: the backfill, and the proof that nothing was overlooked."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals

from scraper.model import Layout, Outcome
from scraper.sources import article_url
from spiders.base import ArchiveSpider, ArgumentError, number_argument

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from scraper.model import Page

LANGUAGES = ("th", "en")
DIRECTIONS = {"up": 1, "down": -1}


class NumbersSpider(ArchiveSpider):
    """Asks for one article number after another.

    The upper bound is ``last``, else the highest number of the newest listing page. Without
    either, an upward walk ends after a run of missing numbers longer than any ever measured on
    the site; a fixed small count of misses would end it in the first gap.

    Args:
        first: lowest number, default the site's first.
        last: highest number.
        direction: ``up`` (default) or ``down``.
        language: ``th`` (default) or ``en``, where the layout has an address for each.
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
        self.misses = 0
        self.off_walk: set[str] = set()  # addresses that are asked for because they were owed
        self.next_number: int | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider and let it hear what became of each page."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.page_read, signals.item_scraped)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for what is owed, then for the listing where the upper bound is not given."""
        for request in self.owed():
            self.off_walk.add(request.url)
            yield request
        if self.last is None and self.listings():
            yield self.listing()
        else:
            for request in self.begin():
                yield request

    def listing(self) -> Request:
        """Return the request of the newest listing page."""
        return Request(
            self.home + self.listings()[0].format(page=1),
            callback=self.read_listing,
            errback=self.listing_failed,
        )

    def read_listing(self, response: Response) -> Iterator[Request]:
        """Take the highest listed number for the upper bound and begin the walk."""
        numbers = [number for number, _ in self.links(response)]
        self.last = max(numbers, default=None)
        yield from self.begin()

    def listing_failed(self, failure: Failure) -> Iterator[Request]:
        """Walk without an upper bound; a practice site may have its listing elsewhere."""
        response = getattr(failure.value, "response", None)
        if response is not None and response.status == HTTPStatus.NOT_FOUND:
            if self.switch_layout():
                yield self.listing()
                return
            self.layout = self.layout_before  # it has no listing in either
        self.logger.warning("The listing could not be read: %s", failure.getErrorMessage())
        yield from self.begin()

    def begin(self) -> Iterator[Request]:
        """Begin the walk at its end that the direction says."""
        if not self.first_given:
            self.first = self.site.first[self.layout]
        if self.step < 0 and self.last is None:
            self.logger.error("A walk down needs an upper bound: give last=NUMBER")
            self.ending = "unmet"
            return
        self.next_number = self.first if self.step > 0 else self.last
        yield from self.step_on()

    def step_on(self) -> Iterator[Request]:
        """Ask for the next number that is not known; one answer leads to one request.

        So the walk needs no list of what is ahead, however long it is.
        """
        while (number := self.next_number) is not None and self.within(number):
            self.next_number = number + self.step
            url = article_url(self.site, self.layout, number, self.language)
            outcome = None if self.again else self.frontier.outcome(url)
            if outcome is None:
                yield self.article(self.at_home(url))
                return
            self.note(outcome)

    @property
    def to_come(self) -> int | None:  # type: ignore[override]
        """How many numbers are before the walk, None without an upper bound."""
        if self.next_number is None or self.last is None:
            return None
        left = self.last - self.next_number if self.step > 0 else self.next_number - self.first
        return max(0, left + 1)

    def within(self, number: int) -> bool:
        """Say whether a number is still part of the walk."""
        if self.last is None:
            return self.misses <= self.site.longest_gap
        return self.first <= number <= self.last

    def note(self, outcome: Outcome | None) -> None:
        """Count missing numbers in a row."""
        self.misses = self.misses + 1 if outcome is Outcome.MISSING else 0

    def page_read(self, item: Page) -> None:
        """Hear from the stages what became of a page; those that were owed are off the walk."""
        if item.capture.url not in self.off_walk:
            self.note(item.outcome)

    def read(self, response: Response) -> Iterator[Page | Request]:
        """Hand the capture to the stages and go on."""
        yield from super().read(response)
        yield from self.step_on()

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Remember the failure and go on."""
        yield from super().failed(failure)
        yield from self.step_on()
