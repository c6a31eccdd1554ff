"""Fetches copies from Common Crawl: one index a collection, then single records by range."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from scrapy import Request

from scraper.crawl.lanes import COPY, LANE
from scraper.model import Origin
from scraper.sources.indexes import (
    COMMON_CRAWL_DATA,
    COMMON_CRAWL_INDEX,
    Copy,
    IndexAnswerError,
    collections_of,
    read_common_crawl,
)
from spiders.recovery import RecoverySpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from scrapy.http import Response

PREFIXES = ("/news/contents/*", "/th/news/*", "/en/news/*")


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
        self.queries: list[str] = []

    @property
    def servers(self) -> tuple[str, ...]:
        """The index and the files."""
        return self.index, self.data

    async def start(self) -> AsyncIterator[Request]:
        """Ask which collections there are."""
        yield self.ask_index(f"{self.index}/collinfo.json", self.read_collections)

    def ask_index(self, url: str, callback: Callable[[Response], Iterator[Request]]) -> Request:
        """Return a request to the index server."""
        return Request(
            url,
            callback=callback,
            errback=self.listing_failed,
            # A collection without a copy answers 404.
            meta={"handle_httpstatus_list": [404]},
            dont_filter=True,
        )

    def read_collections(self, response: Response) -> Iterator[Request]:
        """Note every query that is to be asked, and ask the first."""
        host = urlsplit(self.site.home).netloc
        try:
            collections = collections_of(response.text, self.wanted)
        except IndexAnswerError as error:
            self.unreadable_index(response, error)
            return
        self.queries = [
            f"{address}?{urlencode({'url': host + prefix, 'output': 'json'})}"
            for address in reversed(collections)
            for prefix in reversed(PREFIXES)
        ]
        yield from self.next_query()

    def next_query(self) -> Iterator[Request]:
        """Ask the next index, or for the pages once all have answered."""
        if self.queries:
            yield self.ask_index(self.queries.pop(), self.read_index)
        else:
            yield from self.begin()

    def read_index(self, response: Response) -> Iterator[Request]:
        """Take up the copies that an index lists."""
        try:
            if response.status != 404:
                self.copies += read_common_crawl(response.text, self.wanted)
        except IndexAnswerError as error:
            self.unreadable_index(response, error)
            return
        yield from self.next_query()

    def request_copy(self, copy: Copy) -> Request:
        """Return the request of one record."""
        file, offset, length = copy.source.rsplit(":", 2)
        meta = {LANE: Origin.COMMONCRAWL, COPY: copy}
        request = self.page_request(f"{self.data}/{file}", meta)
        request.headers["Range"] = f"bytes={offset}-{int(offset) + int(length) - 1}"
        # The bytes are a piece of a file: no coding may be put on top of them.
        request.headers["Accept-Encoding"] = "identity"
        return request
