"""Decodes every response by its bytes, and retries those that are truncated.

Scrapy fails a response with fewer bytes than its Content-Length, but not one whose compressed bytes
end early: its readable part would be taken for the article, and the rest for deleted. And Scrapy
always fails a response whose bytes do not have the encoding that its header names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse
from scrapy.responsetypes import responsetypes

from scraper.crawl.origins import ORIGIN, headers_of
from scraper.model import Origin
from scraper.warc.content_encoding import decode_content
from scraper.warc.truncation import shortfall

if TYPE_CHECKING:
    from typing import Any

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class BrokenAnswerError(IgnoreRequest):
    """A response is truncated or damaged; the message says how."""


class RetryTruncated:
    """A downloader middleware that decodes responses and retries truncated ones.

    Copies in web archives stay truncated; ``origins`` keeps and marks them.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware of a run."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the decoded response, or a request to retry it.

        Raises:
            BrokenAnswerError: it is still truncated after all retries.
        """
        codings = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        body, cut, _, _ = decode_content(response.body, codings)
        is_archived = request.meta.get(ORIGIN) not in {None, Origin.LIVE}
        decoded = response
        if codings or (body != response.body and not is_archived):
            decoded = _without_encoding(response, body)
        if request.method == "HEAD" or is_archived:
            return decoded
        fault = cut or shortfall(response.body, body, headers_of(response), response.status)
        if fault is None:
            return decoded
        spider = self.crawler.spider
        retry = None
        if spider is not None:
            retry = get_retry_request(request, spider=spider, reason="truncated")
        if retry is None:
            raise BrokenAnswerError(f"the answer cannot be used: {fault}")
        return retry


def _without_encoding(response: Response, body: bytes) -> Response:
    """Return a response without its content encoding."""
    headers = response.headers.copy()
    headers.pop("Content-Encoding", None)
    kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
    # Have Scrapy find the charset again: it guessed from compressed bytes.
    arguments: dict[str, Any] = {"encoding": None} if issubclass(kind, TextResponse) else {}
    return response.replace(cls=kind, headers=headers, body=body, **arguments)
