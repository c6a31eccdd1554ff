"""Fetches copies from the Internet Archive's Wayback Machine."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request

from scraper.crawl.lanes import COPY, LANE
from scraper.model import Origin
from scraper.sources.indexes import (
    INTERNET_ARCHIVE,
    Copy,
    IndexAnswerError,
    cdx_query,
    read_cdx,
)
from spiders.recovery import RecoverySpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response

PREFIXES = ("/news/contents/", "/th/news/", "/en/news/")


class WaybackSpider(RecoverySpider):
    """Asks the CDX server for every copy, then for raw replays, one at a time.

    Args:
        archive: address of the Wayback Machine.
    """

    name = "wayback"

    def __init__(self, archive: str = INTERNET_ARCHIVE, **arguments: str) -> None:
        super().__init__(**arguments)
        self.archive = archive.rstrip("/")

    @property
    def servers(self) -> tuple[str, ...]:
        """The Wayback Machine, index and pages."""
        return (self.archive,)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first part of the index; http, https and www are one prefix there."""
        yield self.ask_index(0)

    def ask_index(self, prefix: int, resume_key: str = "") -> Request:
        """Return the request of a part of the index."""
        under = urlsplit(self.site.home).netloc + PREFIXES[prefix]
        return Request(
            self.archive + cdx_query(under, self.wanted, resume_key),
            callback=self.read_index,
            errback=self.listing_failed,
            cb_kwargs={"prefix": prefix},
            dont_filter=True,
        )

    def read_index(self, response: Response, prefix: int) -> Iterator[Request]:
        """Take up the copies of a part of the index, and ask for the next or for the pages."""
        try:
            copies, key = read_cdx(response.text, self.wanted, self.archive)
        except IndexAnswerError as error:
            self.unreadable_index(response, error)
            return
        self.copies += copies
        if key:
            yield self.ask_index(prefix, key)
        elif prefix + 1 < len(PREFIXES):
            yield self.ask_index(prefix + 1)
        else:
            yield from self.begin()

    def request_copy(self, copy: Copy) -> Request:
        """Return the request of a raw replay."""
        return self.page_request(copy.source, {LANE: Origin.WAYBACK, COPY: copy})
