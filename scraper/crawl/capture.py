"""Writes every response of an article or attachment to the archive before it is read.

There are two downloader middlewares, one on either side of Scrapy's decompression: the first sees
the raw bytes, the second the decoded body. robots.txt files, listings and responses that will be
retried are not captured.
"""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest

from scraper.archive.database import ArchiveError
from scraper.crawl.origins import (
    ATTACHMENT,
    CAPTURE_MAKERS,
    ORIGIN,
    NotACaptureError,
    accept_status,
    headers_of,
    is_archived,
    not_modified,
)
from scraper.crawl.permission import StopAskingError
from scraper.crawl.run import writer_of
from scraper.crawl.shutdown import Shutdown
from scraper.sources import parse_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.archive.writer import ArchiveWriter
    from scraper.crawl.origins import CaptureMaker
    from scraper.model import Capture, Incoming

CAPTURE = "thaigov_capture"  # request.meta: the stored capture of the response
PAYLOAD = "thaigov_payload"  # request.meta: body and headers before decompression


@contextmanager
def stop_if_unstorable(shutdown: Shutdown, url: str) -> Iterator[None]:
    """Stop the run if the response for ``url`` cannot be stored, since the next one could not be.

    Raises:
        IgnoreRequest: it could not be stored.
    """
    try:
        yield
    except (ArchiveError, OSError, MemoryError) as error:
        reason = f"{url} cannot be stored: {str(error).rstrip('.') or 'memory ran out'}"
        shutdown.stop("unstorable", f"{reason}. Everything before it is kept")
        raise IgnoreRequest(reason) from error


class RememberPayload:
    """Notes the raw response in ``request.meta``, for the WARC record."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Note body and headers, and pass the response on."""
        request.meta[PAYLOAD] = (response.body, headers_of(response))
        return response


class CaptureResponses:
    """Stores article responses in the archive."""

    def __init__(self, crawler: Crawler, writer: ArchiveWriter) -> None:
        self.shutdown = Shutdown.of(crawler)
        self.writer = writer
        self.retried = {int(code) for code in crawler.settings.getlist("RETRY_HTTP_CODES")}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Use the archive of the run; without one (``scrapy shell``) nothing is captured."""
        return cls(crawler, writer_of(crawler))

    def process_response(self, request: Request, response: Response) -> Response:
        """Store the response if it is of an article, and pass it on.

        Raises:
            IgnoreRequest: the response is not a copy of the page, or cannot be stored.
        """
        origin = request.meta.get(ORIGIN)
        archived = is_archived(request, response)
        if origin is not None and (archived or response.status not in self.retried):
            request.meta[CAPTURE] = self._store(CAPTURE_MAKERS[origin], request, response)
        if archived:  # an archived 403 is a page like any other
            accept_status(request, response)
        return response

    def _store(self, make: CaptureMaker, request: Request, response: Response) -> Capture:
        try:
            incoming = self._incoming(make, request, response)
        except NotACaptureError as error:
            if response.status == HTTPStatus.FORBIDDEN and not is_archived(request, response):
                self.shutdown.stop("blocked", f"{response.url}: {error}")
                raise StopAskingError(str(error)) from error
            raise IgnoreRequest(f"{response.url}: {error}") from error
        if (why := self.writer.captures.misplaced(incoming.capture)) is not None:
            raise IgnoreRequest(why)
        with stop_if_unstorable(self.shutdown, response.url):
            stored = self.writer.capture([incoming])
        if not stored:
            raise IgnoreRequest(f"{response.url}: the response cannot be written to a WARC file")
        return stored[0]

    def _incoming(self, make: CaptureMaker, request: Request, response: Response) -> Incoming:
        payload, headers = request.meta.pop(PAYLOAD)
        if response.status == HTTPStatus.NOT_MODIFIED:
            known = self._known(request)
            if known is None:
                raise NotACaptureError("HTTP 304, though the archive has no earlier capture")
            return not_modified(known, headers)
        return make(request, response, payload, headers)

    def _known(self, request: Request) -> Capture | None:
        """Return the newest capture of what is asked for, with its bytes."""
        if (file := request.meta.get(ATTACHMENT)) is not None:
            return self.writer.captures.latest_file(file)
        address = parse_address(request.url)
        return address and self.writer.captures.latest_live(address.url)
