"""The hours in which a site may be asked, and the pace of index queries."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from scraper.clock import BANGKOK
from scraper.crawl import limits
from scraper.crawl.limits import INDEX_QUERY, IndexPace, Window
from scraper.crawl.shutdown import Shutdown

NIGHT, MORNING = Window.parse("22:00-06:00"), Window.parse("1:05-04:30")
MOMENTS = st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CLOCKS = st.integers(0, 1439)


@pytest.mark.parametrize(
    ("window", "clock", "minutes"),
    [
        (NIGHT, "22:00", 0),
        (NIGHT, "00:00", 0),
        (NIGHT, "05:59", 0),
        (NIGHT, "06:00", 16 * 60),
        (NIGHT, "21:59", 1),
        (MORNING, "01:05", 0),
        (MORNING, "04:29", 0),
        (MORNING, "04:30", 20 * 60 + 35),
        (MORNING, "00:00", 65),
    ],
)
def test_wait_until_the_window_opens(window: Window, clock: str, minutes: int) -> None:
    moment = datetime.fromisoformat(f"2026-03-01T{clock}:00").replace(tzinfo=BANGKOK)
    assert window.wait(moment) == timedelta(minutes=minutes)
    assert window.wait(moment.astimezone(UTC)) == timedelta(minutes=minutes)


@given(CLOCKS, CLOCKS, MOMENTS)
def test_the_window_is_open_after_the_wait(opens: int, closes: int, moment: datetime) -> None:
    if opens == closes:
        return
    window = Window(opens, closes)
    wait = window.wait(moment)
    assert timedelta(0) <= wait < timedelta(days=1)
    assert window.wait(moment + wait) == timedelta(0)
    if wait:
        assert window.wait(moment + wait - timedelta(seconds=1))


@pytest.mark.parametrize(
    "text", ["", "22:00", "22-6", "22:00-24:00", "06:60-07:00", "22:00-22:00", "๒๒:๐๐-06:00", "-"]
)
def test_invalid_windows(text: str) -> None:
    with pytest.raises(ValueError, match="write 22:00-06:00"):
        Window.parse(text)


def test_a_window_as_text() -> None:
    assert str(MORNING) == "01:05-04:30 (Asia/Bangkok)"


class FakeClock(Shutdown):
    """A shutdown that notes its pauses and advances a clock instead of waiting."""

    def __init__(self) -> None:
        super().__init__(Crawler(Spider))
        self.now = 1000.0
        self.pauses: list[float] = []

    async def pause(self, url: str, seconds: float) -> None:  # noqa: ARG002
        self.pauses.append(seconds)
        self.now += seconds


def test_index_queries_are_spaced_out(monkeypatch: pytest.MonkeyPatch) -> None:
    shutdown = FakeClock()
    monkeypatch.setattr(limits, "monotonic", lambda: shutdown.now)
    pace = IndexPace(shutdown, 60 / 24)
    query = Request("https://a.example/cdx", meta={INDEX_QUERY: True})
    page = Request("https://a.example/web/1id_/x")
    sent: list[float] = []
    for answered_after in (0.1, 3.0, 0.0, 0.5) * 10:
        asyncio.run(pace.process_request(page))
        asyncio.run(pace.process_request(query))
        sent.append(shutdown.now)
        shutdown.now += answered_after
        pace.process_response(query, Response(query.url))
        pace.process_response(page, Response(page.url))
    assert shutdown.pauses[:4] == [2.5, 2.5, 2.5, 2.5]
    per_minute = [sum(begin <= at < begin + 60 for at in sent) for begin in sent]
    assert max(per_minute) <= 24
    # If a query got no answer, the next one waits all the same.
    asyncio.run(pace.process_request(query))
    asyncio.run(pace.process_request(query))
    assert shutdown.pauses[-1] == 2.5


@pytest.mark.parametrize(("queries", "seconds"), [(24, 2.5), (0, None)])
def test_the_pace_is_read_from_the_settings(
    monkeypatch: pytest.MonkeyPatch, queries: int, seconds: float | None
) -> None:
    crawler = Crawler(Spider, {"INDEX_QUERIES_A_MINUTE": queries})
    shutdown = Shutdown(crawler)
    monkeypatch.setattr(Shutdown, "of", lambda _: shutdown)
    if seconds is None:
        with pytest.raises(NotConfigured):
            IndexPace.from_crawler(crawler)
    else:
        assert IndexPace.from_crawler(crawler).seconds == seconds
