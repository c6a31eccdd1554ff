"""Snapshots are complete, consistent while a run writes, and replace only snapshots."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.archive.database import ArchiveError, open_for_reading
from scraper.archive.lock import ArchiveLockedError
from scraper.archive.publishing import work_folder
from scraper.archive.writer import ArchiveWriter
from scraper.model import Incoming
from scraper.upkeep import snapshot
from scraper.upkeep.snapshot import METADATA_MARK, make_snapshot, metadata_file
from scraper.upkeep.verify.tables import broken_indexes, schema_faults
from tests.archive.odd_files import damage_table
from tests.archive_dump import content
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WAL, ROLLBACK = b"\2\2", b"\1\1"  # bytes 18 and 19 of a database


def save(writer: ArchiveWriter, number: int) -> None:
    (stored,) = writer.capture([Incoming(make_capture(number))])
    writer.save([make_page(stored, make_article(number))])


def mode(path: Path) -> bytes:
    return path.read_bytes()[18:20]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive that is shared and must not be changed."""
    db = tmp_path_factory.mktemp("made") / "thaigov.db"
    with ArchiveWriter(db, "test", {}) as writer:
        for number in range(1, 21):
            save(writer, number)
    return db


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    db = tmp_path / "thaigov.db"
    shutil.copy(made, db)
    return db


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_snapshot_is_a_read_only_copy_of_the_archive(made: Path, tmp_path: Path) -> None:
    out = make_snapshot(made, tmp_path / "out.db")
    assert names(tmp_path) == {"out.db"}
    assert out.stat().st_mode & 0o777 == 0o444
    assert (mode(made), mode(out)) == (WAL, ROLLBACK)
    assert content(out) == content(made)
    with closing(sqlite3.connect(out)) as connection:
        assert list(broken_indexes(connection)) == []
        pieces = "SELECT count(DISTINCT segid) FROM articles_fts_idx"
        assert connection.execute(pieces).fetchone() == (1,)
        (planned,) = connection.execute("SELECT count(*) FROM sqlite_stat1").fetchone()
        assert planned > 10
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
        assert free == 0
        found = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'หัวข้อ'"
        assert connection.execute(found).fetchone() == (20,)
    with open_for_reading(out) as db:
        assert list(schema_faults(db)) == []


def test_a_snapshot_shows_one_moment_while_a_run_writes(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "COPIED_PAGES", 1)
    saved: list[int] = []
    enough = threading.Event()

    def write() -> None:
        with ArchiveWriter(archive, "test", {}) as writer:
            number = 100
            while not enough.is_set():
                save(writer, number := number + 1)
                saved.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    while not saved:
        time.sleep(0.01)
    before = len(saved)
    out = make_snapshot(archive, tmp_path / "out.db")
    during = len(saved) - before
    enough.set()
    writer.join()
    with closing(sqlite3.connect(out)) as connection:
        first, last, count = connection.execute(
            "SELECT min(site_id), max(site_id), count(*) FROM articles WHERE site_id > 100"
        ).fetchone()
        (unread,) = connection.execute(
            "SELECT count(*) FROM captures WHERE outcome IS NULL"
        ).fetchone()
    assert during > 0
    assert (first, count) == (101, last - 100)
    assert unread <= 1  # the page that the run was reading


def test_an_open_snapshot_stays_readable_when_replaced(archive: Path, tmp_path: Path) -> None:
    out = make_snapshot(archive, tmp_path / "out.db")
    link = tmp_path / "link.db"
    link.symlink_to(out)
    with closing(sqlite3.connect(out)) as older:
        with ArchiveWriter(archive, "test", {}) as writer:
            save(writer, 99)
        assert make_snapshot(archive, link) == out
        count = "SELECT count(*) FROM articles"
        assert older.execute(count).fetchone() == (20,)
        with closing(sqlite3.connect(link)) as newer:
            assert newer.execute(count).fetchone() == (21,)
    assert link.is_symlink()


def text_file(out: Path, _: Path) -> None:
    out.write_text("my thesis")


def foreign_database(out: Path, _: Path) -> None:
    with closing(sqlite3.connect(out)) as connection:
        connection.execute("CREATE TABLE mine (x)")


def another_archive(out: Path, archive: Path) -> None:
    shutil.copy(archive, out)


def write_ahead_log(out: Path, _: Path) -> None:
    out.with_name("out.db-wal").write_text("")


def folder(out: Path, _: Path) -> None:
    out.mkdir()


