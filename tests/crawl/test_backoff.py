from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from email.utils import format_datetime

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response

from scraper.clock import now
from scraper.crawl.backoff import MAX_PAUSES, PAUSES, BackOff
from scraper.crawl.origins import ORIGIN
from scraper.crawl.permission import StopAskingError
from scraper.crawl.shutdown import NotAskedError, Shutdown
from scraper.model import Origin

URL = "https://archive.example/page"


def answer(status: int, retry_after: str | None = None, **headers: str) -> Response:
    given = {} if retry_after is None else {"Retry-After": retry_after}
    return Response(URL, status=status, headers=given | headers)


def back_off(pause: float = 60.0) -> BackOff:
    return BackOff(Shutdown(Crawler(Spider)), pause)


def process(response: Response, pauses: int = 0) -> Request | Response:
    request = Request(URL, meta={PAUSES: pauses})
    return asyncio.run(back_off(0.0).process_response(request, response))


@pytest.mark.parametrize("status", [200, 301, 404, 500, 502])
def test_other_statuses_pass(status: int) -> None:
    response = answer(status)
    assert process(response) is response


@pytest.mark.parametrize("status", [429, 503])
def test_429_and_503_repeat_the_request_after_a_pause(status: int) -> None:
    again = process(answer(status), pauses=2)
    assert isinstance(again, Request)
    assert (again.url, again.meta[PAUSES], again.dont_filter) == (URL, 3, True)


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [
        ("7", 7, 7),
        (" 7 ", 7, 7),
        ("1.5", 1.5, 1.5),
        # Ignored: not a positive number or a future date.
        ("0", 60, 60),
        ("0.0", 60, 60),
        ("-5", 60, 60),
        ("+5", 60, 60),
        ("1e3", 60, 60),
        ("0x10", 60, 60),
        ("1_0", 60, 60),
        ("NaN", 60, 60),
        ("inf", 60, 60),
        ("\u0e51\u0e52".encode().decode("latin-1"), 60, 60),
        ("\xb2", 60, 60),
        ("", 60, 60),
        ("soon", 60, 60),
        ("5 seconds", 60, 60),
        ("Sun, 32 Mar 2020 12:00:00 GMT", 60, 60),
        ("Sun, 01 Mar 99999 12:00:00 GMT", 60, 60),
        ("Sun, 01 Mar 2099 12:00:00 -0000", 60, 60),
        (None, 60, 60),
    ],
)
def test_retry_after_in_seconds(retry_after: str | None, least: float, most: float) -> None:
    assert least <= back_off().seconds(answer(429, retry_after)) <= most


@pytest.mark.parametrize(("delta", "least", "most"), [(900, 890, 900), (-900, 60, 60)])
def test_retry_after_as_a_date(delta: int, least: float, most: float) -> None:
    until = format_datetime(now() + timedelta(seconds=delta), usegmt=True)
    assert least <= back_off().seconds(answer(429, until)) <= most


def test_a_date_is_compared_with_the_date_header() -> None:
    """Our clock may be years off."""
    noon = "Sun, 01 Mar 2020 12:0{} GMT"
    busy = answer(503, noon.format("2:30"), Date=noon.format("0:00"))
    assert back_off().seconds(busy) == 150
    assert back_off().seconds(answer(503, noon.format("2:30"), Date="today")) == 60


@pytest.mark.parametrize(
    ("retry_after", "pauses", "message"),
    [
        ("7200", 0, "7200 s, and a run waits for 3600 s at most: run it again after that"),
        ("9" * 5000, 0, "years, and a run waits for 3600 s at most"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 0, "years, and a run waits for 3600 s at most"),
        ("0", MAX_PAUSES, "after 5 pauses; the server asks for 60 s"),
    ],
)
def test_too_long_or_too_many_pauses_stop_the_run(
    retry_after: str, pauses: int, message: str
) -> None:
    backoff = back_off()
    request = Request(URL, meta={PAUSES: pauses})
    with pytest.raises(StopAskingError, match=f"HTTP 429.*{re.escape(message)}"):
        asyncio.run(backoff.process_response(request, answer(429, retry_after)))
    assert backoff.shutdown.outcome == "blocked"


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_memento_of_a_refusal_passes(status: int) -> None:
    """The site refused once; the archive that replays it does not."""
    request = Request(URL, meta={ORIGIN: Origin.WAYBACK})
    stamp = "Wed, 06 Mar 2024 06:06:06 GMT"
    response = answer(status, "86400", **{"Memento-Datetime": stamp})
    assert asyncio.run(back_off().process_response(request, response)) is response
    assert request.meta["dont_retry"]


def test_stopping_the_run_ends_a_pause() -> None:
    backoff = back_off()

    async def wait() -> None:
        asyncio.get_running_loop().call_later(0.05, backoff.shutdown.stop, "shutdown", "stopped")
        await backoff.process_response(Request(URL), answer(429, "600"))

    with pytest.raises(NotAskedError, match=URL):
        asyncio.run(asyncio.wait_for(wait(), 30))
