"""Tests for the pace of crawls: of real sites by the settings, of the practice site over HTTP."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from scraper import __version__
from scraper.crawl.permission import RefusedError
from scraper.practice.judge.compare import differences
from scraper.practice.server.http import Answer, Served, serve
from scraper.practice.site.still import PracticeSite
from spiders.commoncrawl import CommonCrawlSpider
from spiders.latest import LatestSpider
from spiders.numbers import NumbersSpider
from spiders.wayback import WaybackSpider
from tests.commands import thaigov
from tests.many_crawls import query

if TYPE_CHECKING:
    from pathlib import Path

    from spiders.base import ArchiveSpider

SITE = PracticeSite(size=20)
PERMISSION = {"CONTACT": "someone@example.org", "PERMISSION": "letter of 2 May 2026"}


def settings_of(spider: type[ArchiveSpider], **changes: str) -> tuple[ArchiveSpider, Settings]:
    """Return a spider for its real host, with its settings."""
    settings = Settings()
    settings.setmodule("scraper.settings", priority="project")
    settings.setdict({"CONTACT": "", "PERMISSION": "", **changes}, priority="cmdline")
    crawler = Crawler(spider, settings)
    return spider.from_crawler(crawler), crawler.settings


@pytest.mark.parametrize(
    ("spider", "delay", "hosts"),
    [
        (LatestSpider, 2.0, ["thaigov.go.th", "www.thaigov.go.th"]),
        (NumbersSpider, 2.0, ["thaigov.go.th", "www.thaigov.go.th"]),
        (WaybackSpider, 1.25, ["web.archive.org"]),
        (CommonCrawlSpider, 1.25, ["data.commoncrawl.org", "index.commoncrawl.org"]),
    ],
)
def test_one_request_at_a_time_with_a_delay(
    spider: type[ArchiveSpider], delay: float, hosts: list[str]
) -> None:
    made, settings = settings_of(spider, **PERMISSION)
    assert settings.getfloat("DOWNLOAD_DELAY") == delay
    assert settings.getfloat("DOWNLOAD_DELAY_JITTER") == 0  # never less than the delay
    assert settings.getint("CONCURRENT_REQUESTS") == 1
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert made.allowed_domains == hosts


@pytest.mark.parametrize("spider", [LatestSpider, NumbersSpider])
@pytest.mark.parametrize("missing", sorted(PERMISSION))
def test_the_site_is_not_asked_without_permission(
    spider: type[ArchiveSpider], missing: str
) -> None:
    with pytest.raises(RefusedError, match=f"THAIGOV_{missing}"):
        settings_of(spider, **{**PERMISSION, missing: ""})


@pytest.mark.parametrize("spider", [WaybackSpider, CommonCrawlSpider])
def test_web_archives_need_no_permission(spider: type[ArchiveSpider]) -> None:
    _, settings = settings_of(spider)
    assert settings.getint("INDEX_QUERIES_A_MINUTE") == 24


@pytest.mark.parametrize("missing", sorted(PERMISSION))
def test_ignoring_robots_txt_needs_a_permission(missing: str) -> None:
    def spider_with(**changes: str) -> ArchiveSpider:
        settings = Settings()
        settings.setmodule("scraper.settings", priority="project")
        settings.setdict({**PERMISSION, **changes}, priority="cmdline")
        crawler = Crawler(CommonCrawlSpider, settings)
        return CommonCrawlSpider.from_crawler(crawler, ignore_robots="index.commoncrawl.org")

    assert spider_with().ignored_robots == {"index.commoncrawl.org"}
    with pytest.raises(RefusedError, match=f"THAIGOV_{missing}"):
        spider_with(**{missing: ""})


def test_no_remote_control_and_an_honest_user_agent() -> None:
    _, settings = settings_of(WaybackSpider)
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert settings["USER_AGENT"].startswith("thaigov/")
    assert not any(name in settings["USER_AGENT"] for name in ("Mozilla", "Googlebot"))
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert not settings.getbool("COOKIES_ENABLED")


def walk(served: Served, db: Path) -> list[str]:
    walk = ["crawl", "numbers", "--site", served.url, "-a", f"last={SITE.last}"]
    return [*walk, "--scope", "all", "--db", str(db)]


def assert_correct(db: Path) -> None:
    with closing(sqlite3.connect(db)) as connection:
        assert list(differences(connection, SITE)) == []


def test_a_closed_window_prevents_the_crawl(db_path: Path) -> None:
    morning = "2026-03-01T09:00:30+07:00"
    with serve(SITE) as served:
        crawl = walk(served, db_path)
        done = thaigov(*crawl, "--between", "22:00-06:00", expect=4, THAIGOV_CLOCK=morning)
        assert served.requests == []
    assert "only between 22:00-06:00 (Asia/Bangkok), which begins in 13 h 0 min" in done.stderr
    assert not db_path.exists()


def test_a_closing_window_pauses_the_crawl_and_delays_are_kept(db_path: Path) -> None:
    evening = "2026-03-01T05:59:53+07:00"  # a busy machine takes seconds to start
    with serve(SITE, crawl_delay=0.7) as served:
        crawl = walk(served, db_path)
        done = thaigov(*crawl, "--between", "22:00-06:00", THAIGOV_CLOCK=evening)
        assert "Run 1 paused" in done.stdout
        assert "the window 22:00-06:00 (Asia/Bangkok) has closed" in done.stderr
        assert 2 <= len(served.requests) <= 11
        times = [request.at for request in served.log]
        # In all, not one by one: on a busy machine the server notes some of them late.
        assert times[-1] - times[0] >= 0.69 * (len(times) - 1) - 0.5
        agents = {request.headers["User-Agent"] for request in served.log}
        assert agents == {f"thaigov/{__version__} (news archive; no contact given)"}
    assert query(db_path, "SELECT outcome, exit_code, failed FROM runs") == [("paused", 0, 0)]


class BusyOnce:
    """Answers 429 with a Retry-After of a second, once."""

    asked = False

    def __call__(self, path: str) -> Answer | None:
        if self.asked or "/details/" not in path:
            return None
        self.asked = True
        return Answer(429, b"", headers=(("Retry-After", "1"),))


def test_a_limited_run_leaves_no_gap(db_path: Path) -> None:
    with serve(SITE, intercept=BusyOnce()) as served:
        crawl = ("crawl", "latest", "--site", served.url, "--scope", "all", "--db", db_path)
        first = thaigov(*crawl, "--max-requests", "6")
        assert len(served.requests) == 6
        busy, again = (r.at for r in served.log if r.path == served.requests[2])
        assert again - busy >= 1.0
        thaigov(*crawl)
    assert "6 requests were sent, the limit of a run; the next run continues" in first.stderr
    assert query(db_path, "SELECT outcome FROM runs") == [("paused",), ("done",)]
    assert_correct(db_path)


def test_malformed_hours_are_a_usage_error(db_path: Path) -> None:
    done = thaigov("crawl", "--between", "22-6", "--db", db_path, expect=2)
    assert "write 22:00-06:00" in done.stderr
