"""Tests for what all spiders share: arguments, permission, failures, refusals, redirects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from scraper.archive.database import ArchiveError
from scraper.crawl.run import CrawlWriter
from scraper.crawl.shutdown import Shutdown
from scraper.model import Incoming
from scraper.practice.server.http import Answer, serve
from spiders.base import ArchiveSpider
from tests.commands import thaigov, thaigov_json
from tests.factories import make_article, make_capture, make_page
from tests.many_crawls import query
from tests.spiders.crawls import (
    SITE,
    Challenge,
    against_truth,
    articles_asked,
    closed_to_robots,
)

if TYPE_CHECKING:
    from pathlib import Path

FAILED = "SELECT count(*) FROM frontier WHERE state = 'failed'"
MOST = ArchiveSpider.most_failures


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["numbers", "-a", "first=x"], "first must be a whole number of at least 1, not 'x'"),
        (["numbers", "-a", "first=9", "-a", "last=3"], "last=3 is below first=9"),
        (["numbers", "-a", "direction=left"], "direction must be up or down"),
        (["latest", "-a", "known=0"], "known must be a whole number of at least 1"),
        (["latest", "-a", "nonsense"], "-a takes NAME=VALUE"),
        (["latest", "-a", "nonsense=1"], "nonsense"),
        (["latest", "--site", "https://example.com"], "not a site this archive knows"),
    ],
)
def test_wrong_arguments_are_explained(db_path: Path, arguments: list[str], complaint: str) -> None:
    done = thaigov("crawl", *arguments, "--db", db_path, expect=2)
    assert complaint in done.stderr
    assert not db_path.exists()


def test_the_real_site_is_not_asked_without_permission(db_path: Path) -> None:
    done = thaigov("crawl", "--db", db_path, expect=4)
    assert "THAIGOV_CONTACT and THAIGOV_PERMISSION" in done.stderr
    assert "thaigov import corpus" in done.stderr
    done = thaigov("crawl", "--db", db_path, expect=4, THAIGOV_CONTACT="a@example.org")
    assert "set THAIGOV_PERMISSION" in done.stderr
    assert not db_path.exists()


def test_robots_txt_is_obeyed(db_path: Path) -> None:
    with serve(SITE, intercept=closed_to_robots) as served:
        run = thaigov_json("crawl", "latest", "--site", served.url, "--db", db_path, expect=4)
        assert served.requests == ["/robots.txt"]
    assert run["outcome"] == "refused"


def test_an_article_forbidden_by_robots_txt_is_skipped(db_path: Path) -> None:
    numbers = list(SITE.numbers())[:4]
    rules = f"User-agent: *\nDisallow: /news/contents/details/{numbers[1]}$\n".encode()

    def forbid_one(path: str) -> Answer | None:
        return Answer(200, rules, "text/plain") if path == "/robots.txt" else None

    with serve(SITE, intercept=forbid_one) as served:
        run = thaigov_json(
            "crawl", "numbers", "--site", served.url, "--scope", "all", "--db", db_path,
            "-a", f"first={numbers[0]}", "-a", f"last={numbers[3]}",
        )  # fmt: skip
        asked = articles_asked(served)
    assert (run["outcome"], run["new"], run["failed"]) == ("done", 3, 0)
    assert not any(path.endswith(f"/{numbers[1]}") for path in asked)


def test_a_challenge_ends_the_run_and_is_stored(db_path: Path) -> None:
    with serve(SITE, intercept=Challenge(after=8)) as served:
        run = thaigov_json("crawl", "latest", "--site", served.url, "--db", db_path, expect=4)
        assert len(served.requests) == 9
    assert (run["outcome"], run["blocked"]) == ("blocked", 1)
    stored = query(
        db_path,
        "SELECT p.kind FROM captures c JOIN problems p ON p.capture_id = c.id "
        "WHERE c.outcome = 'blocked'",
    )
    assert stored == [("blocked",)]


def test_a_site_that_is_down_is_a_failure(db_path: Path) -> None:
    with serve(SITE) as served:
        url = served.url
    done = thaigov("crawl", "--site", url, "--db", db_path, expect=1)
    assert "robots.txt could not be read (the connection was refused)" in done.stderr


def broken_site(path: str) -> Answer | None:
    return None if path == "/robots.txt" else Answer(500, b"out of order")


@pytest.mark.parametrize("spider", ["latest", "numbers"])
def test_a_broken_site_ends_the_run(db_path: Path, spider: str) -> None:
    with serve(SITE, intercept=broken_site) as served:
        run = thaigov_json("crawl", spider, "--site", served.url, "--db", db_path, expect=1)
        assert len(set(articles_asked(served))) == (MOST if spider == "numbers" else 0)
    assert run["outcome"] == "failed"
    failed = MOST if spider == "numbers" else 0
    assert query(db_path, FAILED) == [(failed,)]
    with serve(SITE) as served:
        thaigov("crawl", "numbers", "--site", served.url, "--scope", "all", "--db", db_path)
    assert against_truth(db_path) == []
    assert query(db_path, FAILED) == [(0,)]


def failure(error: Exception) -> Failure:
    return Failure(error)  # type: ignore[no-untyped-call] # Twisted


def test_a_page_that_crashes_a_stage_is_unparsed(db_path: Path) -> None:
    writer = CrawlWriter(db_path, "crawl test", {})
    (stored,) = writer.capture([Incoming(make_capture())])
    page = make_page(stored, make_article())
    writer.shutdown = Shutdown(Crawler(Spider))
    writer.item_error(page, failure(ArchiveError("the disk is full")))
    assert writer.shutdown.outcome == "unstorable"
    assert (writer.faults, [c.id for c in writer.pending()]) == (1, [1])
    writer.item_error(page, failure(ZeroDivisionError("a bug")))
    writer.close("done", 0)
    assert query(db_path, "SELECT outcome FROM captures") == [("unparsed",)]
    assert query(db_path, "SELECT stage, kind, detail FROM problems") == [
        ("crawl", "stage-crashed", "ZeroDivisionError: a bug")
    ]


class Redirect:
    """Redirects every request for an article to one place."""

    def __init__(self, target: str) -> None:
        self.target = target

    def __call__(self, path: str) -> Answer | None:
        if "/details/" not in path:
            return None
        return Answer(302, b"", headers=(("Location", self.target),))


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "/", "/news/contents"])
def test_a_redirect_to_another_page_is_stored_and_not_followed(db_path: Path, target: str) -> None:
    bounds = ("-a", f"first={SITE.first}", "-a", f"last={SITE.first + 4}")
    with serve(SITE, intercept=Redirect(target)) as served:
        run = thaigov_json("crawl", "numbers", "--site", served.url, "--db", db_path, *bounds)
        assert [path for path in served.requests if "/details/" not in path] == ["/robots.txt"]
        assert (run["captures"], run["unparsed"], run["failed"]) == (5, 0, 0)
    assert query(db_path, "SELECT DISTINCT status, outcome FROM captures") == [(302, "redirect")]


def test_a_redirect_to_the_same_article_is_followed(db_path: Path) -> None:
    number = SITE.first

    def to_other_path(path: str) -> Answer | None:
        if path != f"/news/contents/details/{number}":
            return None
        target = f"/news/contents/ministry_details/{number}"
        return Answer(301, b"", headers=(("Location", target),))

    with serve(SITE, intercept=to_other_path) as served:
        thaigov(
            "crawl", "numbers", "--site", served.url, "--db", db_path, "--scope", "all",
            "-a", f"first={number}", "-a", f"last={number}",
        )  # fmt: skip
    assert query(db_path, "SELECT site_id, count(*) FROM articles") == [(number, 1)]


def test_a_very_long_retry_after_ends_the_run(db_path: Path) -> None:
    def busy(path: str) -> Answer | None:
        if path == "/robots.txt":
            return None
        return Answer(429, b"", headers=(("Retry-After", "86400"),))

    with serve(SITE, intercept=busy) as served:
        bounds = ("-a", "first=1", "-a", "last=30")
        run = thaigov_json(
            "crawl", "numbers", "--site", served.url, "--db", db_path, *bounds, expect=4
        )
        assert len(served.requests) == 2
    assert run["outcome"] == "blocked"
