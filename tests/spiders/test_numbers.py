"""Tests for the spider ``numbers`` against the practice site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.practice.server.http import serve
from tests.commands import thaigov, thaigov_json
from tests.spiders.crawls import (
    SITE,
    SIZE,
    against_truth,
    articles_asked,
    closed_to_robots,
    without_listing,
)

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.practice.server.http import Served


def test_every_number_is_requested_once_and_the_archive_is_correct(
    served: Served, db_path: Path
) -> None:
    run = thaigov_json(
        "crawl", "numbers", "--site", served.url, "-a", f"first={SITE.first}",
        "--scope", "all", "--db", db_path,
    )  # fmt: skip
    asked = articles_asked(served)
    assert len(asked) == len(set(asked)) == SITE.last - SITE.first + 1
    assert served.requests[0] == "/robots.txt"
    assert (run["outcome"], run["new"], run["missing"]) == ("done", SIZE, len(asked) - SIZE)
    assert run["requests"] == len(served.requests)
    assert against_truth(db_path) == []

    again = thaigov_json(
        "crawl", "numbers", "--site", served.url, "-a", f"last={SITE.last}", "--db", db_path
    )
    assert again["captures"] == 0
    assert len(articles_asked(served)) == len(asked)


def test_a_walk_down_between_bounds(served: Served, db_path: Path) -> None:
    numbers = list(SITE.numbers())[10:20]
    first, last = numbers[0], numbers[-1]
    thaigov(
        "crawl", "numbers", "--site", served.url, "--db", db_path, "--scope", "all",
        "-a", f"first={first}", "-a", f"last={last}", "-a", "direction=down",
    )  # fmt: skip
    asked = [int(path.rsplit("/", 1)[1]) for path in articles_asked(served)]
    assert asked == list(range(last, first - 1, -1))


def test_without_a_listing_the_walk_ends_after_the_longest_gap(db_path: Path) -> None:
    """A walk without bounds continues through every gap of the site."""
    with serve(SITE, intercept=without_listing) as served:
        thaigov("crawl", "numbers", "--site", served.url, "--db", db_path, "--scope", "all")
        asked = [int(path.rsplit("/", 1)[1]) for path in articles_asked(served)]
    assert against_truth(db_path) == []
    assert SITE.last + 137 < max(asked) <= SITE.last + 160


def test_robots_txt_ends_a_walk_without_bounds(db_path: Path) -> None:
    with serve(SITE, intercept=closed_to_robots) as served:
        run = thaigov_json("crawl", "numbers", "--site", served.url, "--db", db_path, expect=4)
        assert served.requests == ["/robots.txt"]
    assert run["outcome"] == "refused"


def test_robots_txt_ends_a_walk_with_bounds(db_path: Path) -> None:
    with serve(SITE, intercept=closed_to_robots) as served:
        bounds = ("-a", "first=1", "-a", "last=30")
        run = thaigov_json(
            "crawl", "numbers", "--site", served.url, "--db", db_path, *bounds, expect=4
        )
        assert served.requests == ["/robots.txt"]
    assert run["outcome"] == "refused"
