"""Fetches copies from Common Crawl: one index per collection, then single records by range."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from scrapy import Request

from scraper.crawl.limits import INDEX_QUERY
from scraper.crawl.origins import COPY, ORIGIN
from scraper.model import Origin
from scraper.sources.common_crawl import (
    COMMON_CRAWL_DATA,
    COMMON_CRAWL_INDEX,
    LINES_WITH_MORE,
    Collection,
    collections_within,
    index_url,
    read_collections,
    read_common_crawl,
)
from scraper.sources.indexes import IndexAnswerError
from spiders.base import refusal
from spiders.inventory import MOST_INDEX_PARTS
from spiders.recovery import RecoverySpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from scraper.sources.indexes import Copy, Listing


class Position(NamedTuple):
    """A page of a collection's listing, and the body of the page before it."""

    collection: Collection
    page: int = 0
    before: bytes = b""


class CommonCrawlSpider(RecoverySpider):
    """Reads one index after another, then fetches records, one at a time.

    Args:
        index: URL of the index server.
        data: URL of the file server.
    """

    name = "commoncrawl"

    def __init__(
        self, index: str = COMMON_CRAWL_INDEX, data: str = COMMON_CRAWL_DATA, **arguments: str
    ) -> None:
        super().__init__(**arguments)
        self.index, self.data = index.rstrip("/"), data.rstrip("/")
        self.host = urlsplit(self.site.home).netloc

    @property
    def servers(self) -> tuple[str, ...]:
        """The index server and the file server."""
        return self.index, self.data

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the list of collections."""
        yield Request(
            f"{self.index}/collinfo.json",
            callback=self.read_collections,
            errback=self.collections_failed,
            meta={INDEX_QUERY: True},
            dont_filter=True,
        )

    def collections_failed(self, failure: Failure) -> Iterator[Request]:
        """Let the run fail: without the list of collections no index is known."""
        if refusal(failure):
            self.log_refusal(failure)
        return self.listing_failed(failure)

    def read_collections(self, response: Response) -> Iterator[Request]:
        """Queue every collection that can hold a wanted copy, and ask the first."""
        text = response.body.decode("utf-8", "replace")
        try:
            collections, faults = read_collections(text, self.index)
        except IndexAnswerError as error:
            self.inventory.mark_silent(response.url, str(error))
            self.ending = "failed"
            return
        self.inventory.finish(response.url)
        self.inventory.report_faults(response.url, faults)
        within = collections_within(collections, self.site, self.bounds)
        self.index_requests.extend(self.part_request(Position(found)) for found in within)
        self.logger.info("%d of %d indexes to query", len(within), len(collections))
        yield from self.next_index()

    def part_request(self, position: Position) -> Request:
        """Return the request for a page of a collection's listing."""
        collection, page, _ = position
        # 404: the collection has no copy; 400: it has no further page.
        statuses = [HTTPStatus.NOT_FOUND] + [HTTPStatus.BAD_REQUEST] * bool(page)
        index, url = (index_url(collection, self.host, number) for number in (0, page))
        return self.index_request(index, url, position, *statuses)

    def read_listing(self, response: Response) -> Listing:
        """Parse a page of a listing."""
        body = response.body if response.status == HTTPStatus.OK else b""
        return read_common_crawl(body, self.bounds)

    def following_part(
        self, response: Response, listing: Listing, index: str, position: Position
    ) -> Request | None:
        """Return the request for the next page, if this one was full."""
        collection, page, before = position
        # A server without paging gives the first page again.
        if response.body == before or listing.entries + listing.bad < LINES_WITH_MORE:
            return None
        if page >= MOST_INDEX_PARTS:
            self.inventory.mark_silent(index, f"its listing does not end after {page} pages")
            return None
        return self.part_request(Position(collection, page + 1, response.body))

    def copy_request(self, copy: Copy) -> Request:
        """Return the request for one record."""
        file, offset, length = copy.source.rsplit(":", 2)
        meta = {ORIGIN: Origin.COMMONCRAWL, COPY: copy}
        request = self.page_request(f"{self.data}/{file}", meta)
        request.headers["Range"] = f"bytes={offset}-{int(offset) + int(length) - 1}"
        # The bytes are part of a file: no content encoding may be applied to them.
        request.headers["Accept-Encoding"] = "identity"
        return request
