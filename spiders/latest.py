"""Fetches what is new, and looks again at what was new lately: the daily run."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request

from scraper.crawl.permission import is_loopback
from scraper.model import Outcome
from scraper.sources import parse_address, site_of
from spiders.base import ArchiveSpider, number_argument

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from scraper.archive.frontier import DueVisit
    from scraper.model import Page

AFTER_ALL_ELSE = -1_000_000  # priority of requests


@dataclass
class Walk:
    """How far one listing has been read.

    Attributes:
        path: of its pages.
        known_days: publication days (ISO) of the known articles in a row, None where not stored.
        listed: numbers that stood on the pages so far.
    """

    path: str
    known_days: list[str | None] = field(default_factory=list)
    listed: set[int] = field(default_factory=set)


class LatestSpider(ArchiveSpider):
    """Walks the listings from the newest article backwards, then visits what is due.

    It stops when both hold: ``known`` consecutive listed articles are in the archive, and the
    last of them was published at least ``lookback`` days before the newest one. A single known
    item proves nothing: articles are published late and out of order. Nor do articles that a run
    fetched which was cut short: behind them is a gap, so they are passed over and not counted.

    Then it visits articles that the frontier says are due, to see edits and removals, and numbers
    between recent ones that have no article yet (docs/decisions/0009-visits.md).

    Args:
        known: consecutive known articles before it stops, default 20.
        lookback: days behind the newest article, default 3. Articles that are published late
            with an earlier date are found by their numbers.
        pages: listing pages it reads at most in each language, default 100.
        visits: ``0`` to look for new articles only.
    """

    name = "latest"

    @classmethod
    def handles_request(cls, request: Request) -> bool:
        """Say whether ``scrapy parse URL`` takes this spider: for every page of a known site.

        It makes the spider only later, and without the address. That of a practice site is its
        default from then on.
        """
        if is_loopback(request.url):
            parts = urlsplit(request.url)
            cls.default_home = f"{parts.scheme}://{parts.netloc}"
        return site_of(request.url) is not None

    def __init__(
        self,
        known: str = "20",
        lookback: str = "3",
        pages: str = "100",
        visits: str = "1",
        **arguments: str,
    ) -> None:
        super().__init__(**arguments)
        self.wanted_known = number_argument("known", known, least=1) or 1
        self.lookback = timedelta(days=number_argument("lookback", lookback) or 0)
        self.max_pages = number_argument("pages", pages, least=1) or 1
        self.visits = number_argument("visits", visits) != 0
        self.asked: set[str] = set()  # canonical addresses; each is asked for once in a run

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the newest listing pages, for what is owed and for what is due."""
        if not self.listings():
            self.logger.error(
                "No listing of the layout %s is known: walk its numbers with `thaigov crawl "
                "numbers -a layout=%s`",
                self.layout,
                self.layout,
            )
            self.ending = "unmet"
            return
        for path in self.listings():
            yield self.listing(Walk(path), 1)
        for request in self.once(self.owed()):
            yield request
        if self.visits:
            self.frontier.follow(self.frontier.gaps(self.site, self.layout))
            for request in self.once(map(self.visit, self.frontier.due(self.site))):
                yield request

    def once(self, requests: Iterable[Request]) -> Iterator[Request]:
        """Yield the requests of articles that this run has not asked for yet."""
        for request in requests:
            address = parse_address(request.url)
            if address is not None and address.url not in self.asked:
                self.asked.add(address.url)
                yield request

    def visit(self, visit: DueVisit) -> Request:
        """Return the request of an article that is due, in terms its server may answer by 304."""
        validators = {"If-None-Match": visit.etag, "If-Modified-Since": visit.last_modified}
        request = self.article(self.at_home(visit.url))
        for name, value in validators.items():
            if value is not None:
                request.headers[name] = value
        return request.replace(priority=AFTER_ALL_ELSE)

    def listing(self, walk: Walk, page: int) -> Request:
        """Return the request of a listing page; the newest articles come before older ones."""
        return Request(
            self.home + walk.path.format(page=page),
            callback=self.read_listing,
            errback=self.listing_missing if page == 1 else self.listing_failed,
            cb_kwargs={"walk": walk, "page": page},
            dont_filter=True,
            priority=-page,
        )

    def read_listing(self, response: Response, walk: Walk, page: int) -> Iterator[Request | Page]:
        """Ask for the unknown articles of a listing page, and for the next page if need be."""
        links = [link for link in self.links(response) if link[0] not in walk.listed]
        if page == 1 and not links:
            self.without_articles(response.url)
        new = []
        for number, url in links:
            walk.listed.add(number)
            # What was missing and is listed now may have been published since.
            known = self.frontier.outcome(url) not in {None, Outcome.MISSING}
            if known and self.frontier.in_completed_run(url):
                walk.known_days.append(self.frontier.published_on(url))
            else:
                walk.known_days.clear()
            if self.again or not (known or self.frontier.has_scheduled_visit(url)):
                new.append(url)
        self.frontier.follow(new)
        yield from self.once(map(self.article, new))
        if not links or self.reached_known_articles(walk):
            return
        if page < self.max_pages:
            yield self.listing(walk, page + 1)
        elif self.frontier.last_completed_run:
            self.logger.error(
                "%d listing pages did not reach what earlier runs fetched: give more with pages=N",
                page,
            )
            self.ending = "unmet"

    def listing_missing(self, failure: Failure) -> Iterator[Request]:
        """Note that a listing is not there, or could not be read."""
        response = getattr(failure.value, "response", None)
        if response is None or response.status != HTTPStatus.NOT_FOUND:
            return self.listing_failed(failure)
        if self.switch_layout():
            if self.visits:
                self.frontier.follow(self.frontier.gaps(self.site, self.layout))
            return iter([self.listing(Walk(path), 1) for path in self.listings()])
        self.without_articles(response.url)
        return iter(())

    def without_articles(self, url: str) -> None:
        """Tell that a listing has no articles; only the first language's must have some."""
        is_first = urlsplit(url).path == urlsplit(self.home + self.listings()[0]).path
        self.logger.log(
            logging.ERROR if is_first else logging.WARNING,
            "%s lists no article: the markup or the address has changed",
            url,
        )
        if is_first:
            self.ending = "unmet"

    def reached_known_articles(self, walk: Walk) -> bool:
        """Say whether nothing new is to be expected behind the articles listed so far."""
        if len(walk.known_days) < self.wanted_known:
            return False
        newest = self.frontier.newest_published_on(self.site)
        last = next(filter(None, reversed(walk.known_days)), None)
        if newest is None or last is None:
            # All out of scope or missing: their days are unknown, so only the count speaks, if
            # the archive has no article to measure from.
            return newest is None
        return date.fromisoformat(newest) - date.fromisoformat(last) >= self.lookback
