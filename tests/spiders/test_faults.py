"""Crawls that are cut short, by the site, the disk or their user; and what the next one does."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from scraper.archive.database import ArchiveError
from scraper.crawl.run import OpenArchive
from scraper.crawl.shutdown import Shutdown
from scraper.model import Incoming
from scraper.practice.server.http import Answer, serve
from scraper.practice.site.still import PracticeSite
from tests.commands import thaigov, thaigov_json
from tests.factories import make_article, make_capture, make_page
from tests.spiders.test_crawl import (
    SITE,
    Challenge,
    against_truth,
    articles_asked,
    closed_to_robots,
    without_listing,
)

if TYPE_CHECKING:
    from pathlib import Path

LARGE = PracticeSite(size=400)
OWED = "SELECT count(*) FROM frontier WHERE state = 'failed'"
MOST = 20  # pages in a row that may fail


def broken_site(path: str) -> Answer | None:
    return None if path == "/robots.txt" else Answer(500, b"out of order")


def slow(_path: str) -> None:
    time.sleep(0.01)


def failure(error: Exception) -> Failure:
    return Failure(error)  # type: ignore[no-untyped-call] # Twisted


def row(db: Path, sql: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(db)) as connection:
        found: tuple[Any, ...] = connection.execute(sql).fetchone()
    return found


def test_latest_closes_the_gap_that_a_run_cut_short_left(db_path: Path) -> None:
    crawl = ("crawl", "latest", "--scope", "all", "--db", db_path)
    eager = ("-a", "known=5", "-a", "lookback=0")
    with serve(SITE, intercept=Challenge(after=30)) as served:
        thaigov(*crawl, "--site", served.url, *eager, expect=4)
    with serve(SITE) as served:
        thaigov(*crawl, "--site", served.url, *eager)
        assert against_truth(db_path) == []
        served.requests.clear()
        thaigov(*crawl, "--site", served.url, *eager)  # the ground is settled now
        assert len(served.requests) == 2  # robots.txt and one listing page


def test_latest_says_when_it_did_not_get_down_to_known_ground(db_path: Path) -> None:
    crawl = ("crawl", "latest", "--scope", "all", "--db", db_path)
    with serve(SITE) as served:
        few = ("--site", served.url, "-a", "pages=1")
        assert thaigov_json(*crawl, *few)["outcome"] == "done"  # a first run has no ground
        told = thaigov(*crawl, *few, "-a", "known=50", expect=3).stderr
    assert "pages=N" in told


@pytest.mark.parametrize("spider", ["latest", "numbers"])
def test_a_site_out_of_order_is_left_alone_after_a_while(db_path: Path, spider: str) -> None:
    with serve(SITE, intercept=broken_site) as served:
        run = thaigov_json("crawl", spider, "--site", served.url, "--db", db_path, expect=1)
        assert len(set(articles_asked(served))) == (MOST if spider == "numbers" else 0)
    assert run["outcome"] == "failed"
    owed = MOST if spider == "numbers" else 0
    assert row(db_path, OWED) == (owed,)
    with serve(SITE) as served:
        thaigov("crawl", "numbers", "--site", served.url, "--scope", "all", "--db", db_path)
    assert against_truth(db_path) == []
    assert row(db_path, OWED) == (0,)


def test_a_walk_without_bound_ends_where_robots_forbid_it(db_path: Path) -> None:
    with serve(SITE, intercept=closed_to_robots) as served:
        run = thaigov_json("crawl", "numbers", "--site", served.url, "--db", db_path, expect=4)
        assert served.requests == ["/robots.txt"]
    assert run["outcome"] == "refused"


def test_a_listing_that_is_gone_is_no_refusal(db_path: Path) -> None:
    with serve(SITE, intercept=without_listing) as served:
        run = thaigov_json("crawl", "latest", "--site", served.url, "--db", db_path, expect=3)
    assert run["outcome"] == "unmet"


def test_a_page_that_a_stage_fails_on_is_kept_as_unparsed(db_path: Path) -> None:
    writer = OpenArchive(db_path, "crawl test", {})
    (stored,) = writer.capture([Incoming(make_capture())])
    page = make_page(stored, make_article())
    writer.shutdown = Shutdown(Crawler(Spider))
    writer.item_error(page, failure(ArchiveError("the disk is full")))
    assert writer.shutdown.outcome == "unstorable"
    assert (writer.faults, [c.id for c in writer.pending()]) == (1, [1])
    writer.item_error(page, failure(ZeroDivisionError("a bug")))
    writer.close("done", 0)
    assert row(db_path, "SELECT outcome FROM captures") == ("unparsed",)
    assert row(db_path, "SELECT stage, kind, detail FROM problems") == (
        "crawl",
        "stage-crashed",
        "ZeroDivisionError: a bug",
    )


class Redirect:
    """Sends every request for an article to one place."""

    def __init__(self, target: str) -> None:
        self.target = target

    def __call__(self, path: str) -> Answer | None:
        if "/details/" not in path:
            return None
        return Answer(302, b"", headers=(("Location", self.target),))


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "/", "/news/contents"])
def test_a_redirect_away_from_the_article_is_kept_and_not_followed(
    db_path: Path, target: str
) -> None:
    bounds = ("-a", f"first={SITE.first}", "-a", f"last={SITE.first + 4}")
    with serve(SITE, intercept=Redirect(target)) as served:
        run = thaigov_json("crawl", "numbers", "--site", served.url, "--db", db_path, *bounds)
        assert [path for path in served.requests if "/details/" not in path] == ["/robots.txt"]
        assert (run["captures"], run["unparsed"], run["failed"]) == (5, 0, 0)
    assert row(db_path, "SELECT DISTINCT status, outcome FROM captures") == (302, "redirect")


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
    assert row(db_path, "SELECT site_id, count(*) FROM articles") == (number, 1)


def test_robots_end_a_walk_at_once(db_path: Path) -> None:
    with serve(SITE, intercept=closed_to_robots) as served:
        bounds = ("-a", "first=1", "-a", "last=30")
        run = thaigov_json(
            "crawl", "numbers", "--site", served.url, "--db", db_path, *bounds, expect=4
        )
        assert served.requests == ["/robots.txt"]
    assert run["outcome"] == "refused"


def test_a_server_that_asks_for_more_patience_than_a_run_has_ends_it(db_path: Path) -> None:
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
