"""Puts every article response on the disk before anything reads it, and stops at a challenge.

Two downloader middlewares, because the bytes as they came and the decoded body are seen on
either side of Scrapy's decompression. Robots, listings and answers that will be retried are not
captured: they are means, not pages.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest, NotConfigured

from scraper.archive.captures import Incoming
from scraper.archive.session import Session
from scraper.archive.warc import digest_of
from scraper.clock import now
from scraper.model import Capture, Origin, Outcome, Page
from scraper.pages.detect import CHALLENGE_REACH, block_reason, challenge_service

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

ARTICLE = "thaigov_article"  # request.meta: this is an article's page, keep it
CAPTURE = "thaigov_capture"  # request.meta: the stored capture of its response
PAYLOAD = "thaigov_payload"  # request.meta: body and headers before decompression


class RememberPayload:
    """Keeps the response as it came, for the record."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Note body and headers in the request's meta."""
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        request.meta[PAYLOAD] = (response.body, headers)
        return response


class CaptureResponses:
    """Stores article responses; a challenge ends the run with the page kept as evidence."""

    def __init__(self, crawler: Crawler, session: Session) -> None:
        self.crawler = crawler
        self.session = session
        self.retried = {int(code) for code in crawler.settings.getlist("RETRY_HTTP_CODES")}
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Use the session of the run; without one (``scrapy shell``) nothing is captured."""
        session = crawler.get_extension(Session)
        if session is None:
            raise NotConfigured("this run has no archive")
        return cls(crawler, session)

    def process_request(self, request: Request) -> None:
        """Let nothing out any more once the run was blocked.

        Raises:
            IgnoreRequest: it was; the address is owed by a later run.
        """
        if self._closing is not None:
            raise IgnoreRequest(f"{request.url} was not asked for, since the run was blocked")

    def process_response(self, request: Request, response: Response) -> Response:
        """Store what is worth keeping and hand the response on.

        Raises:
            IgnoreRequest: the response is a challenge or a ban; the run is being closed.
        """
        self.session.counts["requests"] += 1
        retried = response.status in self.retried
        text = response.body[: 4 * CHALLENGE_REACH].decode("utf-8", "replace")
        capture = self._capture(request, response)
        reason = block_reason(capture, text)
        if reason is not None and (not retried or challenge_service(text)):
            self._stop(request, capture, reason)
            raise IgnoreRequest(reason)
        if request.meta.get(ARTICLE) and not retried:
            request.meta[CAPTURE] = self._store(request, capture)
        return response

    def _capture(self, request: Request, response: Response) -> Capture:
        return Capture(
            url=response.url,
            fetched_at=now(),
            origin=Origin.LIVE,
            status=response.status,
            content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
            body=response.body,
            digest=digest_of(request.meta[PAYLOAD][0]),
        )

    def _store(self, request: Request, capture: Capture) -> Capture:
        return self.session.capture([Incoming(capture, *request.meta.pop(PAYLOAD))])[0]

    def _stop(self, request: Request, capture: Capture, reason: str) -> None:
        """Keep the page as evidence and close the run; nothing further is asked."""
        page = Page(capture=self._store(request, capture), outcome=Outcome.BLOCKED)
        page.add_problem("crawl", "blocked", reason)
        self.session.save([page])
        logger.error("%s: %s. The run stops here.", capture.url, reason)
        # Not awaited: closing waits for the very request that is in hand.
        closing = self.crawler.engine.close_spider_async(reason="blocked")
        self._closing = asyncio.get_running_loop().create_task(closing)
