"""Puts every article response on the disk before anything reads it.

Two downloader middlewares, because the bytes as they came and the decoded body are seen on
either side of Scrapy's decompression. Robots, listings and answers that will be retried are not
captured: they are means, not pages.
"""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest

from scraper.archive.database import ArchiveError
from scraper.crawl.origins import (
    CAPTURE_MAKERS,
    ORIGIN,
    NotACaptureError,
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

CAPTURE = "thaigov_capture"  # request.meta: the stored capture of its response
PAYLOAD = "thaigov_payload"  # request.meta: body and headers before decompression


@contextmanager
def storing(shutdown: Shutdown, url: str) -> Iterator[None]:
    """End the run where an answer cannot be stored: more of them would only trouble the site.

    Raises:
        IgnoreRequest: it cannot.
    """
    try:
        yield
    except (ArchiveError, OSError, MemoryError) as error:
        told = str(error).rstrip(".") or "memory ran out"
        reason = f"{url} cannot be stored: {told}"
        shutdown.shut("unstorable", f"{reason}. What came before is kept")
        raise IgnoreRequest(reason) from error


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
    """Stores article responses."""

    def __init__(self, crawler: Crawler, writer: ArchiveWriter) -> None:
        self.shutdown = Shutdown.of(crawler)
        self.writer = writer
        self.retried = {int(code) for code in crawler.settings.getlist("RETRY_HTTP_CODES")}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Use the session of the run; without one (``scrapy shell``) nothing is captured."""
        writer = writer_of(crawler)
        return cls(crawler, writer)

    def process_response(self, request: Request, response: Response) -> Response:
        """Store what is worth keeping and hand the response on.

        Raises:
            IgnoreRequest: it holds no capture though one was asked for, or cannot be stored.
        """
        origin = request.meta.get(ORIGIN)
        archived = is_archived(request, response)
        if origin is not None and (archived or response.status not in self.retried):
            request.meta[CAPTURE] = self._store(CAPTURE_MAKERS[origin], request, response)
        if archived:  # an old refusal is a page like any other
            accepted = request.meta.get("handle_httpstatus_list", [])
            request.meta["handle_httpstatus_list"] = [*accepted, response.status]
        return response

    def _store(self, origin: CaptureMaker, request: Request, response: Response) -> Capture:
        try:
            incoming = self._incoming(origin, request, response)
        except NotACaptureError as error:
            if response.status == HTTPStatus.FORBIDDEN and not is_archived(request, response):
                self.shutdown.shut("blocked", f"{response.url}: {error}")
                raise StopAskingError(str(error)) from error
            raise IgnoreRequest(f"{response.url}: {error}") from error
        if (why := self.writer.captures.misplaced(incoming.capture)) is not None:
            raise IgnoreRequest(why)
        with storing(self.shutdown, response.url):
            stored = self.writer.capture([incoming])
        if not stored:
            raise IgnoreRequest(f"{response.url}: the answer cannot be written to a WARC file")
        return stored[0]

    def _incoming(self, origin: CaptureMaker, request: Request, response: Response) -> Incoming:
        payload, headers = request.meta.pop(PAYLOAD)
        if response.status == HTTPStatus.NOT_MODIFIED:
            address = parse_address(request.url)
            known = address and self.writer.captures.latest_live(address.url)
            if known is None:
                raise NotACaptureError("HTTP 304, though the archive has no earlier capture")
            return not_modified(known, headers)
        return origin(request, response, payload, headers)
