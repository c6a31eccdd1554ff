"""Limits on a run: its hours, its number of requests, and the rate of index queries.

A run that reaches a limit ends with the outcome ``paused``, and the next one continues.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from scraper.archive.writer import ArchiveWriter
from scraper.clock import BANGKOK, now
from scraper.crawl.permission import RefusedError
from scraper.crawl.shutdown import Shutdown

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

INDEX_QUERY = "thaigov_index"  # request.meta: the request is a query of a web archive's index
MINUTES_A_DAY = 24 * 60
CLOCK_INTERVAL = 1.0  # seconds between two checks of the clock, which may be set meanwhile


class Window(NamedTuple):
    """The hours of the day, in Asia/Bangkok, during which a site may be asked.

    Attributes:
        opens, closes: minutes after midnight; a window may cross midnight.
    """

    opens: int
    closes: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a window such as ``22:00-06:00``.

        Raises:
            ValueError: the text is not a window.
        """
        opens, dash, closes = text.partition("-")
        window = cls(_minutes(opens), _minutes(closes))
        if not dash or window.opens == window.closes:
            raise ValueError(f"{text!r} is not a window; write 22:00-06:00 (Asia/Bangkok)")
        return window

    def wait(self, moment: datetime) -> timedelta:
        """Return how long it is until the window opens, zero if it is open."""
        local = moment.astimezone(BANGKOK)
        minute = local.hour * 60 + local.minute
        if (minute - self.opens) % MINUTES_A_DAY < (self.closes - self.opens) % MINUTES_A_DAY:
            return timedelta(0)
        seconds = timedelta(seconds=local.second)
        return timedelta(minutes=(self.opens - minute) % MINUTES_A_DAY) - seconds

    def __str__(self) -> str:
        return "-".join(f"{t // 60:02}:{t % 60:02}" for t in self) + " (Asia/Bangkok)"


def _minutes(clock: str) -> int:
    hour, colon, minute = clock.strip().partition(":")
    digits = hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()
    if not (colon and digits and int(hour) < 24 and len(minute) == 2 and int(minute) < 60):
        raise ValueError(f"{clock!r} is not a time of day; write 22:00-06:00 (Asia/Bangkok)")
    return int(hour) * 60 + int(minute)


class RunLimits:
    """A Scrapy extension that pauses a run at its limits.

    Args:
        crawler: the run.
        window: setting ``THAIGOV_BETWEEN``, None for all day.
        max_requests: setting ``THAIGOV_MAX_REQUESTS``, 0 for no limit.

    Raises:
        RefusedError: the window is closed now.
    """

    def __init__(self, crawler: Crawler, window: Window | None, max_requests: int) -> None:
        self.crawler = crawler
        self.window = window
        self.max_requests = max_requests
        wait = window.wait(now()) if window else None
        if wait:
            raise RefusedError(
                f"requests are allowed only between {window}, which begins in "
                f"{_hours_and_minutes(wait)}; no request was sent"
            )
        self._clock = create_looping_call(self._check_clock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the limits from the settings.

        Raises:
            NotConfigured: no limit is set.
        """
        between = crawler.settings.get("THAIGOV_BETWEEN", "")
        max_requests = crawler.settings.getint("THAIGOV_MAX_REQUESTS")
        if not between and not max_requests:
            raise NotConfigured
        limits = cls(crawler, Window.parse(between) if between else None, max_requests)
        crawler.signals.connect(limits.spider_opened, signals.spider_opened)
        crawler.signals.connect(limits.spider_closed, signals.spider_closed)
        crawler.signals.connect(limits.request_done, signals.request_left_downloader)
        return limits

    def spider_opened(self) -> None:
        """Start checking the clock."""
        self._clock.start(CLOCK_INTERVAL, now=False)

    def spider_closed(self) -> None:
        """Stop checking the clock."""
        if self._clock.running:
            self._clock.stop()

    def request_done(self) -> None:
        """Stop the run after its last allowed request; requests of the browser count, too."""
        writer = self.crawler.get_extension(ArchiveWriter)
        sent = writer.counts["requests"] + writer.counts["failed"] if writer else 0
        if self.max_requests and sent >= self.max_requests:
            self._pause(f"{sent} requests were sent, the limit of a run")

    def _check_clock(self) -> None:
        if self.window and self.window.wait(now()):
            self._pause(f"the window {self.window} has closed")

    def _pause(self, reason: str) -> None:
        shutdown = Shutdown.of(self.crawler)
        shutdown.stop("paused", f"{reason}; the next run continues", level=logging.WARNING)


class IndexPace:
    """A downloader middleware that spaces out queries of a web archive's index.

    A query costs an archive far more than a page. The delay runs from the answer to one query until
    the next, so that no minute has more than allowed.

    Args:
        shutdown: of the run; ends the delay.
        seconds: between two queries.
    """

    def __init__(self, shutdown: Shutdown, seconds: float) -> None:
        self.shutdown = shutdown
        self.seconds = seconds
        self._last = -seconds

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the pace from the setting ``INDEX_QUERIES_A_MINUTE``.

        Raises:
            NotConfigured: it is 0, for no limit.
        """
        queries = crawler.settings.getfloat("INDEX_QUERIES_A_MINUTE")
        if not queries:
            raise NotConfigured
        return cls(Shutdown.of(crawler), 60 / queries)

    async def process_request(self, request: Request) -> None:
        """Wait until a query may be sent.

        Raises:
            NotAskedError: the run was stopped meanwhile.
        """
        if request.meta.get(INDEX_QUERY):
            wait = self._last + self.seconds - monotonic()
            if wait > 0:
                await self.shutdown.pause(request.url, wait)
            self._last = monotonic()

    def process_response(self, request: Request, response: Response) -> Response:
        """Note when a query was answered, and pass the response on."""
        if request.meta.get(INDEX_QUERY):
            self._last = monotonic()
        return response


def _hours_and_minutes(wait: timedelta) -> str:
    minutes = -(-int(wait.total_seconds()) // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
