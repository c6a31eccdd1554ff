"""Waits when a server asks for it: 429 and 503 with ``Retry-After``, or a pause without.

Scrapy retries at once; archives that are asked again at once shut the door. With one request at a
time, waiting here holds up the whole run, which is what the server wants.
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
TRIES = "thaigov_waits"  # request.meta: how often this request has waited
MOST_TRIES = 5
SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
MOST_TOLD = 10 * 365 * 86400.0  # seconds; a longer pause is told as "years"
LONGEST = 3600.0  # seconds; who asks for more is asked again by a later run


class BackOff:
    """Repeats a request after the time its server asked for.

    Args:
        shutdown: what is shut when patience ends.
        pause: seconds to wait where the server does not say; setting ``BACKOFF_PAUSE``.
    """

    def __init__(self, shutdown: Shutdown, pause: float) -> None:
        self.shutdown = shutdown
        self.pause = pause

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the pause from the settings."""
        return cls(Shutdown.of(crawler), crawler.settings.getfloat("BACKOFF_PAUSE"))

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Hand an answer on, or wait and ask again.

        Raises:
            StopAskingError: the server asks for more patience than a run has.
            NotAskedError: the run was ended meanwhile.
        """
        if is_archived(request, response):
            request.meta["dont_retry"] = True  # it would be the same again
            return response
        if response.status not in ASKED_TO_WAIT:
            return response
        waits = request.meta.get(TRIES, 0)
        seconds = self.seconds(response)
        if waits >= MOST_TRIES or seconds > LONGEST:
            reason = (
                f"HTTP {response.status} after {waits} pauses; the server asks for {_told(seconds)}"
            )
            self.shutdown.shut("blocked", f"{response.url}: {reason}")
            raise StopAskingError(reason)
        logger.warning("HTTP %s from %s: waiting %.0f s", response.status, response.url, seconds)
        await self.shutdown.pause(request.url, seconds)
        return request.replace(dont_filter=True, meta={**request.meta, TRIES: waits + 1})

    def seconds(self, response: Response) -> float:
        """Return how long to wait: ``Retry-After`` in seconds or as a date, else the pause.

        What is no positive number and no date to come (0, -5, NaN, a date past) says nothing.
        A date is taken against the server's own clock where it tells that: ours may be wrong.
        """
        value = header(response, "Retry-After").strip()
        if SECONDS.fullmatch(value):
            wanted = float(value)
        else:
            until = _date(value)
            wanted = (until - _server_time(response)).total_seconds() if until else 0.0
        return wanted if wanted > 0 else self.pause


def _told(seconds: float) -> str:
    """Return a pause for a message; one that is more than a run waits with what to do then."""
    if seconds <= LONGEST:
        return f"{seconds:.0f} s"
    told = f"{seconds:.0f} s" if seconds < MOST_TOLD else "years"
    return f"{told}, and a run waits for {LONGEST:.0f} s at most: run it again after that"


def _date(value: str) -> datetime | None:
    """Return an HTTP date, None for anything else and for one without a time zone."""
    try:
        told = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return told if told.tzinfo else None


def _server_time(response: Response) -> datetime:
    return _date(header(response, "Date")) or now()
