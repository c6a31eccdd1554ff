"""Fetches what is new: reads the newest listing pages until known ground is reached."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from scrapy import Request

from spiders.base import ArchiveSpider, number_argument

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response

    from scraper.model import Page


class LatestSpider(ArchiveSpider):
    """Walks the listing from the newest article backwards.

    It stops when both hold: ``known`` consecutive listed articles are in the archive, and the
    last of them was published at least ``lookback`` days before the newest one. A single known
    item proves nothing: articles are published late and out of order (one in a hundred with an
    entry date up to 15 days earlier).

    Args:
        known: consecutive known articles before it stops, default 20.
        lookback: days behind the newest article, default 15.
        pages: listing pages it reads at most, default 100.
    """

    name = "latest"

    def __init__(
        self,
        known: str = "20",
        lookback: str = "15",
        pages: str = "100",
        **arguments: str,
    ) -> None:
        super().__init__(**arguments)
        self.wanted_known = number_argument("known", known, least=1) or 1
        self.lookback = timedelta(days=number_argument("lookback", lookback) or 0)
        self.max_pages = number_argument("pages", pages, least=1) or 1
        self.known_run = 0
        self.listed: set[int] = set()

    async def start(self) -> AsyncIterator[Request]:
        """Ask for what is owed and for the first listing page."""
        for request in self.owed():
            yield request
        yield self.listing(1)

    def listing(self, page: int) -> Request:
        """Return the request of a listing page; the newest articles come before older ones."""
        return Request(
            self.home + self.site.listing.format(page=page),
            callback=self.read_listing,
            errback=self.listing_failed,
            cb_kwargs={"page": page},
            dont_filter=True,
            priority=-page,
        )

    def read_listing(self, response: Response, page: int) -> Iterator[Request | Page]:
        """Ask for the unknown articles of a listing page, and for the next page if need be."""
        links = [link for link in self.links(response) if link[0] not in self.listed]
        if page == 1 and not links:
            self.logger.error(
                "%s lists no article: the markup or the address has changed", response.url
            )
            self.ending = "unmet"
        for number, url in links:
            self.listed.add(number)
            known = self.frontier.outcome(url) is not None
            self.known_run = self.known_run + 1 if known else 0
            if not known or self.again:
                yield self.article(url)
        if links and page < self.max_pages and not self.on_known_ground(links[-1][1]):
            yield self.listing(page + 1)

    def on_known_ground(self, last_url: str) -> bool:
        """Say whether nothing new is to be expected behind an article."""
        if self.known_run < self.wanted_known:
            return False
        newest, last = self.frontier.newest(self.site), self.frontier.published_on(last_url)
        if newest is None or last is None:
            # Out of scope or missing: its day is unknown, so only the count speaks.
            return newest is None
        return date.fromisoformat(newest) - date.fromisoformat(last) >= self.lookback
