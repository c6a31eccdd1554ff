"""Stopping a run: the first reason counts, and no request is sent afterwards."""

from __future__ import annotations

import asyncio
import logging

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from scraper.crawl.shutdown import NotAskedError, Shutdown

URL = "https://www.thaigov.go.th/th/news/1"


@pytest.fixture
def shutdown() -> Shutdown:
    return Shutdown(Crawler(Spider))


def test_the_first_reason_counts(shutdown: Shutdown, caplog: pytest.LogCaptureFixture) -> None:
    shutdown.stop("paused", "the window has closed.", level=logging.WARNING)
    shutdown.stop("blocked", "HTTP 403")
    assert shutdown.outcome == "paused"
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage() == "the window has closed. The run ends here"


def test_a_request_is_refused_once_the_run_is_stopping(shutdown: Shutdown) -> None:
    shutdown.raise_if_stopping(URL)
    shutdown.stop("blocked", "HTTP 403")
    with pytest.raises(NotAskedError, match=f"{URL} was not requested: .* \\(blocked\\)"):
        shutdown.raise_if_stopping(URL)


def test_a_pause_lasts_its_time_or_until_the_run_is_stopped(shutdown: Shutdown) -> None:
    asyncio.run(shutdown.pause(URL, 0.01))
    shutdown.stop("shutdown", "SIGTERM")
    with pytest.raises(NotAskedError):
        asyncio.run(shutdown.pause(URL, 600))


def test_a_run_that_was_stopped_before_its_start_is_closed(shutdown: Shutdown) -> None:
    shutdown.stop("shutdown", "SIGTERM")
    with pytest.raises(CloseSpider) as caught:
        shutdown.spider_opened()
    assert caught.value.reason == "shutdown"
