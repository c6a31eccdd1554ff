"""Fetches copies from Common Crawl: one index a collection, then single records by range."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
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
    query,
    read_collections,
    read_common_crawl,
    that_can_hold,
)
from scraper.sources.indexes import Copy, IndexAnswerError
from spiders.base import refusal
from spiders.inventory import MOST_PARTS
from spiders.recovery import RecoverySpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure


class CommonCrawlSpider(RecoverySpider):
    """Asks one index after another, then for records, one at a time.

    Args:
        index: address of the index server.
        data: address of the file server.
    """

    name = "commoncrawl"

    def __init__(
        self, index: str = COMMON_CRAWL_INDEX, data: str = COMMON_CRAWL_DATA, **arguments: str
    ) -> None:
        super().__init__(**arguments)
        self.index, self.data = index.rstrip("/"), data.rstrip("/")
        self.host = urlsplit(self.site.home).netloc
        self.collections: list[Collection] = []  # that are still to be asked

    @property
    def servers(self) -> tuple[str, ...]:
        """The index and the files."""
        return self.index, self.data

    async def start(self) -> AsyncIterator[Request]:
        """Ask which collections there are."""
        yield Request(
            f"{self.index}/collinfo.json",
            callback=self.read_collections,
            errback=self.collections_failed,
            meta={INDEX_QUERY: True},
            dont_filter=True,
        )

    def collections_failed(self, failure: Failure) -> Iterator[Request]:
        """Note that no index is known; nothing can be asked without one."""
        if refusal(failure):
            self.tell_refusal(failure)
        return self.listing_failed(failure)

    def read_collections(self, response: Response) -> Iterator[Request]:
        """Note every collection that is to be asked, and ask the first."""
        text = response.body.decode("utf-8", "replace")
        try:
            collections, faults = read_collections(text, self.index)
        except IndexAnswerError as error:
            self.inventory.lose(response.url, str(error))
            self.ending = "failed"
            return
        self.inventory.finish(response.url)
        self.inventory.note(response.url, faults)
        self.collections = that_can_hold(collections, self.site, self.wanted)
        self.logger.info("%d of %d indexes to ask", len(self.collections), len(collections))
        yield from self.next_index()

    def next_index(self) -> Iterator[Request]:
        """Ask the next index, or begin with the copies once all have answered."""
        if self.collections and self.silent_in_a_row >= self.most_failures:
            for collection in self.collections:
                self.inventory.lose(query(collection, self.host), "not asked: those before it were")
            self.collections = []
        if self.collections:
            yield self.ask_index(self.collections.pop(0))
        else:
            yield from self.begin()

    def ask_index(self, collection: Collection, page: int = 0, before: bytes = b"") -> Request:
        """Return the request of a page of what a collection lists; ``before`` is the last page."""
        return Request(
            query(collection, self.host, page),
            callback=self.read_index,
            errback=self.index_failed,
            cb_kwargs={
                "collection": collection,
                "page": page,
                "before": before,
                "index": query(collection, self.host),
            },
            # 404: the collection has no copy; 400: it has no further page.
            meta={"handle_httpstatus_list": [404, 400] if page else [404], INDEX_QUERY: True},
            dont_filter=True,
        )

    def read_index(
        self, response: Response, collection: Collection, page: int, before: bytes, index: str
    ) -> Iterator[Request]:
        """Take up the copies that a page of an index lists, and ask for the next page, if any."""
        body = response.body if response.status == HTTPStatus.OK else b""
        try:
            listing = read_common_crawl(body, self.wanted)
        except IndexAnswerError as error:
            self.inventory.lose(index, str(error))
            yield from self.next_index()
            return
        self.silent_in_a_row = 0
        self.inventory.take(index, listing)
        # A server that knows no pages answers the first one again.
        if body != before and listing.entries + listing.bad >= LINES_WITH_MORE:
            if page < MOST_PARTS:
                yield self.ask_index(collection, page + 1, body)
                return
            self.inventory.lose(index, f"its listing does not end after {page} pages")
        self.inventory.finish(index)
        yield from self.next_index()

    def request_copy(self, copy: Copy) -> Request:
        """Return the request of one record."""
        file, offset, length = copy.source.rsplit(":", 2)
        meta = {ORIGIN: Origin.COMMONCRAWL, COPY: copy}
        request = self.page_request(f"{self.data}/{file}", meta)
        request.headers["Range"] = f"bytes={offset}-{int(offset) + int(length) - 1}"
        # The bytes are a piece of a file: no coding may be put on top of them.
        request.headers["Accept-Encoding"] = "identity"
        return request
