"""Each health check, passing and failing, on an otherwise healthy archive."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

import pytest

from scraper.archive.database import open_for_writing
from scraper.archive.lock import LockHolder
from scraper.crawl.run import ENDINGS
from scraper.sources import PRACTICE, THAIGOV
from scraper.upkeep import health_checks
from scraper.upkeep.health import HEALTH_CHECKS, FailedCheck, failed_checks
from scraper.upkeep.health_checks import RUN_ADVICE, CheckContext, CheckLimits, monthly_growth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlite_utils import Database

NOW = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)  # eight in the morning of 10 March in Bangkok
SITE = '{"site": "http://127.0.0.1:8000"}'


def run(db: Database, *, days_ago: float = 0.2, **columns: object) -> int:
    """Add a run that took an hour; return its id."""
    started = NOW - timedelta(days=days_ago)
    row = {
        "command": "crawl latest",
        "arguments": SITE,
        "started_at": f"{started:%Y-%m-%dT%H:%M:%SZ}",
        "finished_at": f"{started + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        "outcome": "done",
        "exit_code": 0,
        "versions": "{}",
    }
    db.table("runs").insert(row | columns)
    (number,) = db.execute("SELECT max(id) FROM runs").fetchone()
    return int(number)


def article(db: Database, number: int, published_on: str) -> None:
    """Add an article of which only the day matters."""
    run_id = db.execute("SELECT max(id) FROM runs").fetchone()[0]
    url = f"{PRACTICE.home}/news/contents/details/{number}"
    capture(db, run_id, url, "article")
    (capture_id,) = db.execute("SELECT max(id) FROM captures").fetchone()
    moment = "2026-01-01T00:00:00Z"
    db.table("articles").insert(
        {
            "url": url, "site": "practice", "layout": "contents", "site_id": number,
            "title": "ข่าว", "language": "th", "published_on": published_on, "content_hash": "x",
            "first_seen_at": moment, "last_seen_at": moment, "changed_at": moment,
            "capture_id": capture_id, "parser": "test", "tail": "", "body": "",
        }
    )  # fmt: skip


def capture(
    db: Database, run_id: int, url: str, outcome: str, fetched_at: str = "2026-01-01T00:00:00Z"
) -> None:
    (number,) = db.execute("SELECT count(*) FROM captures").fetchone()
    db.table("captures").insert(
        {
            "url": url, "article_url": url, "fetched_at": fetched_at, "origin": "live",
            "content_type": "", "digest": "x", "warc_file": "a.warc.gz", "warc_offset": number,
            "warc_length": 1, "outcome": outcome, "run_id": run_id,
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive that is crawled daily and has news of yesterday."""
    path = tmp_path_factory.mktemp("healthy") / "thaigov.db"
    with open_for_writing(path) as db, db.atomic():
        for day in range(9, 0, -1):
            run(db, days_ago=day, new=20, unparsed=1, bytes=1_000_000)
        run(db, new=20, bytes=1_000_000)
        article(db, 1, "2026-03-09")
    return path


@pytest.fixture
def db(healthy: Path, db_path: Path) -> Iterator[Database]:
    """Yield a copy of it in a transaction that is rolled back."""
    db_path.parent.mkdir()
    shutil.copy(healthy, db_path)
    with open_for_writing(db_path) as db:
        db.execute("BEGIN")
        yield db
        db.conn.rollback()


def path_of(db: Database) -> Path:
    return Path(db.execute("PRAGMA database_list").fetchone()[2])


def failures(db: Database, path: Path, limits: CheckLimits | None = None) -> list[FailedCheck]:
    return failed_checks(db, path, limits or CheckLimits(free=0, free_share=0), NOW)


def test_a_healthy_archive_passes_every_check(db: Database, db_path: Path) -> None:
    assert failures(db, db_path) == []


class Fault(NamedTuple):
    """A change that makes one check fail, and a similar one that does not."""

    name: str
    sentence: str
    bad: Callable[[Database], object]
    good: Callable[[Database], object]


def news_of(day: str) -> Callable[[Database], object]:
    return lambda db: db.execute("UPDATE articles SET published_on = ?", [day])


def published(*days: str) -> Callable[[Database], object]:
    def change(db: Database) -> None:
        db.execute("UPDATE articles SET published_on = '2026-01-01'")
        for number, day in enumerate(days, start=2):
            article(db, number, day)

    return change


def last_run(**columns: object) -> Callable[[Database], object]:
    def change(db: Database) -> None:
        (number,) = db.execute("SELECT max(id) FROM runs").fetchone()
        db.table("runs").update(number, columns)

    return change


