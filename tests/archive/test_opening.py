"""Archives behind links, on read-only disks and in folders of other users."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from scraper.archive.database import ArchiveError, open_for_reading
from scraper.archive.lock import ArchiveLockedError, WriterLock
from scraper.archive.opening import connect_to_read
from scraper.archive.writer import ArchiveWriter
from tests.archive.odd_files import fill, state, thaigov, thaigov_json
from tests.commands import ENVIRONMENT
from tests.machine import read_only


def links(tmp_path: Path) -> list[Path]:
    """Return paths to ``real/thaigov.db``, which need not exist yet."""
    (tmp_path / "real").mkdir()
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "news.db").symlink_to("real/thaigov.db")
    (tmp_path / "again.db").symlink_to("news.db")
    path = tmp_path / "real" / "thaigov.db"
    paths = [path, tmp_path / "folder" / "thaigov.db", tmp_path / "news.db", tmp_path / "again.db"]
    return [*paths, tmp_path / "real" / ".." / "real" / "thaigov.db"]


def test_an_archive_has_one_lock_and_one_warc_folder_by_any_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = links(tmp_path)
    monkeypatch.chdir(tmp_path / "real")
    paths.append(Path("thaigov.db"))
    for number, path in enumerate(paths):
        fill(path, number)
        lock = WriterLock(path)
        for other in paths:
            with pytest.raises(ArchiveLockedError):
                ArchiveWriter(other, "test", {})
        lock.release()
    for path in paths:
        assert thaigov_json("verify", "--db", path.absolute())["sound"]
        assert (
            thaigov_json("reparse", "--dry-run", "--workers", "0", "--db", path.absolute())[
                "damaged"
            ]
            == []
        )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again.db", "folder", "news.db", "real"]
    names = {path.name for path in (tmp_path / "real").iterdir()}
    assert names <= {"warc", "thaigov.db", "thaigov.db.lock", "thaigov.db-wal", "thaigov.db-shm"}
    assert len(list((tmp_path / "real" / "warc").glob("thaigov-*.warc.gz"))) == len(paths)


def test_an_archive_with_two_hard_links_is_not_written(db_path: Path) -> None:
    fill(db_path, 1)
    db_path.with_name("second.db").hardlink_to(db_path)
    before = state(db_path.parent)
    for path in (db_path, db_path.with_name("second.db")):
        with pytest.raises(ArchiveError, match="2 names"):
            ArchiveWriter(path, "test", {})
    assert state(db_path.parent) == before


READERS = (
    ("search", "โรงงาน"), ("show", "1"), ("status",), ("verify",),
    ("verify", "--deep", "--workers", "0"),
    ("check", "--free", "0MB", "--free-share", "0"), ("reparse", "--dry-run", "--workers", "0"),
)  # fmt: skip


@pytest.mark.parametrize("left", ["nothing", "an empty log", "a log", "a log and its index"])
def test_a_read_only_backup_is_read(db_path: Path, tmp_path: Path, left: str) -> None:
    fill(db_path, 1, 2)
    backup = tmp_path / "backup"
    with closing(sqlite3.connect(db_path)) as connection, connection:
        if left.startswith("a log"):  # one row that is only in the log
            connection.execute("UPDATE articles SET last_seen_at = '2030-01-01T00:00:00Z'")
            connection.commit()
        shutil.copytree(db_path.parent, backup)
    path = backup / db_path.name
    keep = {"nothing": (), "an empty log": ("-wal",), "a log": ("-wal",)}
    for suffix in ("-wal", "-shm", ".lock"):
        if suffix not in keep.get(left, ("-wal", "-shm")):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    if left == "an empty log":
        path.with_name(path.name + "-wal").write_bytes(b"")
    before = state(backup)
    with read_only(backup):
        for arguments in READERS:
            thaigov(*arguments, "--db", path)
        shown = thaigov_json("show", "1", "--db", path)
        assert (shown["last_seen_at"][:4] == "2030") is left.startswith("a log")
        out = tmp_path / "snapshot.db"
        assert "2 articles" in thaigov("snapshot", out, "--db", path).stdout
        stderr = thaigov("import", "corpus", tmp_path, "--db", path, expect=1).stderr
        assert "thaigov.db.lock" in stderr
    assert state(backup) == before


def test_damage_of_a_read_only_backup_is_found(db_path: Path) -> None:
    fill(db_path, 1, 2)
    with closing(sqlite3.connect(db_path)) as connection, connection:
        connection.execute("DELETE FROM date_mentions")
        connection.execute(
            "INSERT INTO articles_fts(articles_fts, rowid, title, lead, body) "
            "SELECT 'delete', id, title, lead, body FROM articles WHERE id = 2"
        )
    with read_only(db_path.parent):
        report = thaigov_json("verify", "--db", db_path, expect=3)
    assert {damage["check"] for damage in report["damages"]} == {"article-rows", "text-index"}


READ_AS_NOBODY = """
import os, pathlib, sys
from scraper.archive.opening import connect_to_read
os.setgid(65534)
os.setuid(65534)
reader = connect_to_read(pathlib.Path(sys.argv[1]))
print(reader.is_frozen, *reader.connection.execute("SELECT count(*) FROM articles"))
"""


def test_a_folder_of_another_user_is_read() -> None:
    """Runs as the user `nobody` in another process, because root ignores permissions."""
    if os.getuid():
        pytest.skip("only root can become another user")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder, "thaigov.db")
        fill(path, 1)
        for beside in path.parent.glob("*.db-*"):
            beside.unlink()
        command = [sys.executable, "-c", READ_AS_NOBODY, str(path)]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.stdout == "True (1,)\n", done.stderr


def test_a_change_during_a_read_without_a_lock_is_an_error(db_path: Path) -> None:
    fill(db_path, 1)
    for beside in db_path.parent.glob("*.db-*"):
        beside.unlink()
    with read_only(db_path.parent):
        db = open_for_reading(db_path)
    assert db.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    fill(db_path, 2)
    with pytest.raises(ArchiveError, match="changed while it was read"):
        db.close()


def test_a_reader_sees_what_a_writer_adds(db_path: Path) -> None:
    fill(db_path, 1)
    reader = connect_to_read(db_path)
    fill(db_path, 2)
    assert reader.connection.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    assert reader.is_current(db_path)
    reader.connection.close()


def test_a_second_reader_leaves_the_locks_of_the_first(db_path: Path) -> None:
    fill(db_path, 1)
    write = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute(sys.argv[2])"
    count = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'further%'"
    with closing(connect_to_read(db_path).connection) as first:
        connect_to_read(db_path).connection.close()
        for tables in (1, 2):
            further = f"CREATE TABLE further{tables} (x)"
            subprocess.run([sys.executable, "-c", write, str(db_path), further], check=True)
            # Without a lock of ours, the other process takes itself for the last user of the log
            # and removes it; a third one begins another log, which the first reader never sees.
            assert first.execute(count).fetchone() == (tables,)
