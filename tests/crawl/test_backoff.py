from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime

import pytest
from scrapy import Request
from scrapy.http import Response

from scraper.clock import now
from scraper.crawl.backoff import MOST_TRIES, TRIES, BackOff
from scraper.crawl.permission import StopAskingError

URL = "https://archive.example/page"


def answer(status: int, retry_after: str | None = None) -> Response:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Response(URL, status=status, headers=headers)


def process(response: Response, waits: int = 0, pause: float = 0.0) -> Request | Response:
    request = Request(URL, meta={TRIES: waits})
    return asyncio.run(BackOff(pause).process_response(request, response))


@pytest.mark.parametrize("status", [200, 301, 404, 500, 502])
def test_other_answers_pass(status: int) -> None:
    response = answer(status)
    assert process(response) is response


@pytest.mark.parametrize("status", [429, 503])
def test_the_request_is_repeated_after_the_pause(status: int) -> None:
    again = process(answer(status), waits=2)
    assert isinstance(again, Request)
    assert (again.url, again.meta[TRIES], again.dont_filter) == (URL, 3, True)


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [
        ("7", 7, 7),
        ("0", 0, 0),
        ("soon", 60, 60),
        ("-5", 60, 60),
        (None, 60, 60),
    ],
)
def test_how_long_to_wait(retry_after: str | None, least: float, most: float) -> None:
    assert least <= BackOff(60).seconds(answer(429, retry_after)) <= most


@pytest.mark.parametrize(("delta", "least", "most"), [(900, 890, 900), (-900, 0, 0)])
def test_how_long_to_wait_until_a_date(delta: int, least: float, most: float) -> None:
    until = format_datetime(now() + timedelta(seconds=delta), usegmt=True)
    assert least <= BackOff(60).seconds(answer(429, until)) <= most


@pytest.mark.parametrize(("retry_after", "waits"), [("7200", 0), ("0", MOST_TRIES)])
def test_patience_has_an_end(retry_after: str, waits: int) -> None:
    with pytest.raises(StopAskingError, match="HTTP 429"):
        process(answer(429, retry_after), waits=waits)