def crawls_end(days_ago: float) -> Callable[[Database], object]:
    ended = f"{NOW - timedelta(days=days_ago):%Y-%m-%dT%H:%M:%SZ}"
    return lambda db: db.execute("UPDATE runs SET finished_at = min(finished_at, ?)", [ended])


def frontier(state: str, count: int, due_days: float = 0) -> Callable[[Database], object]:
    due = f"{NOW + timedelta(days=due_days):%Y-%m-%dT%H:%M:%SZ}"
    return lambda db: db.table("frontier").insert_all(
        {"url": f"u{n}", "state": state, "known_at": due, "due_at": due, "run_id": 1}
        for n in range(count)
    )


def attachments(db: Database) -> object:
    """Make the addresses of ``frontier`` those of attachments."""
    return db.table("attachments").insert_all(
        {"article_id": 1, "kind": "document", "url": f"proxy/u{n}", "original": f"u{n}"}
        for n in range(300)
    )


def captured_at(moment: str) -> Callable[[Database], object]:
    return lambda db: capture(db, 1, f"{PRACTICE.home}/th/news/7", "missing", moment)


FAULTS = [
    Fault("fresh", "practice: the latest news is from 2026-03-02, 8 days ago; the limit is "
          "7 days", news_of("2026-03-02"), news_of("2026-03-03")),
    # A date in the future, probably a typo, does not make an archive fresh.
    Fault("fresh", "the latest news is from 2026-03-01",
          published("2026-03-01", "2026-12-01"), published("2026-03-01", "2026-03-10")),
    Fault("crawled", "since 2026-03-08T11:00:00Z; one is expected every 36 hours",
          crawls_end(1 + 14 / 24), crawls_end(1)),
    Fault("ended-well", "Run 10 (`thaigov crawl latest`, 2026-03-09T20:12:00Z) is blocked: the",
          last_run(outcome="blocked"), last_run(outcome="stopped")),
    Fault("ended-well", "interrupted: it was killed", last_run(outcome=None, finished_at=None),
          last_run(outcome="paused")),
    Fault("ended-well", "failed: its log", last_run(outcome="failed"),
          lambda db: [last_run(outcome="failed")(db), run(db, days_ago=0.1)]),
    Fault("ended-well", "refused: robots.txt",
          lambda db: run(db, command="crawl numbers", outcome="refused", days_ago=6),
          lambda db: run(db, command="crawl numbers", outcome="refused", days_ago=8)),
    Fault("readable", "3 of 23 pages (13 %) of run 10 could", last_run(unparsed=3),
          last_run(unparsed=2)),
    Fault("readable", "48 of 229 pages (21 %) of the last 30 days could",
          lambda db: db.execute("UPDATE runs SET unparsed = 40, new = 1 WHERE id = 1"),
          lambda db: [last_run(unparsed=9, new=0)(db)]),  # too few pages for a share
    Fault("keeps-up", "201 addresses failed and 0 are overdue", frontier("failed", 201),
          frontier("failed", 200)),
    Fault("keeps-up", "0 addresses failed and 300 are overdue", frontier("waiting", 300, -8),
          frontier("waiting", 300, -6)),
    # Attachments are fetched now and then, by hand.
    Fault("readable", "3 of 23 pages", last_run(unparsed=3),
          last_run(unparsed=9, new=1, command="crawl attachments")),
    Fault("keeps-up", "0 addresses failed and 300 are overdue", frontier("waiting", 300, -8),
          lambda db: [attachments(db), frontier("waiting", 300, -8)(db)]),
    Fault("clock", "capture is dated 2026-03-10T01:06:00Z, which",
          captured_at("2026-03-10T01:06:00Z"),
          captured_at("2026-03-10T01:04:00Z")),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.sentence[:30])
def test_a_check_fails_beyond_its_limit_and_passes_just_before(
    db: Database, db_path: Path, fault: Fault
) -> None:
    db.execute("SAVEPOINT healthy")
    fault.good(db)
    assert failures(db, db_path) == []
    db.execute("ROLLBACK TO healthy")
    fault.bad(db)
    (case,) = failures(db, db_path)
    assert case.name == fault.name
    assert fault.sentence in case.sentence


