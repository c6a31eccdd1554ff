from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from scraper.archive.database import ArchiveError, open_for_reading, open_for_writing

if TYPE_CHECKING:
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


def test_no_archive_is_told(db_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no archive there"):
        open_for_reading(db_path)


def test_garbage_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "garbage.db"
    path.write_bytes(b"this is no database" * 1000)
    for opening in (open_for_reading, open_for_writing):
        with pytest.raises(ArchiveError, match=r"garbage\.db: not a usable SQLite database"):
            opening(path)
    assert path.read_bytes().startswith(b"this is no database")


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    sqlite3.connect(path).execute("CREATE TABLE bookmarks (url)").connection.close()
    for opening in (open_for_reading, open_for_writing):
        with pytest.raises(ArchiveError, match=r"(no|not a) thaigov archive"):
            opening(path)
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
