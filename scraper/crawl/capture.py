"""Puts every article response on the disk before anything reads it, and stops at a challenge.

Two downloader middlewares, because the bytes as they came and the decoded body are seen on
either side of Scrapy's decompression. Robots, listings and answers that will be retried are not
captured: they are means, not pages.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest, NotConfigured

from scraper.archive.database import ArchiveError
from scraper.archive.session import Session
from scraper.crawl.lanes import LANE, LANES, NotACaptureError, live
from scraper.crawl.permission import StopAskingError
from scraper.model import Origin, Outcome, Page
from scraper.pages.detect import CHALLENGE_REACH, block_reason, challenge_service

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.crawl.lanes import Lane
    from scraper.model import Capture

logger = logging.getLogger(__name__)

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
            raise StopAskingError(f"{request.url} was not asked for, since the run was blocked")

    def process_response(self, request: Request, response: Response) -> Response:
        """Store what is worth keeping and hand the response on.

        Raises:
            IgnoreRequest: the response is a challenge or a ban, and the run is being closed; or
                it holds no capture though one was asked for.
        """
        self.session.counts["requests"] += 1
        lane = request.meta.get(LANE)
        retried = response.status in self.retried
        if lane in {None, Origin.LIVE}:
            self._stop_at_challenge(request, response, retried=retried)
        if lane is not None and not retried:
            request.meta[CAPTURE] = self._store(LANES[lane], request, response)
        return response

    def _store(self, lane: Lane, request: Request, response: Response) -> Capture:
        try:
            incoming = lane(request, response, *request.meta.pop(PAYLOAD))
        except NotACaptureError as error:
            if response.status == HTTPStatus.FORBIDDEN:
                self._close(f"{response.url}: {error}")
                raise StopAskingError(str(error)) from error
            raise IgnoreRequest(f"{response.url}: {error}") from error
        try:
            return self.session.capture([incoming])[0]
        except (ArchiveError, OSError) as error:
            # A full disk: asking for more pages would only trouble the site.
            self._close(f"{response.url} cannot be stored: {error}", "unstorable")
            raise IgnoreRequest(f"{response.url} cannot be stored: {error}") from error

    def _stop_at_challenge(self, request: Request, response: Response, *, retried: bool) -> None:
        """Keep a challenge page as evidence and close the run; nothing further is asked."""
        text = response.body[: 4 * CHALLENGE_REACH].decode("utf-8", "replace")
        incoming = live(request, response, *request.meta[PAYLOAD])
        reason = block_reason(incoming.capture, text)
        if reason is None or (retried and challenge_service(text) is None):
            return
        (capture,) = self.session.capture([incoming])
        page = Page(capture=capture, outcome=Outcome.BLOCKED)
        page.add_problem("crawl", "blocked", reason)
        self.session.save([page])
        self._close(f"{capture.url}: {reason}")
        raise StopAskingError(reason)

    def _close(self, reason: str, ending: str = "blocked") -> None:
        logger.error("%s. The run stops here.", reason)
        # Not awaited: closing waits for the very request that is in hand.
        closing = self.crawler.engine.close_spider_async(reason=ending)
        self._closing = asyncio.get_running_loop().create_task(closing)
