"""Spiders against the practice site, over real HTTP, as a user runs them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.practice.judge.compare import differences
from scraper.practice.server.http import Answer, Served, serve
from scraper.practice.site.still import PracticeSite
from tests.commands import thaigov, thaigov_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SIZE = 60
SITE = PracticeSite(size=SIZE)


def without_listing(path: str) -> Answer | None:
    return Answer(404, b"no such page") if path.startswith("/news/contents?") else None


def closed_to_robots(path: str) -> Answer | None:
    rules = b"User-agent: thaigov\nDisallow: /news/\n"
    return Answer(200, rules, "text/plain") if path == "/robots.txt" else None


def page_missing(number: int) -> Callable[[str], Answer | None]:
    """Return what answers 404 for one article."""
    return lambda path: Answer(404, b"none") if path.endswith(f"/details/{number}") else None


class Challenge:
    """Answers like a bot check after some requests."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, _path: str) -> Answer | None:
        self.left -= 1
        page = b"<html><head><title>Just a moment...</title></head><body></body></html>"
        return Answer(403, page) if self.left < 0 else None


@pytest.fixture
def served() -> Iterator[Served]:
    with serve(SITE) as server:
        yield server


def articles_asked(served: Served) -> list[str]:
    return [path for path in served.requests if "/details/" in path]


def against_truth(db: Path) -> list[str]:
    with closing(sqlite3.connect(db)) as connection:
        return list(differences(connection, SITE))


def test_numbers_walks_every_number_once_and_the_archive_is_true(
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


def test_numbers_walks_down_between_bounds(served: Served, db_path: Path) -> None:
    numbers = list(SITE.numbers())[10:20]
    first, last = numbers[0], numbers[-1]
    thaigov(
        "crawl", "numbers", "--site", served.url, "--db", db_path, "--scope", "all",
        "-a", f"first={first}", "-a", f"last={last}", "-a", "direction=down",
    )  # fmt: skip
    asked = [int(path.rsplit("/", 1)[1]) for path in articles_asked(served)]
    assert asked == list(range(last, first - 1, -1))


def test_without_a_listing_numbers_ends_behind_the_longest_gap(db_path: Path) -> None:
    """A walk without any bound goes on through every gap of the site, and then ends."""
    with serve(SITE, intercept=without_listing) as served:
        thaigov("crawl", "numbers", "--site", served.url, "--db", db_path, "--scope", "all")
        asked = [int(path.rsplit("/", 1)[1]) for path in articles_asked(served)]
    assert against_truth(db_path) == []
    assert SITE.last + 137 < max(asked) <= SITE.last + 160


def test_latest_finds_all_and_then_stops_on_known_ground(served: Served, db_path: Path) -> None:
    crawl = ("crawl", "latest", "--site", served.url, "--scope", "all", "--db", db_path)
    run = thaigov_json(*crawl)
    assert run["new"] == SIZE
    assert against_truth(db_path) == []
    served.requests.clear()
    again = thaigov_json(*crawl)
    assert (again["outcome"], again["captures"]) == ("done", 0)
    assert articles_asked(served) == []
    assert 1 <= len(served.requests) - 1 < SIZE // 20  # robots.txt, some listing pages, not all


def test_latest_fetches_what_is_new_only(db_path: Path) -> None:
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


def test_industry_scope_keeps_captures_but_not_articles(served: Served, db_path: Path) -> None:
    crawl = ("crawl", "latest", "--site", served.url, "--db", db_path)
    run = thaigov_json(*crawl)
    industry = sum(SITE.truth(number).ministry == "industry" for number in SITE.numbers())
    assert run["new"] >= industry > 0
    assert run["new"] + run["out_of_scope"] == SIZE
    assert thaigov_json(*crawl)["captures"] == 0  # not fetched again


def test_again_sees_the_same_and_changes_nothing(served: Served, db_path: Path) -> None:
    crawl = ("crawl", "latest", "--site", served.url, "--scope", "all", "--db", db_path)
    thaigov(*crawl)
    served.requests.clear()
    run = thaigov_json(*crawl, "-a", "again=1")
    seen = len(articles_asked(served))
    assert seen >= 20
    assert (run["new"], run["changed"], run["unchanged"]) == (0, 0, seen)
    with closing(sqlite3.connect(db_path)) as connection:
        outcomes = dict(connection.execute("SELECT outcome, count(*) FROM captures GROUP BY 1"))
    assert outcomes == {"article": SIZE, "duplicate": seen}


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


def test_robots_are_obeyed(db_path: Path) -> None:
    with serve(SITE, intercept=closed_to_robots) as served:
        run = thaigov_json("crawl", "latest", "--site", served.url, "--db", db_path, expect=4)
        assert served.requests == ["/robots.txt"]
    assert run["outcome"] == "refused"


def test_a_number_that_was_missing_is_asked_for_once_it_is_listed(db_path: Path) -> None:
    """A walk beyond the newest article must not blind the daily run to what comes there."""
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


def test_a_listed_article_that_is_missing_is_left_to_its_visits(db_path: Path) -> None:
    newest = SITE.last
    with serve(SITE, intercept=page_missing(newest)) as served:
        for _ in range(3):
            thaigov("crawl", "--site", served.url, "--scope", "all", "--db", db_path)
        asked = [path for path in articles_asked(served) if path.endswith(f"/{newest}")]
    assert len(asked) == 1


def test_an_article_that_robots_forbid_is_passed_over(db_path: Path) -> None:
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


def test_a_challenge_ends_the_run_and_is_kept_as_evidence(db_path: Path) -> None:
    with serve(SITE, intercept=Challenge(after=8)) as served:
        run = thaigov_json("crawl", "latest", "--site", served.url, "--db", db_path, expect=4)
        assert len(served.requests) == 9
    assert (run["outcome"], run["blocked"]) == ("blocked", 1)
    with closing(sqlite3.connect(db_path)) as connection:
        (kept,) = connection.execute(
            "SELECT p.kind FROM captures c JOIN problems p ON p.capture_id = c.id "
            "WHERE c.outcome = 'blocked'"
        )
    assert kept == ("blocked",)


def test_a_site_that_is_down_is_a_failure(db_path: Path) -> None:
    with serve(SITE) as served:
        url = served.url
    done = thaigov("crawl", "--site", url, "--db", db_path, expect=1)
    assert "robots.txt could not be read (the connection was refused)" in done.stderr
