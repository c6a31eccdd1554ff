"""Crawls on failing machines: disks, archives, clocks. One message each, and nothing is lost."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.practice.judge.compare import differences
from scraper.practice.server.http import Served, serve
from scraper.practice.site.still import PracticeSite
from tests.archive_dump import assert_sound
from tests.commands import ENVIRONMENT, THAIGOV, thaigov
from tests.many_crawls import query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITE = PracticeSite(size=40)
SPACE = 2_500_000  # bytes: enough for the segmenter's dictionary and some articles


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(SITE, intercept=lambda _: time.sleep(0.01)) as served:
        yield served


@pytest.fixture
def crawl(served: Served, db_path: Path) -> list[str]:
    """Return the command that crawls all numbers into the test's archive."""
    served.requests.clear()
    walk = ["crawl", "numbers", "--site", served.url, "-a", f"last={SITE.last}"]
    return [*walk, "--scope", "all", "--db", str(db_path)]


def in_own_mounts(commands: str, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a crawl in a private mount namespace, after some shell commands."""
    if shutil.which("unshare") is None or os.geteuid() != 0:
        pytest.skip("mounting needs root and the command unshare")
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", f'set -e; {commands}; "$@"', "sh", *THAIGOV, *arguments],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=300,
        check=False,
    )
    if "permission denied" in done.stderr or "Operation not permitted" in done.stderr:
        pytest.skip("mounting is not permitted on this machine")
    return done


def assert_explained(done: subprocess.CompletedProcess[str], *pieces: str) -> None:
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    assert [piece for piece in pieces if piece not in done.stderr] == [], done.stderr


def assert_correct(db: Path) -> None:
    """Assert that the archive is sound and equals the site."""
    with closing(sqlite3.connect(db)) as connection:
        assert list(differences(connection, SITE)) == []
    assert_sound(db)


def test_a_full_disk_ends_the_crawl_and_the_next_one_continues(
    served: Served, db_path: Path, crawl: list[str], tmp_path: Path
) -> None:
    """The archive and its captures are on a disk of a few megabytes."""
    small = tmp_path / "small"
    folder = db_path.parent
    folder.mkdir()
    small.mkdir()
    # The small disk is copied before it vanishes with its mount.
    done = in_own_mounts(
        f"mount -t tmpfs -o size={SPACE + 700_000} none {folder}; "
        f"trap 'cp -a {folder}/. {small}' EXIT",
        crawl,
    )
    assert_explained(done, "the disk is full; free some space and run the command again", "is kept")
    asked = len(served.requests)
    assert 3 < asked < SITE.last
    shutil.copytree(small, folder, dirs_exist_ok=True)
    assert query(db_path, "SELECT finished_at IS NULL FROM runs") in ([(0,)], [(1,)])
    thaigov(*crawl)
    assert len(served.requests) < SITE.last + 10  # nothing is requested twice
    assert_correct(db_path)


def test_a_file_size_limit_ends_the_crawl(db_path: Path, crawl: list[str]) -> None:
    """Like a quota, which limits each file."""
    done = subprocess.run(
        [*THAIGOV, *crawl],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SPACE, SPACE)),
        timeout=300,
        check=False,
    )
    assert_explained(done, "Everything before it is kept. The run ends here")
    thaigov(*crawl)
    assert_correct(db_path)


def test_a_read_only_disk_is_named(served: Served, db_path: Path, crawl: list[str]) -> None:
    db_path.parent.mkdir()
    folder = db_path.parent
    done = in_own_mounts(
        f"mount --bind {folder} {folder}; mount -o remount,ro,bind {folder}", crawl
    )
    assert_explained(done, str(folder), "ead-only")
    assert served.requests == []


def test_a_file_that_is_not_an_archive_is_not_changed(
    served: Served, db_path: Path, crawl: list[str]
) -> None:
    db_path.parent.mkdir()
    db_path.write_bytes(b"these are no tables " * 500)
    done = thaigov(*crawl, expect=1)
    assert_explained(done, f"{db_path}: not a usable SQLite database", "Restore a snapshot")
    assert served.requests == []
    assert db_path.read_bytes() == b"these are no tables " * 500


def test_an_archive_that_is_damaged_during_a_crawl_ends_it(
    served: Served, db_path: Path, crawl: list[str], tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [*THAIGOV, *crawl], stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    until = time.monotonic() + 60
    while len(served.requests) < 15 and time.monotonic() < until:
        time.sleep(0.01)
    for path in (db_path, db_path.with_name(f"{db_path.name}-wal")):
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(os.urandom(max(0, path.stat().st_size - 4096)))
    _, log = process.communicate(timeout=60)
    assert_explained(
        subprocess.CompletedProcess(crawl, process.returncode, "", log),
        f"{db_path}: not a usable SQLite database",
    )
    # As the message advises: a new archive from the WARC files next to it.
    fresh = tmp_path / "fresh" / "thaigov.db"
    thaigov("import", "warc", db_path.parent / "warc", "--own", "--db", fresh)
    assert query(fresh, "SELECT count(*) FROM articles")[0][0] >= 10
    assert_sound(fresh)


def test_a_jumping_clock_loses_nothing(served: Served, db_path: Path, crawl: list[str]) -> None:
    """Years ahead, as on a machine without a battery, and back."""
    thaigov(*crawl, "--max-requests", "15", THAIGOV_CLOCK="2035-05-05T00:00:00Z")
    thaigov(*crawl, "--max-requests", "15")
    thaigov(*crawl, THAIGOV_CLOCK="2001-01-01T00:00:00Z")
    assert query(db_path, "SELECT outcome FROM runs") == [("paused",), ("paused",), ("done",)]
    articles = [path for path in served.requests if "/details/" in path]
    assert len(articles) == len(set(articles))
    assert_correct(db_path)