@pytest.mark.parametrize(
    ("make_existing", "message"),
    [
        (text_file, "is not a snapshot"),
        (foreign_database, "is not a snapshot"),
        (another_archive, "is not a snapshot"),
        (write_ahead_log, "in use by a writer"),
        (folder, "is not a snapshot"),
    ],
)
def test_only_a_snapshot_is_replaced(
    archive: Path, tmp_path: Path, make_existing: Callable[[Path, Path], None], message: str
) -> None:
    out = tmp_path / "out.db"
    make_existing(out, archive)
    before = out.read_bytes() if out.is_file() else None
    with pytest.raises(ArchiveError, match=message):
        make_snapshot(archive, out)
    assert (out.read_bytes() if out.is_file() else None) == before


def describe(database: str) -> str:
    return f"{METADATA_MARK}\ntitle: {database}\n"


def test_metadata_is_written_and_replaced_with_the_snapshot(archive: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "out.db")
    beside = metadata_file(tmp_path / "out.db")
    for word in ("first", "second"):

        def description(database: str, word: str = word) -> str:
            return describe(database) + word

        out = make_snapshot(archive, link, description)
        assert beside.read_text() == describe("out") + word
        assert beside.stat().st_mode & 0o777 == 0o444
    assert out == tmp_path / "out.db"
    assert beside == tmp_path / "out.db.metadata.yaml"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("is_folder", [False, True])
def test_metadata_of_somebody_else_is_not_replaced(
    archive: Path, tmp_path: Path, *, is_folder: bool
) -> None:
    out = make_snapshot(archive, tmp_path / "out.db")
    before = out.stat().st_ino
    theirs = metadata_file(out)
    if is_folder:
        theirs.mkdir()
    else:
        theirs.write_text("title: mine")
    with pytest.raises(ArchiveError, match=r"out\.db\.metadata\.yaml exists and was not made by"):
        make_snapshot(archive, out, describe)
    assert is_folder or theirs.read_text() == "title: mine"
    assert out.stat().st_ino == before


def test_nothing_is_replaced_if_the_metadata_cannot_be_made(archive: Path, tmp_path: Path) -> None:
    def fail(_: str) -> str:
        raise OSError("no such table of reference")

    out = make_snapshot(archive, tmp_path / "out.db", describe)
    before = out.stat().st_ino
    with pytest.raises(OSError, match="reference"):
        make_snapshot(archive, out, fail)
    assert out.stat().st_ino == before
    assert metadata_file(out).read_text() == describe("out")
    assert not list(tmp_path.glob(".*"))


def test_bad_sources_and_targets_are_refused(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is the archive itself"):
        make_snapshot(archive, archive)
    with pytest.raises(ArchiveError, match="no such folder"):
        make_snapshot(archive, tmp_path / "nowhere" / "out.db")
    with pytest.raises(ArchiveError, match="no archive there"):
        make_snapshot(tmp_path / "none.db", tmp_path / "out.db")
    assert "out.db" not in names(tmp_path)


def test_a_damaged_archive_leaves_the_older_snapshot(archive: Path, tmp_path: Path) -> None:
    out = make_snapshot(archive, tmp_path / "out.db")
    before = out.read_bytes()
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.execute("DROP TRIGGER articles_fts_update")
        connection.execute("UPDATE articles SET body = 'อื่น' WHERE id = 3")
    with pytest.raises(ArchiveError, match=r"thaigov\.db is damaged.*articles_fts.*verify"):
        make_snapshot(archive, out)
    assert out.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_damage_is_not_called_a_full_disk(archive: Path, tmp_path: Path) -> None:
    damage_table(archive, "articles_by_day")
    with pytest.raises(ArchiveError, match=r"thaigov\.db") as raised:
        make_snapshot(archive, tmp_path / "out.db")
    assert "the disk is full" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_error_names_an_unreadable_archive(archive: Path, tmp_path: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[4096 * 2 : 4096 * 12] = bytes(4096 * 10)
    archive.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"thaigov\.db"):
        make_snapshot(archive, tmp_path / "out.db")
    assert names(tmp_path) <= {"thaigov.db", "thaigov.db-shm", "thaigov.db-wal"}


def test_one_process_at_a_time_and_leftovers_are_removed(archive: Path, tmp_path: Path) -> None:
    left = tmp_path / ".out.db.making"
    left.mkdir()
    (left / "draft.db").write_text("half")
    (left / "draft.db-journal").write_text("half")
    with work_folder(tmp_path / "out.db") as folder:
        assert names(folder) == {"lock"}
        with pytest.raises(ArchiveLockedError, match="another process is writing it"):
            make_snapshot(archive, tmp_path / "out.db")
    make_snapshot(archive, tmp_path / "out.db")
    assert not left.exists()


# Datasette, which other tests load, makes SQLite report the exceptions of callbacks.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_ends_a_long_statement() -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n"
    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            start = time.process_time()
            with pytest.raises(KeyboardInterrupt), snapshot._interruptible(connection):
                connection.execute(endless).fetchone()
            assert time.process_time() - start < 5
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
