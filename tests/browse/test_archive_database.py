"""The site reads the current state after its file is written to or replaced."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.browse.app import Options
from scraper.upkeep.snapshot import make_snapshot
from tests.browse.conftest import served, store
from tests.factories import make_article
from tests.machine import read_only

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browse.conftest import Site

PUBLIC = Options(public=True)


@pytest.fixture
def archive(db_path: Path) -> Path:
    add(db_path, 1)
    return db_path


def add(path: Path, number: int) -> None:
    with ArchiveWriter(path, "test", {}) as writer:
        for n in range(number, number + 20):
            body = f"ย่อหน้า {n} " * 400
            store(writer, n, make_article(n, title=f"ข่าวที่ {n}", body=body), str(n).encode())


def assert_shown(site: Site, articles: int) -> None:
    assert f"พบ {articles} ข่าว" in site.page("/-/search")
    assert site.get("/-/search?q=ย่อหน้า").status_code == 200
    assert f"ข่าวที่ {articles}" in site.page("/-/search?sort=new")
    counts = {t["name"]: t["count"] for t in site.get("/thaigov.json").json()["tables"]}
    assert counts["articles"] == articles


def test_commits_to_a_public_archive_are_seen(archive: Path) -> None:
    with served(archive, PUBLIC) as site:
        assert_shown(site, 20)
        for number in (21, 41):
            add(archive, number)
            assert_shown(site, number + 19)
        with ArchiveWriter(archive, "test", {}) as writer:  # one that is being written to as well
            store(writer, 61, make_article(61, title="ข่าวที่ 61"), b"61")
            assert_shown(site, 61)


@pytest.mark.parametrize("options", [Options(), PUBLIC])
def test_the_site_keeps_its_locks(archive: Path, options: Options) -> None:
    """Else a run would remove the log at its end, and searches fail ("malformed")."""
    run = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('REINDEX'); c.close()"
    with served(archive, options) as site:
        assert_shown(site, 20)
        subprocess.run([sys.executable, "-c", run, archive], check=True)
        assert archive.with_name(f"{archive.name}-wal").exists()


def test_a_vacuumed_archive_is_reopened(archive: Path) -> None:
    with served(archive, PUBLIC) as site:
        assert_shown(site, 20)
        with closing(sqlite3.connect(archive)) as connection:
            connection.execute("VACUUM")
        assert_shown(site, 20)


def test_a_newer_snapshot_is_served_without_restart(archive: Path, tmp_path: Path) -> None:
    path = make_snapshot(archive, tmp_path / "thaigov.db")
    with served(path, PUBLIC) as site:
        assert_shown(site, 20)
        add(archive, 21)
        make_snapshot(archive, path)
        assert_shown(site, 40)


def test_an_overwritten_snapshot_is_reopened(archive: Path, tmp_path: Path) -> None:
    path = make_snapshot(archive, tmp_path / "thaigov.db")
    add(archive, 21)
    newer = make_snapshot(archive, tmp_path / "newer.db")
    path.chmod(0o644)
    with served(path, PUBLIC) as site:
        assert_shown(site, 20)
        shutil.copyfile(newer, path)
        assert_shown(site, 40)


@pytest.mark.parametrize("options", [PUBLIC, Options()], ids=["public", "private"])
def test_an_archive_on_a_read_only_disk_is_served(archive: Path, options: Options) -> None:
    for beside in archive.parent.glob("*.db-*"):
        beside.unlink()
    before = sorted(archive.parent.iterdir())
    with read_only(archive.parent), served(archive, options) as site:
        assert_shown(site, 20)
    assert sorted(archive.parent.iterdir()) == before
