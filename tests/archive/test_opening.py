"""Archives at other places, and files that are none: what is opened, and what is left alone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from scraper.archive.captures import Incoming
from scraper.archive.database import ArchiveError, open_for_reading, open_for_writing
from scraper.archive.lock import ArchiveLockedError, WriterLock
from scraper.archive.opening import connect_to_read
from scraper.archive.session import Session
from scraper.cli import main
from scraper.imports.ingest import ingest
from tests.archive_dump import assert_sound
from tests.commands import ENVIRONMENT
from tests.factories import make_corpus_file
from tests.machine import enlarge, read_only, small_disk

if TYPE_CHECKING:
    from collections.abc import Callable


def fill(path: Path, *numbers: int) -> None:
    with Session(path, "test", {}) as session:
        ingest(session, [Incoming(make_corpus_file(n)) for n in numbers], workers=0)


def thaigov(*arguments: str | Path, expect: int = 0) -> Result:
    """Run a command in this process; the many cases here would wait for Python to start."""
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == expect, done.output
    return done


def thaigov_json(*arguments: str | Path, expect: int = 0) -> Any:
    return json.loads(thaigov(*arguments, "--json", expect=expect).stdout)


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return every file of a folder with its time and bytes."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


# Files that a command left which was stopped in its first second, by this version or an older one.
def empty(path: Path) -> None:
    path.touch()


def header_only(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def no_migration_yet(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT, "
            "name TEXT, applied_at TEXT)"
        )
        connection.execute(
            "CREATE UNIQUE INDEX idx__sqlite_migrations_migration_set_name "
            "ON _sqlite_migrations (migration_set, name)"
        )


def only_in_the_log(path: Path) -> None:
    """Leave what a machine leaves that lost its power: tables in the log alone, no -shm."""
    other = path.with_name("other.db")
    with closing(sqlite3.connect(other)) as connection:
        no_migration_yet(other)
        connection.execute("CREATE TABLE a (b)")
        connection.execute("DROP TABLE a")
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{other}{suffix}", f"{path}{suffix}")
    for left in path.parent.glob("other.db*"):
        left.unlink()


@pytest.mark.parametrize("make", [empty, header_only, no_migration_yet, only_in_the_log])
def test_an_archive_that_was_stopped_while_it_was_made(
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
def test_an_archive_that_is_killed_at_any_statement_of_its_making(
    tmp_path: Path, statement: int
) -> None:
    path = tmp_path / "thaigov.db"
    command = [sys.executable, "-c", DIE, str(path), str(statement)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    fill(path, 1)
    assert_sound(path)


@pytest.mark.parametrize("function", ["migrations.apply", "load_names", "contents_of"])
def test_ctrl_c_while_an_archive_is_made(
    db_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def interrupted(_db: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"scraper.archive.database.{function}", interrupted)
        with pytest.raises(KeyboardInterrupt):
            Session(db_path, "test", {})
    fill(db_path, 1)
    assert_sound(db_path)


@pytest.mark.parametrize("kilobytes", [4, 12, 72, 128, 400])
def test_a_full_disk_while_an_archive_is_made(tmp_path: Path, kilobytes: int) -> None:
    disk = tmp_path / "disk"
    path = disk / "thaigov.db"
    with small_disk(disk, kilobytes):
        with pytest.raises(ArchiveError, match=r"thaigov\.db.*(full|No space left|shared memory)"):
            fill(path, *range(40))
        enlarge(disk)
        fill(path, *range(40))
        assert_sound(path)
        assert thaigov_json("verify", "--db", path)["sound"]


def fill_up(path: Path) -> None:
    for number in range(100):
        fill(path, *range(number * 40, number * 40 + 40))


@pytest.mark.parametrize("kilobytes", [700, 900, 1100, 1300])
def test_a_full_disk_later_on(tmp_path: Path, kilobytes: int) -> None:
    disk = tmp_path / "disk"
    path = disk / "thaigov.db"
    with small_disk(disk, kilobytes):
        with pytest.raises(ArchiveError, match=r"(thaigov\.db|\.warc\.gz\.open): .*"):
            fill_up(path)
        with open_for_reading(path) as db:
            endings = {outcome for (outcome,) in db.execute("SELECT outcome FROM runs")}
        assert endings <= {"done", "failed"}  # a run that begins says how it ended
        enlarge(disk)
        fill(path, 1)
        assert_sound(path)


def bookmarks(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")


def in_wal_mode(path: Path) -> None:
    bookmarks(path)
    header_only(path)


def with_a_log(path: Path) -> None:
    """Leave the database of a program that was killed, its table in the log alone."""
    code = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
        "c.execute('PRAGMA journal_mode = WAL'); c.execute('CREATE TABLE bookmarks (url)'); "
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    path.with_name(path.name + "-shm").unlink()


def with_a_mark(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 252006673")
        connection.execute("CREATE TABLE a (b)")
        connection.execute("DROP TABLE a")


def of_another_set(path: Path) -> None:
    no_migration_yet(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO _sqlite_migrations VALUES (1, 'other', 'm001', '')")


def migrations_of_another_make(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE _sqlite_migrations (version)")
        connection.execute("INSERT INTO _sqlite_migrations VALUES (7)")


def an_index_of_articles(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE articles_fts USING fts5(a)")


def text(path: Path) -> None:
    path.write_bytes(b"this is no database" * 1000)


def a_torn_database(path: Path) -> None:
    bookmarks(path)
    path.write_bytes(path.read_bytes()[:3000])


FOREIGN = (
    bookmarks, in_wal_mode, with_a_log, with_a_mark, of_another_set, migrations_of_another_make,
    an_index_of_articles, text, a_torn_database,
)  # fmt: skip
COMMANDS = (
    ("verify",), ("verify", "--repair"), ("status",), ("check",), ("search", "ก"), ("show", "1"),
    ("reparse",), ("snapshot", "out.db"), ("import", "corpus", "."), ("browse",),
)  # fmt: skip


@pytest.mark.parametrize("make", FOREIGN)
def test_a_file_of_another_program_is_not_touched(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "other.db"
    make(path)
    before = state(tmp_path)
    for opening in (open_for_reading, open_for_writing, lambda path: Session(path, "test", {})):
        with pytest.raises(ArchiveError, match=r"other\.db: .*(thaigov archive|not a usable)"):
            opening(path)
        assert state(tmp_path) == before


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_touches_a_file_of_another_program(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    path = tmp_path / "other.db"
    in_wal_mode(path)
    before = state(tmp_path)
    told = thaigov(*arguments, "--db", path, expect=1).stderr
    assert "other.db" in told
    assert "thaigov archive" in told
    assert state(tmp_path) == before


def test_an_archive_of_a_newer_version_is_not_touched(db_path: Path) -> None:
    with open_for_writing(db_path) as db:
        db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'thaigov', 'm999_future', '')")
    before = state(db_path.parent)
    with pytest.raises(ArchiveError, match="newer thaigov"):
        Session(db_path, "test", {})
    assert state(db_path.parent) == before


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for name, says in {"": "no file", "pipe": "no file", "circle": "in a circle"}.items():
        with pytest.raises(ArchiveError, match=says):
            Session(tmp_path / name, "test", {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["circle", "pipe"]


def links(tmp_path: Path) -> list[Path]:
    """Return ways to ``real/thaigov.db``, which need not be there yet."""
    (tmp_path / "real").mkdir()
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "news.db").symlink_to("real/thaigov.db")
    (tmp_path / "again.db").symlink_to("news.db")
    path = tmp_path / "real" / "thaigov.db"
    ways = [path, tmp_path / "folder" / "thaigov.db", tmp_path / "news.db", tmp_path / "again.db"]
    return [*ways, tmp_path / "real" / ".." / "real" / "thaigov.db"]


def test_an_archive_has_one_lock_and_one_warc_folder_by_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = links(tmp_path)
    monkeypatch.chdir(tmp_path / "real")
    ways.append(Path("thaigov.db"))
    for number, way in enumerate(ways):
        fill(way, number)
        lock = WriterLock(way)
        for other in ways:
            with pytest.raises(ArchiveLockedError):
                Session(other, "test", {})
        lock.release()
    for way in ways:
        assert thaigov_json("verify", "--db", way.absolute())["sound"]
        assert (
            thaigov_json("reparse", "--dry-run", "--workers", "0", "--db", way.absolute())[
                "damaged"
            ]
            == []
        )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again.db", "folder", "news.db", "real"]
    names = {path.name for path in (tmp_path / "real").iterdir()}
    assert names <= {"warc", "thaigov.db", "thaigov.db.lock", "thaigov.db-wal", "thaigov.db-shm"}
    assert len(list((tmp_path / "real" / "warc").glob("thaigov-*.warc.gz"))) == len(ways)


def test_an_archive_with_two_names_of_its_own_is_not_written(db_path: Path) -> None:
    fill(db_path, 1)
    db_path.with_name("second.db").hardlink_to(db_path)
    before = state(db_path.parent)
    for path in (db_path, db_path.with_name("second.db")):
        with pytest.raises(ArchiveError, match="2 names"):
            Session(path, "test", {})
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
        if left.startswith("a log"):  # one row, that is in the log alone
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
        told = thaigov("import", "corpus", tmp_path, "--db", path, expect=1).stderr
        assert "thaigov.db.lock" in told
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


AS_NOBODY = """
import os, pathlib, sys
from scraper.archive.opening import connect_to_read
os.setgid(65534)
os.setuid(65534)
reader = connect_to_read(pathlib.Path(sys.argv[1]))
print(reader.is_frozen, *reader.connection.execute("SELECT count(*) FROM articles"))
"""


def test_a_folder_of_another_user_is_read() -> None:
    """Permissions, as far as they bind: as the user `nobody`, in a process of its own."""
    if os.getuid():
        pytest.skip("only root can become another user")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder, "thaigov.db")
        fill(path, 1)
        for beside in path.parent.glob("*.db-*"):
            beside.unlink()
        command = [sys.executable, "-c", AS_NOBODY, str(path)]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.stdout == "True (1,)\n", done.stderr


def test_a_change_that_no_lock_shows_is_told(db_path: Path) -> None:
    fill(db_path, 1)
    for beside in db_path.parent.glob("*.db-*"):
        beside.unlink()
    with read_only(db_path.parent):
        db = open_for_reading(db_path)
    assert db.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    fill(db_path, 2)
    with pytest.raises(ArchiveError, match="changed while it was read"):
        db.close()


def test_a_reader_beside_a_writer_is_current(db_path: Path) -> None:
    fill(db_path, 1)
    reader = connect_to_read(db_path)
    fill(db_path, 2)
    assert reader.connection.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    assert reader.is_current(db_path)
    reader.connection.close()
