"""A lost database is restored from its WARC files, as the documents say."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.clock import now, to_iso
from scraper.practice.server.http import Answer, serve
from scraper.practice.site.changes import invent_changes
from scraper.practice.site.living import LivingSite
from scraper.practice.site.still import PracticeSite
from tests.archive_dump import assert_sound, content
from tests.commands import thaigov, thaigov_json

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 60
TIMES = (
    "SELECT url, first_seen_at, last_seen_at, changed_at, gone_at, revision "
    "FROM articles ORDER BY url"
)
FRONTIER = (
    "SELECT url, state, attempts, known_at, due_at, visited_at, last_outcome, last_error, etag, "
    "last_modified FROM frontier WHERE state <> 'done' ORDER BY url"
)


def rows(db: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crawl a changing site on some days; one address always fails, and the newest article goes.

    Only articles of the Ministry of Industry are kept.
    """
    start = now() - timedelta(days=9)
    moment = [start]
    site = PracticeSite(SIZE, last_day=now().date(), per_day=3)
    changes = invent_changes(site, 1, start.date(), 9)
    living = LivingSite(site, changes, lambda: moment[0])
    # The newest that nothing happens to and that is there when it is asked for; days differ.
    changed, listed = {change.number for change in changes}, start + timedelta(days=7)
    broken = max(
        number
        for number in site.numbers()
        if number not in changed and living.history(number)[0].at < listed
    )
    gone: list[str] = []
    db = tmp_path_factory.mktemp("archive") / "thaigov.db"

    def fault(path: str) -> Answer | None:
        if gone and gone[0].endswith(path) and moment[0] >= start + timedelta(days=3):
            return Answer(404, b"gone")
        return Answer(500, b"") if path.endswith(f"/{broken}") else None

    with serve(living, intercept=fault, validators=True) as served:
        for day in (0, 1, 3, 4, 8):
            moment[0] = start + timedelta(days=day)
            clock = to_iso(moment[0])
            thaigov("crawl", "--site", served.url, "--db", db, THAIGOV_CLOCK=clock)
            newest = "SELECT url FROM articles ORDER BY published_on DESC, url LIMIT 1"
            gone = gone or [url for (url,) in rows(db, newest)]
    return db


def test_the_archive_has_every_state_to_restore(archive: Path) -> None:
    outcomes = dict(rows(archive, "SELECT outcome, count(*) FROM captures GROUP BY 1"))
    assert outcomes["article"] > 3
    assert outcomes["out_of_scope"] > 3
    states = dict(rows(archive, "SELECT state, count(*) FROM frontier GROUP BY 1"))
    assert states["waiting"] > 1
    assert states["failed"] == 1
    assert rows(archive, "SELECT count(*) FROM articles WHERE gone_at IS NOT NULL") != [(0,)]
    assert rows(archive, "SELECT count(*) FROM article_revisions") != [(0,)]


def restored(archive: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> Path:
    """Restore an archive from its WARC files as docs/operate.md says; return the new database."""
    shutil.copytree(archive.parent / "warc", folder / "data" / "warc")
    monkeypatch.chdir(folder)
    run = thaigov_json("import", "warc", "--own", "data/warc", "--db", "new/thaigov.db", *more)
    assert run["outcome"] == "done"
    return folder / "new" / "thaigov.db"


def test_the_same_archive_is_restored(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = restored(archive, tmp_path, monkeypatch)
    before, after = content(archive), content(db)
    for table in before:
        assert after[table] == before[table], table
    assert rows(db, TIMES) == rows(archive, TIMES)
    assert rows(db, FRONTIER) == rows(archive, FRONTIER)
    assert_sound(db)
    # A second import changes nothing, and an archive can be restored from the new files, too.
    again = thaigov_json("import", "warc", "--own", "data/warc", "--db", db)
    assert (again["captures"], content(db)) == (0, after)
    second = tmp_path / "second"
    second.mkdir()
    assert content(restored(db, second, monkeypatch)) == before


def test_restore_with_another_scope(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = restored(archive, tmp_path, monkeypatch, "--scope", "all")
    assert rows(db, "SELECT count(*) FROM captures WHERE outcome = 'out_of_scope'") == [(0,)]
    assert len(rows(db, TIMES)) > len(rows(archive, TIMES))


def test_without_own_scope_and_frontier_are_ignored(archive: Path, tmp_path: Path) -> None:
    db = tmp_path / "thaigov.db"
    thaigov("import", "warc", archive.parent / "warc", "--db", db)
    assert rows(db, "SELECT count(*) FROM captures WHERE outcome = 'out_of_scope'") == [(0,)]
    assert rows(db, "SELECT count(*) FROM frontier WHERE state = 'failed'") == [(0,)]
