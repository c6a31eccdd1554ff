from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scraper.archive.database import ArchiveError, open_for_reading, open_for_writing
from scraper.archive.writer import ArchiveWriter
from tests.archive.odd_files import (
    FOREIGN,
    empty,
    fill,
    header_only,
    in_wal_mode,
    no_migration_yet,
    only_in_the_log,
    state,
    thaigov,
    thaigov_json,
)
from tests.archive_dump import assert_sound
from tests.commands import ENVIRONMENT
from tests.machine import enlarge, small_disk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_new_archive_has_its_tables_strict_and_its_pragmas(db_path: Path) -> None:
    db = open_for_writing(db_path)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
    loose = db.execute(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 "
        "AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
    ).fetchall()
    assert loose == []
    assert db.execute("SELECT count(*) FROM ministries").fetchone() == (20,)


def test_opening_again_changes_nothing(db_path: Path) -> None:
    first = open_for_writing(db_path)
    schema = first.schema
    first.close()
    again = open_for_writing(db_path)
    assert again.schema == schema
    assert again.conn.total_changes == 0


def test_readers_work_while_one_writes(db_path: Path) -> None:
    writer = open_for_writing(db_path)
    with writer.atomic():
        writer.execute("DELETE FROM agencies")
        reader = open_for_reading(db_path)
        assert reader.execute("SELECT count(*) FROM agencies").fetchone() > (200,)


def test_reading_cannot_write(db_path: Path) -> None:
    open_for_writing(db_path).close()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        open_for_reading(db_path).execute("DELETE FROM ministries")


def test_reading_without_an_archive_is_an_error(db_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no archive there"):
        open_for_reading(db_path)


def test_garbage_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "garbage.db"
    path.write_bytes(b"this is not a database" * 1000)
    for open_archive in (open_for_reading, open_for_writing):
        with pytest.raises(ArchiveError, match=r"garbage\.db: not a usable SQLite database"):
            open_archive(path)
    assert path.read_bytes().startswith(b"this is not a database")


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    sqlite3.connect(path).execute("CREATE TABLE bookmarks (url)").connection.close()
    for open_archive in (open_for_reading, open_for_writing):
        with pytest.raises(ArchiveError, match=r"not a thaigov archive"):
            open_archive(path)
    tables = sqlite3.connect(path).execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("bookmarks",)]


def test_an_archive_of_a_newer_version_is_refused(db_path: Path) -> None:
    db = open_for_writing(db_path)
    db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
        "VALUES ('thaigov', 'm999_future', '2030-01-01')"
    )
    db.close()
    with pytest.raises(ArchiveError, match=r"newer thaigov .*m999_future"):
        open_for_writing(db_path)


@pytest.mark.parametrize("day", ["2021-02-29", "2021-02-31", "2021-13-01", "29/02/2021", "2021"])
def test_impossible_days_are_refused(db_path: Path, day: str) -> None:
    db = open_for_writing(db_path)
    db.execute("PRAGMA foreign_keys = OFF")
    row = "INSERT INTO date_mentions VALUES (1, 0, 'body', '', ?, NULL, NULL, NULL, 'day', 0, '')"
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        db.execute(row, [day])
    db.execute(row, ["2020-02-29"])


COMMANDS = (
    ("verify",), ("verify", "--repair"), ("status",), ("check",), ("search", "ก"), ("show", "1"),
    ("reparse",), ("snapshot", "out.db"), ("import", "corpus", "."), ("browse",),
)  # fmt: skip


