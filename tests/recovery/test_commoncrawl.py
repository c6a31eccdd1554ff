"""Tests for the spider ``commoncrawl``, with WARC files made by warcio."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from scraper.practice.judge.compare import differences
from tests.archive_dump import assert_sound
from tests.commands import thaigov_json
from tests.recovery.common_crawl import CommonCrawl
from tests.recovery.conftest import CHALLENGE, HOME, SITE, page_url
from tests.recovery.faulty_server import Reply, serving
from tests.recovery.pages_in_warc import Held

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NUMBERS = list(SITE.numbers())[: SITE.size // 5]


@pytest.fixture
def crawls(tmp_path: Path) -> Iterator[CommonCrawl]:
    """Serve two collections; the newer lacks some pages and has a bot check for one."""
    old = [Held(page_url(n), "20200505050505", SITE.html(n)) for n in NUMBERS]
    new = [Held(page_url(n), "20240606060606", SITE.html(n)) for n in NUMBERS[::2]]
    new[0] = new[0]._replace(body=CHALLENGE)
    with serving(CommonCrawl(tmp_path / "files")) as served:
        served.add("CC-MAIN-2024-26", new)
        served.add("CC-MAIN-2022-05", [Held(f"{HOME}/gallery/1", "20220101000000", b"")])
        served.add("CC-MAIN-2020-24", old)
        yield served


def recover(crawls: CommonCrawl, db: Path, *more: str, expect: int = 0) -> Any:
    hosts = ["--index", crawls.url, "--data", crawls.url, "--site", HOME, "--pause", "0.05"]
    return thaigov_json("recover", "commoncrawl", *hosts, "--db", db, *more, expect=expect)


def against_truth(db: Path, numbers: list[int]) -> list[str]:
    with closing(sqlite3.connect(db)) as connection:
        return list(differences(connection, SITE, numbers))


def first_seen(db: Path) -> dict[int, str]:
    with closing(sqlite3.connect(db)) as connection:
        return dict(connection.execute("SELECT site_id, first_seen_at FROM articles"))


def ranges(crawls: CommonCrawl) -> list[str]:
    return [asked for asked in crawls.requests if "bytes=" in asked]


def test_every_listed_article_is_recovered_once(crawls: CommonCrawl, db_path: Path) -> None:
    run = recover(crawls, db_path)
    assert (run["outcome"], run["new"], run["blocked"]) == ("done", len(NUMBERS), 1)
    assert against_truth(db_path, NUMBERS) == []
    assert_sound(db_path)
    seen = first_seen(db_path)
    assert [seen[n][:4] for n in NUMBERS[:4]] == ["2020", "2020", "2024", "2020"]
    assert len(ranges(crawls)) == len(set(ranges(crawls))) == len(NUMBERS) + 1

    asked = len(ranges(crawls))
    recover(crawls, db_path, "--known-too")
    assert len(ranges(crawls)) == asked


def test_only_indexes_of_the_given_years_are_asked(crawls: CommonCrawl, db_path: Path) -> None:
    run = recover(
        crawls, db_path, "--from", "2024-01-01", "--numbers", f"{NUMBERS[1]}-{NUMBERS[9]}"
    )
    assert {t[:4] for t in first_seen(db_path).values()} == {"2024"}
    assert run["new"] == 4
    assert not any("2020-24" in asked for asked in crawls.requests)


def test_damaged_records_and_refusals_are_fetched_again(crawls: CommonCrawl, db_path: Path) -> None:
    rows = {row["url"]: row for row in crawls.collections["CC-MAIN-2020-24"]}
    spots = [f"bytes={rows[page_url(n)]['offset']}-" for n in (NUMBERS[1], NUMBERS[3], NUMBERS[5])]
    crawls.faults = {
        spots[0]: [Reply(206, (), b"\x1f\x8b\x08 no record")],
        spots[1]: [Reply(200, (), b"the whole file")],
        spots[2]: [Reply(503, (("Retry-After", "0"),))],
    }
    bounds = ("--numbers", f"{NUMBERS[1]}-{NUMBERS[5]}")
    assert recover(crawls, db_path, *bounds)["new"] == 3
    assert recover(crawls, db_path, *bounds)["new"] == 2
    assert against_truth(db_path, NUMBERS[1:6]) == []


def test_for_a_truncated_page_an_older_copy_is_fetched(tmp_path: Path, db_path: Path) -> None:
    first, second = NUMBERS[:2]
    half = {n: SITE.html(n)[: len(SITE.html(n)) // 2] for n in (first, second)}
    declared = {n: (("Content-Length", str(len(SITE.html(n)))),) for n in half}
    with serving(CommonCrawl(tmp_path / "files")) as crawls:
        crawls.add(
            "CC-MAIN-2024-26",
            [Held(page_url(n), "20240606060606", half[n], declared[n]) for n in half],
        )
        crawls.add("CC-MAIN-2020-24", [Held(page_url(first), "20200505050505", SITE.html(first))])
        assert recover(crawls, db_path)["unparsed"] == 2  # no complete copy of the second
        assert against_truth(db_path, [first]) == []
        with closing(sqlite3.connect(db_path)) as connection:
            assert connection.execute("SELECT site_id, revision FROM articles").fetchall() == [
                (first, 1)
            ]
            truncated = "SELECT count(*) FROM problems WHERE kind = 'truncated'"
            assert connection.execute(truncated).fetchone() == (2,)
        crawls.add("CC-MAIN-2021-04", [Held(page_url(second), "20210101000000", SITE.html(second))])
        assert recover(crawls, db_path)["new"] == 1
    assert against_truth(db_path, [first, second]) == []
