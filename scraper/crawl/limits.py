"""How long, how much and how fast a run may ask: the night window, a number of requests, a pace.

A run that reaches its limit ends in order with the outcome ``paused``; the next one goes on.
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

INDEX = "thaigov_index"  # request.meta: a query of an archive's index
DAY = 24 * 60  # minutes
LOOK = 1.0  # seconds between two looks at the clock, which an operator or NTP may set


class Window(NamedTuple):
    """The hours of the day in which a site may be asked, in Asia/Bangkok.

    Attributes:
        opens, closes: minutes after midnight; a window may go across midnight.
    """

    opens: int
    closes: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the window that ``22:00-06:00`` means.

        Raises:
            ValueError: it means none.
        """
        opens, dash, closes = text.partition("-")
        window = cls(_minutes(opens), _minutes(closes))
        if not dash or window.opens == window.closes:
            raise ValueError(f"{text!r} is no window; write 22:00-06:00 (Asia/Bangkok)")
        return window

    def wait(self, moment: datetime) -> timedelta:
        """Return how long it is until the window is open, nothing if it is."""
        local = moment.astimezone(BANGKOK)
        minute = local.hour * 60 + local.minute
        if (minute - self.opens) % DAY < (self.closes - self.opens) % DAY:
            return timedelta(0)
        seconds = timedelta(seconds=local.second)
        return timedelta(minutes=(self.opens - minute) % DAY) - seconds

    def __str__(self) -> str:
        return "-".join(f"{t // 60:02}:{t % 60:02}" for t in self) + " (Asia/Bangkok)"


def _minutes(clock: str) -> int:
    hour, colon, minute = clock.strip().partition(":")
    digits = hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()
    if not (colon and digits and int(hour) < 24 and len(minute) == 2 and int(minute) < 60):
        raise ValueError(f"{clock!r} is no time of day; write 22:00-06:00 (Asia/Bangkok)")
    return int(hour) * 60 + int(minute)


class Limits:
    """A Scrapy extension that pauses a run at its limits.

    Args:
        crawler: the run.
        window: setting ``THAIGOV_BETWEEN``, None for all day.
        most: setting ``THAIGOV_MAX_REQUESTS``, 0 for any number.

    Raises:
        RefusedError: the window is not open now.
    """

    def __init__(self, crawler: Crawler, window: Window | None, most: int) -> None:
        self.crawler = crawler
        self.window = window
        self.most = most
        wait = window.wait(now()) if window else None
        if wait:
            raise RefusedError(
                f"the site is asked only between {window}; that begins in {_hours(wait)}. Nothing "
                f"was asked"
            )
        self._clock = create_looping_call(self._look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the limits from the settings.

        Raises:
            NotConfigured: there are none.
        """
        between = crawler.settings.get("THAIGOV_BETWEEN", "")
        most = crawler.settings.getint("THAIGOV_MAX_REQUESTS")
        if not between and not most:
            raise NotConfigured
        limits = cls(crawler, Window.parse(between) if between else None, most)
        crawler.signals.connect(limits.spider_opened, signals.spider_opened)
        crawler.signals.connect(limits.spider_closed, signals.spider_closed)
        crawler.signals.connect(limits.answered, signals.request_left_downloader)
        return limits

    def spider_opened(self) -> None:
        """Begin to look at the clock."""
        self._clock.start(LOOK, now=False)

    def spider_closed(self) -> None:
        """Look no more."""
        if self._clock.running:
            self._clock.stop()

    def answered(self) -> None:
        """Pause the run after the last request that is allowed, those of a browser included."""
        writer = self.crawler.get_extension(ArchiveWriter)
        made = writer.counts["requests"] + writer.counts["failed"] if writer else 0
        if self.most and made >= self.most:
            self._pause(f"{made} requests were made, as many as one run may")

    def _look(self) -> None:
        if self.window and self.window.wait(now()):
            self._pause(f"the window {self.window} has closed")

    def _pause(self, sentence: str) -> None:
        shutdown = Shutdown.of(self.crawler)
        shutdown.shut("paused", f"{sentence}; the next run goes on", level=logging.WARNING)


class Pace:
    """A downloader middleware that keeps queries of an archive's index apart.

    They cost an archive far more than pages do. The time runs from the answer to one query to the
    next query, so that there are never more in a minute than allowed.

    Args:
        shutdown: of the run; nobody waits once it is shut.
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
            NotConfigured: it is 0, for no bound.
        """
        most = crawler.settings.getfloat("INDEX_QUERIES_A_MINUTE")
        if not most:
            raise NotConfigured
        return cls(Shutdown.of(crawler), 60 / most)

    async def process_request(self, request: Request) -> None:
        """Return when a query may go out.

        Raises:
            NotAskedError: the run was ended meanwhile.
        """
        if request.meta.get(INDEX):
            wait = self._last + self.seconds - monotonic()
            if wait > 0:
                await self.shutdown.pause(request.url, wait)
            self._last = monotonic()

    def process_response(self, request: Request, response: Response) -> Response:
        """Note when a query was answered, and hand the answer on."""
        if request.meta.get(INDEX):
            self._last = monotonic()
        return response


def _hours(wait: timedelta) -> str:
    minutes = -(-int(wait.total_seconds()) // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