@pytest.mark.parametrize("make", [empty, header_only, no_migration_yet, only_in_the_log])
def test_a_run_completes_an_archive_whose_creation_was_interrupted(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "thaigov.db"
    make(path)
    with pytest.raises(ArchiveError, match="no archive there yet"):
        open_for_reading(path)
    fill(path, 1)
    assert_sound(path)


DIE = """
import os, pathlib, signal, sqlite3, sys
from scraper.archive import database
connect, left = sqlite3.connect, int(sys.argv[2])
def traced(file, *args, **kwargs):
    connection = connect(file, *args, **kwargs)
    if str(file) == sys.argv[1]:
        connection.set_trace_callback(count)
    return connection
def count(_statement):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
sqlite3.connect = traced
database.open_for_writing(pathlib.Path(sys.argv[1])).close()
"""


@pytest.mark.parametrize("statement", [0, 3, 5, 9, 12, 20, 60, 100])
def test_a_run_completes_an_archive_whose_creation_was_killed(
    tmp_path: Path, statement: int
) -> None:
    path = tmp_path / "thaigov.db"
    command = [sys.executable, "-c", DIE, str(path), str(statement)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    fill(path, 1)
    assert_sound(path)


@pytest.mark.parametrize("function", ["migrations.apply", "load_names", "contents_of"])
def test_a_run_completes_an_archive_whose_creation_was_stopped_by_ctrl_c(
    db_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def interrupted(_db: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"scraper.archive.database.{function}", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ArchiveWriter(db_path, "test", {})
    fill(db_path, 1)
    assert_sound(db_path)


@pytest.mark.parametrize("kilobytes", [4, 12, 72, 128, 400])
def test_the_disk_is_full_during_the_creation_of_an_archive(tmp_path: Path, kilobytes: int) -> None:
    disk = tmp_path / "disk"
    path = disk / "thaigov.db"
    with small_disk(disk, kilobytes):
        with pytest.raises(ArchiveError, match=r"thaigov\.db.*(full|No space left|shared memory)"):
            fill(path, *range(40))
        enlarge(disk)
        fill(path, *range(40))
        assert_sound(path)
        assert thaigov_json("verify", "--db", path)["sound"]


def fill_disk(path: Path) -> None:
    for number in range(100):
        fill(path, *range(number * 40, number * 40 + 40))


@pytest.mark.parametrize("kilobytes", [1500, 1700, 2000, 2300])
def test_the_disk_is_full_later(tmp_path: Path, kilobytes: int) -> None:
    disk = tmp_path / "disk"
    path = disk / "thaigov.db"
    with small_disk(disk, kilobytes):
        with pytest.raises(ArchiveError, match=r"(thaigov\.db|\.warc\.gz\.open): .*"):
            fill_disk(path)
        with open_for_reading(path) as db:
            endings = {outcome for (outcome,) in db.execute("SELECT outcome FROM runs")}
        assert endings <= {"done", "failed"}  # every run has recorded its outcome
        enlarge(disk)
        fill(path, 1)
        assert_sound(path)


@pytest.mark.parametrize("make", FOREIGN)
def test_a_file_of_another_program_is_not_changed(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "other.db"
    make(path)
    before = state(tmp_path)
    for open_archive in (
        open_for_reading,
        open_for_writing,
        lambda path: ArchiveWriter(path, "test", {}),
    ):
        with pytest.raises(ArchiveError, match=r"other\.db: .*(thaigov archive|not a usable)"):
            open_archive(path)
        assert state(tmp_path) == before


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_changes_a_file_of_another_program(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    path = tmp_path / "other.db"
    in_wal_mode(path)
    before = state(tmp_path)
    stderr = thaigov(*arguments, "--db", path, expect=1).stderr
    assert "other.db" in stderr
    assert "thaigov archive" in stderr
    assert state(tmp_path) == before


def test_an_archive_of_a_newer_version_is_not_changed(db_path: Path) -> None:
    with open_for_writing(db_path) as db:
        db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'thaigov', 'm999_future', '')")
    before = state(db_path.parent)
    with pytest.raises(ArchiveError, match="newer thaigov"):
        ArchiveWriter(db_path, "test", {})
    assert state(db_path.parent) == before


def test_a_path_that_is_not_a_file_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name, message in {"": "not a file", "pipe": "not a file", "loop": "form a loop"}.items():
        with pytest.raises(ArchiveError, match=message):
            ArchiveWriter(tmp_path / name, "test", {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["loop", "pipe"]
