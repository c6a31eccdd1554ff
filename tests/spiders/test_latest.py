"""Tests for the spider ``latest`` against the practice site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.practice.server.http import serve
from tests.commands import thaigov, thaigov_json
from tests.many_crawls import query
from tests.spiders.crawls import (
    SITE,
    SIZE,
    Challenge,
    against_truth,
    articles_asked,
    page_missing,
    without_listing,
)

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.practice.server.http import Served


def test_all_articles_are_found_and_the_next_run_stops_at_known_ones(
    served: Served, db_path: Path
) -> None:
    crawl = ("crawl", "latest", "--site", served.url, "--scope", "all", "--db", db_path)
    run = thaigov_json(*crawl)
    assert run["new"] == SIZE
    assert against_truth(db_path) == []
    served.requests.clear()
    again = thaigov_json(*crawl)
    assert (again["outcome"], again["captures"]) == ("done", 0)
    assert articles_asked(served) == []
    assert 1 <= len(served.requests) - 1 < SIZE // 20  # robots.txt, some listing pages, not all


def test_only_new_articles_are_fetched(db_path: Path) -> None:
    numbers = list(SITE.numbers())
    known = numbers[:-5]
    crawl = ("--scope", "all", "--db", db_path)
    with serve(SITE) as served:
        thaigov(
            "crawl", "numbers", "--site", served.url, *crawl,
            "-a", f"first={known[0]}", "-a", f"last={known[-1]}",
        )  # fmt: skip
    with serve(SITE) as served:  # another port: the articles are the same
        run = thaigov_json("crawl", "latest", "--site", served.url, *crawl)
        assert run["new"] == 5
        assert len(articles_asked(served)) == 5


def test_out_of_scope_pages_are_stored_as_captures_only(served: Served, db_path: Path) -> None:
    crawl = ("crawl", "latest", "--site", served.url, "--db", db_path)
    run = thaigov_json(*crawl)
    industry = sum(SITE.truth(number).ministry == "industry" for number in SITE.numbers())
    assert run["new"] >= industry > 0
    assert run["new"] + run["out_of_scope"] == SIZE
    assert thaigov_json(*crawl)["captures"] == 0  # not fetched again


def test_again_fetches_unchanged_articles_and_changes_nothing(
    served: Served, db_path: Path
) -> None:
    crawl = ("crawl", "latest", "--site", served.url, "--scope", "all", "--db", db_path)
    thaigov(*crawl)
    served.requests.clear()
    run = thaigov_json(*crawl, "-a", "again=1")
    seen = len(articles_asked(served))
    assert seen >= 20
    assert (run["new"], run["changed"], run["unchanged"]) == (0, 0, seen)
    outcomes = dict(query(db_path, "SELECT outcome, count(*) FROM captures GROUP BY 1"))
    assert outcomes == {"article": SIZE, "duplicate": seen}


def test_a_missing_number_is_fetched_once_it_is_listed(db_path: Path) -> None:
    """A walk beyond the newest article must not hide later articles from the daily run."""
    numbers = list(SITE.numbers())
    crawl = ("--scope", "all", "--db", db_path)
    missing = page_missing(numbers[-1])
    with serve(SITE, intercept=missing) as served:
        thaigov(
            "crawl", "numbers", "--site", served.url, *crawl,
            "-a", f"first={numbers[-3]}", "-a", f"last={numbers[-1]}",
        )  # fmt: skip
    with serve(SITE) as served:
        run = thaigov_json("crawl", "--site", served.url, *crawl)
    assert run["new"] == len(numbers) - 2
    assert against_truth(db_path) == []


def test_a_listed_but_missing_article_is_requested_once(db_path: Path) -> None:
    newest = SITE.last
    with serve(SITE, intercept=page_missing(newest)) as served:
        for _ in range(3):
            thaigov("crawl", "--site", served.url, "--scope", "all", "--db", db_path)
        asked = [path for path in articles_asked(served) if path.endswith(f"/{newest}")]
    assert len(asked) == 1


def test_the_gap_of_an_interrupted_run_is_closed(db_path: Path) -> None:
    crawl = ("crawl", "latest", "--scope", "all", "--db", db_path)
    eager = ("-a", "known=5", "-a", "lookback=0")
    with serve(SITE, intercept=Challenge(after=30)) as served:
        thaigov(*crawl, "--site", served.url, *eager, expect=4)
    with serve(SITE) as served:
        thaigov(*crawl, "--site", served.url, *eager)
        assert against_truth(db_path) == []
        served.requests.clear()
        thaigov(*crawl, "--site", served.url, *eager)  # all listed articles count as known now
        assert len(served.requests) == 2  # robots.txt and one listing page


def test_a_run_that_does_not_reach_known_articles_is_unmet(db_path: Path) -> None:
    crawl = ("crawl", "latest", "--scope", "all", "--db", db_path)
    with serve(SITE) as served:
        few = ("--site", served.url, "-a", "pages=1")
        assert thaigov_json(*crawl, *few)["outcome"] == "done"  # a first run knows none
        log = thaigov(*crawl, *few, "-a", "known=50", expect=3).stderr
    assert "pages=N" in log


def test_a_missing_listing_is_unmet_and_not_refused(db_path: Path) -> None:
    with serve(SITE, intercept=without_listing) as served:
        run = thaigov_json("crawl", "latest", "--site", served.url, "--db", db_path, expect=3)
    assert run["outcome"] == "unmet"
