"""Tests for the spider ``wayback``, against pywb with a front that fails like the real one."""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from scraper.practice.judge.compare import differences
from tests.archive_dump import assert_sound, content
from tests.commands import start, thaigov, thaigov_json
from tests.recovery.conftest import HOME, SITE
from tests.recovery.faulty_server import Reply

if TYPE_CHECKING:
    from pathlib import Path

    from tests.recovery.wayback_front import Front

NUMBERS = list(SITE.numbers())


def recover(wayback: Front, db: Path, *more: str, expect: int = 0) -> Any:
    return thaigov_json(*command(wayback, db, *more), expect=expect)


def command(wayback: Front, db: Path, *more: str) -> list[str]:
    hosts = ["--archive", wayback.url, "--site", HOME, "--pause", "0.05"]
    return ["recover", "wayback", *hosts, "--db", str(db), *more]


def rows(db: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


def against_truth(db: Path, numbers: list[int] = NUMBERS) -> list[str]:
    with closing(sqlite3.connect(db)) as connection:
        return list(differences(connection, SITE, numbers))


def test_every_article_is_recovered_from_its_newest_usable_copy(
    wayback: Front, db_path: Path
) -> None:
    run = recover(wayback, db_path)
    assert (run["outcome"], run["new"]) == ("done", size := len(NUMBERS))
    assert against_truth(db_path) == []
    assert_sound(db_path)
    assert rows(db_path, "SELECT DISTINCT origin FROM captures") == [("wayback",)]
    outcomes = dict(rows(db_path, "SELECT outcome, count(*) FROM captures GROUP BY 1"))
    assert outcomes == {"article": size, "blocked": size // 6, "missing": size // 6}
    (first_seen,) = rows(
        db_path, f"SELECT first_seen_at FROM articles WHERE site_id = {NUMBERS[1]}"
    )[0]
    assert first_seen == "2024-02-02T03:04:05Z"

    asked = len(wayback.replays())
    again = recover(wayback, db_path, "--known-too")
    assert (again["captures"], len(wayback.replays())) == (0, asked)


def test_recovery_survives_faults(wayback: Front, db_path: Path) -> None:
    """Each kind of failure known from the Archive, on a page or in the index."""
    wayback.faults = {
        "/cdx/": [Reply(429), Reply(503, (("Retry-After", "0"),))],
        f"/details/{NUMBERS[1]}": [Reply(429, (("Retry-After", "0"),)), Reply(429)],
        f"/details/{NUMBERS[5]}": [Reply(503)],
        f"/details/{NUMBERS[7]}": [Reply(200, (), b"half a page", cut=500)],
        f"/details/{NUMBERS[11]}": [Reply(404, (), b"not in the archive")] * 2,
        f"/details/{NUMBERS[13]}": [Reply(200, (), b"a page of the archive's own")],
    }
    wayback.shifted = {f"/details/{NUMBERS[17]}"}
    numbers = NUMBERS[:20]
    bounds = ("--numbers", f"{numbers[0]}-{numbers[-1]}")
    run = recover(wayback, db_path, *bounds)
    lost = {NUMBERS[11], NUMBERS[13]}
    assert against_truth(db_path, [n for n in numbers if n not in lost]) == []
    failed = {url.rsplit("/", 1)[1] for (url,) in rows(db_path, "SELECT url FROM frontier")}
    assert failed == {str(number) for number in lost}
    assert run["new"] == len(numbers) - len(lost)
    # The index gave a wrong time; the redirect led to the copy, whose own time is stored.
    (time_of_17,) = rows(
        db_path, f"SELECT first_seen_at FROM articles WHERE site_id = {NUMBERS[17]}"
    )
    assert time_of_17 == ("2024-06-02T03:04:05Z",)

    again = recover(wayback, db_path, *bounds)  # by now the second failure of one is used up
    assert again["new"] >= 1
    final = recover(wayback, db_path, *bounds)
    assert against_truth(db_path, numbers) == []
    assert final["captures"] <= 1
    assert rows(db_path, "SELECT count(*) FROM frontier") == [(0,)]


def test_all_versions_are_stored_in_order(wayback: Front, db_path: Path) -> None:
    numbers = NUMBERS[:6]
    run = recover(wayback, db_path, "--all-versions", "--numbers", f"{numbers[0]}-{numbers[-1]}")
    # Two have a newer copy without text; the older copy of the first has the same bytes.
    assert (run["captures"], run["new"], run["changed"]) == (8, 6, 0)
    assert against_truth(db_path, numbers) == []


def test_only_missing_articles_are_fetched(wayback: Front, db_path: Path) -> None:
    recover(wayback, db_path, "--numbers", f"{NUMBERS[0]}-{NUMBERS[9]}")
    before = len(wayback.replays())
    run = recover(wayback, db_path, "--numbers", f"{NUMBERS[0]}-{NUMBERS[11]}", "--all-versions")
    assert run["new"] == 2
    assert len(wayback.replays()) - before == run["captures"] <= 4


def test_copies_are_bounded_by_time(wayback: Front, db_path: Path) -> None:
    run = recover(wayback, db_path, "--from", "2566-01-01", "--to", "2023-12-31")
    assert run["new"] == len(NUMBERS[::6])
    assert {t for (t,) in rows(db_path, "SELECT first_seen_at FROM articles")} == {
        "2023-01-01T00:00:00Z"
    }


def test_an_empty_listing_is_unmet(wayback: Front, db_path: Path) -> None:
    run = recover(wayback, db_path, "--numbers", "999999", expect=3)
    assert run["outcome"] == "unmet"


def test_an_unreadable_index_is_a_failure(wayback: Front, db_path: Path) -> None:
    wayback.faults = {"/cdx/": [Reply(200, (), b"<html>maintenance</html>")]}
    assert recover(wayback, db_path, expect=1)["outcome"] == "failed"


def test_an_archive_that_blocks_us_is_not_asked_again(wayback: Front, db_path: Path) -> None:
    wayback.faults = {"id_/": [Reply(403)] * 50}
    assert recover(wayback, db_path, expect=4)["outcome"] == "blocked"
    assert len(wayback.replays()) == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--numbers", "9-3"), "is not a range; write 19444-21653"),
        (("--numbers", "x"), "is not a range; write 19444-21653"),
        (("--from", "31/2/2024"), "is not a date"),
    ],
)
def test_wrong_options_are_explained(
    wayback: Front, db_path: Path, arguments: tuple[str, str], complaint: str
) -> None:
    done = thaigov(*command(wayback, db_path, *arguments), expect=2)
    assert complaint in done.stderr


