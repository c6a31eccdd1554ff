"""Fetches new articles and revisits recent ones: the daily run."""

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
from spiders.arguments import number_argument
from spiders.base import ArchiveSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from scraper.archive.frontier import DueVisit
    from scraper.model import Page

LAST_PRIORITY = -1_000_000


@dataclass
class ListingWalk:
    """How far one listing has been read.

    Attributes:
        path: template of its pages' path.
        known_days: publication days (ISO) of the latest consecutive known articles, None for
            those that are not stored.
        listed: numbers listed so far.
    """

    path: str
    known_days: list[str | None] = field(default_factory=list)
    listed: set[int] = field(default_factory=set)


class LatestSpider(ArchiveSpider):
    """Reads the listings from the newest article backwards, then revisits what is due.

    It stops reading a listing when both hold: ``known`` consecutive listed articles are in the
    archive, and the last of them was published at least ``lookback`` days before the newest one.
    A single known article proves nothing, since articles are published late and out of order.
    Articles fetched by a run that was cut short do not count: older ones may be missing.

    Then it revisits the articles that are due according to the frontier, to detect edits and
    removals, and tries unused numbers between recent articles (docs/decisions/0009-visits.md).

    Args:
        known: stop after this many consecutive known articles, default 20.
        lookback: days to read back from the newest article, default 3. Articles that are
            published late with an earlier date are found by their numbers.
        pages: read at most this many listing pages in each language, default 100.
        visits: ``0`` to fetch new articles only and revisit none.
    """

    name = "latest"

    @classmethod
    def handles_request(cls, request: Request) -> bool:
        """Return whether ``scrapy parse URL`` uses this spider: for every page of a known site.

        Scrapy creates the spider later and without the URL, so the home of a practice site
        becomes the default here.
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
        self.requested: set[str] = set()  # canonical URLs; each is requested once per run

    async def start(self) -> AsyncIterator[Request]:
        """Request the newest listing pages, earlier failures, and what is due."""
        if not self.listing_paths():
            self.logger.error(
                "No listing of the layout %s is known. Crawl its numbers instead: `thaigov crawl "
                "numbers -a layout=%s`",
                self.layout,
                self.layout,
            )
            self.ending = "unmet"
            return
        for path in self.listing_paths():
            yield self.first_page(path)
        for request in self.not_yet_requested(self.retries()):
            yield request
        if self.visits:
            self.frontier.follow(self.frontier.gaps(self.site, self.layout))
            for request in self.not_yet_requested(
                map(self.visit_request, self.frontier.due(self.site))
            ):
                yield request

    def not_yet_requested(self, requests: Iterable[Request]) -> Iterator[Request]:
        """Yield the requests for articles that this run has not requested yet."""
        for request in requests:
            address = parse_address(request.url)
            if address is not None and address.url not in self.requested:
                self.requested.add(address.url)
                yield request

    def visit_request(self, visit: DueVisit) -> Request:
        """Return a conditional request for an article that is due; the server may answer 304."""
        validators = {"If-None-Match": visit.etag, "If-Modified-Since": visit.last_modified}
        request = self.article_request(self.at_home(visit.url))
        for name, value in validators.items():
            if value is not None:
                request.headers[name] = value
        return request.replace(priority=LAST_PRIORITY)

    def first_page(self, path: str) -> Request:
        """Return the request for the first page of a listing."""
        return self.listing_request(ListingWalk(path), 1)

    def listing_request(self, walk: ListingWalk, page: int) -> Request:
        """Return the request for a listing page; newer pages have priority."""
        return Request(
            self.home + walk.path.format(page=page),
            callback=self.read_listing,
            errback=self.listing_missing if page == 1 else self.listing_failed,
            cb_kwargs={"walk": walk, "page": page},
            dont_filter=True,
            priority=-page,
        )

    def read_listing(
        self, response: Response, walk: ListingWalk, page: int
    ) -> Iterator[Request | Page]:
        """Request the unknown articles of a listing page, and the next page if needed."""
        links = [link for link in self.links(response) if link[0] not in walk.listed]
        if page == 1 and not links:
            self.report_empty_listing(response.url)
        new = []
        for number, url in links:
            walk.listed.add(number)
            # A number that was missing may have been published since.
            known = self.frontier.outcome(url) not in {None, Outcome.MISSING}
            if known and self.frontier.in_completed_run(url):
                walk.known_days.append(self.frontier.published_on(url))
            else:
                walk.known_days.clear()
            if self.again or not (known or self.frontier.has_scheduled_visit(url)):
                new.append(url)
        self.frontier.follow(new)
        yield from self.not_yet_requested(map(self.article_request, new))
        if not links or self.reached_known_articles(walk):
            return
        if page < self.max_pages:
            yield self.listing_request(walk, page + 1)
        elif self.frontier.last_completed_run:
            self.logger.error(
                "%d listing pages did not reach what earlier runs fetched: raise -a pages=N",
                page,
            )
            self.ending = "unmet"

    def listing_missing(self, failure: Failure) -> Iterator[Request]:
        """Try the other layout if a listing does not exist; report it if it cannot be read."""
        response = getattr(failure.value, "response", None)
        if response is None or response.status != HTTPStatus.NOT_FOUND:
            return self.listing_failed(failure)
        if self.switch_layout():
            if self.visits:
                self.frontier.follow(self.frontier.gaps(self.site, self.layout))
            return map(self.first_page, self.listing_paths())
        self.report_empty_listing(response.url)
        return iter(())

    def report_empty_listing(self, url: str) -> None:
        """Log an empty listing; the run is unmet if it is that of the first language."""
        is_first = urlsplit(url).path == urlsplit(self.home + self.listing_paths()[0]).path
        self.logger.log(
            logging.ERROR if is_first else logging.WARNING,
            "%s lists no articles: its markup or address may have changed",
            url,
        )
        if is_first:
            self.ending = "unmet"

    def reached_known_articles(self, walk: ListingWalk) -> bool:
        """Return whether older listing pages need not be read."""
        if len(walk.known_days) < self.wanted_known:
            return False
        newest = self.frontier.newest_published_on(self.site)
        last = next(filter(None, reversed(walk.known_days)), None)
        if newest is None or last is None:
            # All known articles are out of scope or missing, so their days are unknown. The count
            # alone decides if the archive has no article to measure from.
            return newest is None
        return date.fromisoformat(newest) - date.fromisoformat(last) >= self.lookback
