"""Pauses the run when a server answers HTTP 429 or 503, for as long as ``Retry-After`` says.

Scrapy would retry at once, and web archives block clients that do. With one request at a time, the
pause holds up the whole run, which is what the server wants.
"""

from __future__ import annotations

import logging
import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self

from scraper.clock import now
from scraper.crawl.origins import header, is_archived
from scraper.crawl.permission import StopAskingError
from scraper.crawl.shutdown import Shutdown

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

ASKED_TO_WAIT = {429, 503}
PAUSES = "thaigov_waits"  # request.meta: how often this request was paused
MAX_PAUSES = 5
RETRY_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
LONGEST_SHOWN = 10 * 365 * 86400.0  # seconds; a longer pause is logged as "years"
LONGEST_PAUSE = 3600.0  # seconds; a server that asks for more is left to a later run


class BackOff:
    """A downloader middleware that repeats a request after the pause its server asked for.

    Args:
        shutdown: stops the run when the server asks for too long or too many pauses.
        pause: seconds to wait if the server does not say; setting ``BACKOFF_PAUSE``.
    """

    def __init__(self, shutdown: Shutdown, pause: float) -> None:
        self.shutdown = shutdown
        self.pause = pause

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the pause from the settings."""
        return cls(Shutdown.of(crawler), crawler.settings.getfloat("BACKOFF_PAUSE"))

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Pass a response on, or wait and return its request to be sent again.

        Raises:
            StopAskingError: the server asks for too long or too many pauses.
            NotAskedError: the run was stopped meanwhile.
        """
        if is_archived(request, response):
            request.meta["dont_retry"] = True  # the archived answer stays the same
            return response
        if response.status not in ASKED_TO_WAIT:
            return response
        pauses = request.meta.get(PAUSES, 0)
        seconds = self.seconds(response)
        if pauses >= MAX_PAUSES or seconds > LONGEST_PAUSE:
            wanted = _describe(seconds)
            reason = f"HTTP {response.status} after {pauses} pauses; the server asks for {wanted}"
            self.shutdown.stop("blocked", f"{response.url}: {reason}")
            raise StopAskingError(reason)
        logger.warning("HTTP %s from %s: waiting %.0f s", response.status, response.url, seconds)
        await self.shutdown.pause(request.url, seconds)
        return request.replace(dont_filter=True, meta={**request.meta, PAUSES: pauses + 1})

    def seconds(self, response: Response) -> float:
        """Return how long to wait: ``Retry-After`` in seconds or as a date, else the default pause.

        Anything but a positive number or a future date (0, -5, NaN, a past date) is ignored. A date
        is compared with the response's ``Date`` header if it has one, since our clock may be wrong.
        """
        value = header(response, "Retry-After").strip()
        if RETRY_SECONDS.fullmatch(value):
            wanted = float(value)
        else:
            until = _http_date(value)
            wanted = (until - _server_time(response)).total_seconds() if until else 0.0
        return wanted if wanted > 0 else self.pause


def _describe(seconds: float) -> str:
    """Return a pause as text; if it is longer than a run waits, with what to do about it."""
    text = f"{seconds:.0f} s" if seconds < LONGEST_SHOWN else "years"
    if seconds <= LONGEST_PAUSE:
        return text
    return f"{text}, and a run waits for {LONGEST_PAUSE:.0f} s at most: run it again after that"


def _http_date(value: str) -> datetime | None:
    """Parse an HTTP date; None if it is not one or has no time zone."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else None


def _server_time(response: Response) -> datetime:
    return _http_date(header(response, "Date")) or now()
