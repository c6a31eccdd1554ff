"""Decodes every answer by what its bytes are, and lets no part of a page through as the page.

An answer with fewer bytes than its length says fails in Scrapy. One whose compressed bytes end
early does not: what can be read of it would be taken for the article, and its end for deleted. And
one whose bytes are not in the coding that its header names ends in an error there, for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse
from scrapy.responsetypes import responsetypes

from scraper.crawl.origins import ORIGIN
from scraper.model import Origin
from scraper.warc.content_encoding import decode_content
from scraper.warc.truncation import shortfall

if TYPE_CHECKING:
    from typing import Any

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class BrokenAnswerError(IgnoreRequest):
    """An answer cannot be used as it came; the message says why."""


class RetryTruncated:
    """A downloader middleware that decodes answers, and asks again where one is not whole.

    Copies in web archives may be cut for ever; their lanes keep what there is and mark it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware of a run."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Hand a whole answer on, decoded.

        Raises:
            BrokenAnswerError: it is not whole, and was not when it was asked for again.
        """
        codings = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        body, cut, _, _ = decode_content(response.body, codings)
        is_archived = request.meta.get(ORIGIN) not in {None, Origin.LIVE}
        decoded = response
        if codings or (body != response.body and not is_archived):
            decoded = _decoded(response, body)
        if request.method == "HEAD" or is_archived:
            return decoded
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        fault = cut or shortfall(response.body, body, headers, response.status)
        if fault is None:
            return decoded
        spider = self.crawler.spider
        again = None
        if spider is not None:
            again = get_retry_request(request, spider=spider, reason="not whole")
        if again is None:
            raise BrokenAnswerError(f"the answer is of no use: {fault}")
        return again


def _decoded(response: Response, body: bytes) -> Response:
    """Return an answer without its content coding."""
    headers = response.headers.copy()
    headers.pop("Content-Encoding", None)
    kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
    # The encoding of a text is found anew: it was guessed from compressed bytes.
    arguments: dict[str, Any] = {"encoding": None} if issubclass(kind, TextResponse) else {}
    return response.replace(cls=kind, headers=headers, body=body, **arguments)