def test_out_of_scope_articles_count_as_news_the_first_time(db: Database, db_path: Path) -> None:
    news_of("2026-02-01")(db)
    url, day = f"{PRACTICE.home}/th/news/8", "2026-03-0{}T18:00:00Z"
    capture(db, 10, url, "shell", day.format(1))  # its rendered form follows
    capture(db, 10, url, "out_of_scope", day.format(1))
    capture(db, 10, url, "out_of_scope", day.format(9))
    (case,) = failures(db, db_path)
    # 18:00 UTC is the next day in Bangkok.
    assert "the latest news is from 2026-03-02" in case.sentence
    backfill = run(db, command="crawl numbers")
    capture(db, backfill, f"{PRACTICE.home}/th/news/9", "out_of_scope", day.format(9))
    assert [case.name for case in failures(db, db_path)] == ["fresh"]
    capture(db, 10, f"{PRACTICE.home}/th/news/10", "out_of_scope", day.format(9))
    assert failures(db, db_path) == []


def test_an_archive_of_imports_misses_no_crawls(db_path: Path) -> None:
    db = open_for_writing(db_path)
    run(db, command="import corpus", arguments="{}", days_ago=400, new=9)
    article(db, 1, "2020-01-01")
    assert failures(db, db_path) == []
    (case,) = failures(db, db_path, CheckLimits(every=timedelta(days=2), free=0, free_share=0))
    assert case.sentence.startswith("No `thaigov crawl` has finished yet; one is expected")


def test_the_limits_can_be_changed(db: Database, db_path: Path) -> None:
    news_of("2026-03-02")(db)
    last_run(unparsed=3)(db)
    crawls_end(1.6)(db)
    frontier("failed", 201)(db)
    patient = CheckLimits(
        every=timedelta(days=2), silence=8, unparsed=0.2, owed=201, free=0, free_share=0
    )
    assert failures(db, db_path, patient) == []
    strict = CheckLimits(every=timedelta(hours=1), silence=7, owed=0, free=0, free_share=0)
    assert {case.name for case in failures(db, db_path, strict)} == {
        "fresh", "crawled", "readable", "keeps-up",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "gigabytes", "sentence"),
    [
        (CheckLimits(), 39, "Only 39.0 GB are free at "),
        (CheckLimits(), 41, None),  # 2 % of 2 TB are 40 GB
        (CheckLimits(free_share=0, free=50 * 10**9), 49, "and 50.0 GB should be"),
        (CheckLimits(free_share=0, free=0), 0, "Only 0.0 MB are free"),  # no room for a month
    ],
)
def test_a_full_disk(
    db: Database,
    monkeypatch: pytest.MonkeyPatch,
    limits: CheckLimits,
    gigabytes: int,
    sentence: str | None,
) -> None:
    usage = SimpleNamespace(total=2 * 10**12, free=gigabytes * 10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    sentences = [case.sentence for case in failures(db, path_of(db), limits)]
    assert len(sentences) == bool(sentence)
    assert all(str(sentence) in found for found in sentences)


def test_growth_is_the_share_of_the_months_crawls(db: Database, db_path: Path) -> None:
    (db_path.parent / "warc").mkdir()
    (db_path.parent / "warc" / "a.warc.gz").write_bytes(bytes(3_000_000))
    run(db, command="import corpus", bytes=30_000_000)
    db.conn.commit()
    stored = db_path.stat().st_size + 3_000_000
    grown = monthly_growth(CheckContext(db, db_path, CheckLimits(), NOW))
    assert grown == stored * 10 // 40


def test_a_lock_held_too_long_and_an_unwritable_folder(
    db: Database, db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = NOW - timedelta(hours=25)
    monkeypatch.setattr(health_checks, "lock_holder", lambda _: LockHolder(4711, since))
    (case,) = failures(db, db_path)
    assert case.sentence.startswith("Process 4711 has been writing since 2026-03-09T00:00:00Z, 25")
    assert failures(db, db_path, CheckLimits(held=timedelta(days=2), free=0, free_share=0)) == []
    # The run that holds the lock has no outcome yet.
    monkeypatch.setattr(health_checks, "lock_holder", lambda _: LockHolder(4711, NOW))
    last_run(outcome=None, finished_at=None)(db)
    assert failures(db, db_path) == []

    (db_path.parent / "warc").mkdir()
    monkeypatch.setattr(os, "access", lambda path, _: path.name != "warc")
    (case,) = failures(db, db_path)
    assert case.sentence.startswith(f"{db_path.parent / 'warc'} cannot be written")


def test_every_outcome_has_advice_or_needs_none() -> None:
    endings = {outcome for outcome, _ in ENDINGS.values()} | {"failed", "interrupted"}
    assert set(RUN_ADVICE) == endings - {"stopped", "paused"}


def test_check_names_are_unique_and_used_in_the_tests() -> None:
    names = [check.name for check in HEALTH_CHECKS]
    assert len(names) == len(set(names))
    assert {fault.name for fault in FAULTS} <= set(names)
    assert THAIGOV.longest_silence == 7
