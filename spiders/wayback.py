"""Fetches copies from the Internet Archive's Wayback Machine."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request

from scraper.crawl.limits import INDEX_QUERY
from scraper.crawl.origins import COPY, ORIGIN
from scraper.model import Origin
from scraper.sources.indexes import Copy, IndexAnswerError
from scraper.sources.wayback import INTERNET_ARCHIVE, cdx_query, prefixes, read_cdx
from spiders.recovery import RecoverySpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response


class WaybackSpider(RecoverySpider):
    """Asks the CDX server for every copy, then for raw replays, one at a time.

    Args:
        archive: address of the Wayback Machine.
    """

    name = "wayback"

    def __init__(self, archive: str = INTERNET_ARCHIVE, **arguments: str) -> None:
        super().__init__(**arguments)
        self.archive = archive.rstrip("/")
        self.since = self.wanted.earliest(self.site)
        self.ahead_of_us = prefixes(self.site, self.wanted)

    @property
    def servers(self) -> tuple[str, ...]:
        """The Wayback Machine, index and pages."""
        return (self.archive,)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first part of the index; http, https and www are one prefix there."""
        for request in self.next_index():
            yield request

    def next_index(self) -> Iterator[Request]:
        """Ask for the copies under the next prefix, or begin with the copies."""
        if self.ahead_of_us:
            prefix = urlsplit(self.site.home).netloc + self.ahead_of_us.pop(0)
            yield self.ask_index(prefix)
        else:
            yield from self.begin()

    def ask_index(self, prefix: str, resume_key: str = "") -> Request:
        """Return the request of a part of what lies under a prefix."""
        index = f"{self.archive}/cdx/search/cdx?url={prefix}"
        return Request(
            self.archive + cdx_query(prefix, self.wanted, self.since, resume_key),
            callback=self.read_index,
            errback=self.index_failed,
            cb_kwargs={"prefix": prefix, "index": index},
            meta={INDEX_QUERY: True},
            dont_filter=True,
        )

    def read_index(self, response: Response, prefix: str, index: str) -> Iterator[Request]:
        """Take up the copies of a part of the index, and ask for the next or for the pages."""
        try:
            listing = read_cdx(response.body.decode("utf-8", "replace"), self.wanted, self.archive)
        except IndexAnswerError as error:
            self.inventory.lose(index, str(error))
            yield from self.next_index()
            return
        self.inventory.take(index, listing)
        if self.inventory.goes_on(index, listing.cursor):
            yield self.ask_index(prefix, listing.cursor)
            return
        self.inventory.finish(index)
        yield from self.next_index()

    def request_copy(self, copy: Copy) -> Request:
        """Return the request of a raw replay."""
        return self.page_request(copy.source, {ORIGIN: Origin.WAYBACK, COPY: copy})
