"""How real hosts would be asked; nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from scraper.crawl.permission import RefusedError
from spiders.commoncrawl import CommonCrawlSpider
from spiders.latest import LatestSpider
from spiders.numbers import NumbersSpider
from spiders.wayback import WaybackSpider

if TYPE_CHECKING:
    from spiders.base import ArchiveSpider

LEAVE = {"CONTACT": "someone@example.org", "PERMISSION": "letter of 2 May 2026"}


def settings_of(spider: type[ArchiveSpider], **changes: str) -> tuple[ArchiveSpider, Settings]:
    """Return a spider for its real host, and the settings it would run with."""
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
def test_one_request_at_a_time_with_a_pause(
    spider: type[ArchiveSpider], delay: float, hosts: list[str]
) -> None:
    made, settings = settings_of(spider, **LEAVE)
    assert settings.getfloat("DOWNLOAD_DELAY") == delay
    assert settings.getfloat("DOWNLOAD_DELAY_JITTER") == 0  # never less than the delay
    assert settings.getint("CONCURRENT_REQUESTS") == 1
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert made.allowed_domains == hosts


@pytest.mark.parametrize("spider", [LatestSpider, NumbersSpider])
@pytest.mark.parametrize("missing", sorted(LEAVE))
def test_the_site_is_not_asked_without_leave(spider: type[ArchiveSpider], missing: str) -> None:
    with pytest.raises(RefusedError, match=f"THAIGOV_{missing}"):
        settings_of(spider, **{**LEAVE, missing: ""})


def test_web_archives_need_no_leave() -> None:
    settings_of(WaybackSpider)
    settings_of(CommonCrawlSpider)


def test_nothing_listens_and_no_one_pretends() -> None:
    _, settings = settings_of(WaybackSpider)
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert settings["USER_AGENT"].startswith("thaigov/")
    assert not any(name in settings["USER_AGENT"] for name in ("Mozilla", "Googlebot"))
