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
    entry date up to 15 days earlier). Nor do articles that a run fetched which was cut short:
    behind them is a gap, so they are passed over and not counted.

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
        # Publication days (ISO) of the known articles in a row, None where it is not stored.
        self.known_days: list[str | None] = []
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
            if known and self.frontier.is_settled(url):
                self.known_days.append(self.frontier.published_on(url))
            else:
                self.known_days.clear()
            if not known or self.again:
                yield self.article(url)
        if not links or self.on_known_ground():
            return
        if page < self.max_pages:
            yield self.listing(page + 1)
        elif self.frontier.last_done:
            self.logger.error(
                "%d listing pages did not reach what earlier runs fetched: give more with pages=N",
                page,
            )
            self.ending = "unmet"

    def on_known_ground(self) -> bool:
        """Say whether nothing new is to be expected behind the articles listed so far."""
        if len(self.known_days) < self.wanted_known:
            return False
        newest = self.frontier.newest(self.site)
        last = next(filter(None, reversed(self.known_days)), None)
        if newest is None or last is None:
            # All out of scope or missing: their days are unknown, so only the count speaks, if
            # the archive has no article to measure from.
            return newest is None
        return date.fromisoformat(newest) - date.fromisoformat(last) >= self.lookback
