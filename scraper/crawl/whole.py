"""Lets no answer through that broke off under way: half a page is no page.

An answer with fewer bytes than its length says fails in Scrapy. One whose compressed bytes end
early does not: what can be read of it would be taken for the article, and its end for deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest

from scraper.archive.coding import decode
from scraper.crawl.lanes import LANE, header
from scraper.model import Origin

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class BrokenAnswerError(IgnoreRequest):
    """An answer cannot be used as it came; the message says why."""


class WholeAnswers:
    """A downloader middleware that asks again where an answer did not come whole.

    Copies in web archives may be broken for ever; their lanes take what there is.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware of a run."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Hand a whole answer on.

        Raises:
            BrokenAnswerError: it is not whole, and was not when it was asked for again.
        """
        coding = header(response, "Content-Encoding")
        if not coding or request.meta.get(LANE) not in {None, Origin.LIVE}:
            return response
        fault = decode(response.body, coding).fault
        if fault is None:
            return response
        spider = self.crawler.spider
        again = None
        if spider is not None:
            again = get_retry_request(request, spider=spider, reason="broken coding")
        if again is None:
            raise BrokenAnswerError(f"the answer is of no use: {fault}")
        return again