def test_kills_change_nothing(wayback: Front, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole" / "a.db", tmp_path / "broken" / "a.db"
    started = time.monotonic()
    recover(wayback, whole)
    took = time.monotonic() - started
    wayback.requests.clear()
    chance = random.Random(2568)
    stored_before_each_kill: list[set[str]] = []
    for _ in range(3):
        process = start(*command(wayback, broken))
        time.sleep(took * chance.uniform(0.35, 0.7))
        process.send_signal(signal.SIGKILL)
        process.wait()
        stored = rows(broken, "SELECT source FROM captures") if broken.exists() else []
        stored_before_each_kill.append({source for (source,) in stored})
        wayback.requests.append(KILLED)
    recover(wayback, broken)
    assert_sound(broken)
    assert content(broken) == content(whole)
    assert fetched_again(wayback.requests, stored_before_each_kill) == []


KILLED = "killed"


def fetched_again(requests: list[str], stored: list[set[str]]) -> list[str]:
    """Return the replays that were requested although an earlier run had stored them."""
    lives: list[list[str]] = [[]]
    for path in requests:
        if path == KILLED:
            lives.append([])
        else:
            lives[-1].append(path)
    return [
        path
        for before, life in zip(stored, lives[1:], strict=True)
        for path in life
        if any(source.endswith(path) for source in before)
    ]
