"""Fetches copies from the Internet Archive's Wayback Machine."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.crawl.origins import COPY, ORIGIN
from scraper.model import Origin
from scraper.sources.wayback import INTERNET_ARCHIVE, cdx_query, prefixes, read_cdx
from spiders.recovery import RecoverySpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy import Request
    from scrapy.http import Response

    from scraper.sources.indexes import Copy, Listing


class WaybackSpider(RecoverySpider):
    """Reads the CDX index, then fetches raw replays, one at a time.

    Args:
        archive: URL of the Wayback Machine.
    """

    name = "wayback"

    def __init__(self, archive: str = INTERNET_ARCHIVE, **arguments: str) -> None:
        super().__init__(**arguments)
        self.archive = archive.rstrip("/")
        self.earliest = self.bounds.earliest(self.site)

    @property
    def servers(self) -> tuple[str, ...]:
        """The Wayback Machine serves both index and pages."""
        return (self.archive,)

    async def start(self) -> AsyncIterator[Request]:
        """Ask the index for each path prefix; http, https and www are one prefix there."""
        host = urlsplit(self.site.home).netloc
        for path in prefixes(self.site, self.bounds):
            index = f"{self.archive}/cdx/search/cdx?url={host}{path}"
            self.index_requests.append(self.part_request(index, host + path))
        for request in self.next_index():
            yield request

    def part_request(self, index: str, prefix: str, resume_key: str = "") -> Request:
        """Return the request for a part of what is listed under a URL prefix."""
        query = cdx_query(prefix, self.bounds, self.earliest, resume_key)
        return self.index_request(index, self.archive + query, prefix)

    def read_listing(self, response: Response) -> Listing:
        """Parse a response of the CDX server."""
        return read_cdx(response.body.decode("utf-8", "replace"), self.bounds, self.archive)

    def following_part(
        self, _response: Response, listing: Listing, index: str, position: str
    ) -> Request | None:
        """Return the request that resumes a listing at its cursor."""
        if not self.inventory.continues(index, listing.cursor):
            return None
        return self.part_request(index, position, listing.cursor)

    def copy_request(self, copy: Copy) -> Request:
        """Return the request for a raw replay."""
        return self.page_request(copy.source, {ORIGIN: Origin.WAYBACK, COPY: copy})
