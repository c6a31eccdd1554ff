"""Every command that writes, while another program keeps writing to the same file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from scraper.archive import errors
from scraper.archive.database import ArchiveError, open_for_writing
from scraper.archive.writer import ArchiveWriter
from scraper.practice.server.http import serve
from scraper.practice.site.still import PracticeSite
from tests.archive_dump import assert_sound, content
from tests.commands import thaigov
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITE = PracticeSite(size=30)
# As Litestream, sqlite-utils or a person do: its own table, a row of ours, a checkpoint.
HAMMER = """
import pathlib, sqlite3, sys, time
path = pathlib.Path(sys.argv[1])
while True:
    try:
        db = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=60, isolation_level=None)
        db.execute("SELECT 1 FROM frontier").fetchall()
        break
    except sqlite3.OperationalError:
        time.sleep(0.002)
db.execute("CREATE TABLE IF NOT EXISTS hammered (n)")
for n in range(10**9):
    for statement in ("INSERT INTO hammered VALUES (1)", "UPDATE runs SET arguments = arguments"):
        db.execute("BEGIN IMMEDIATE")
        db.execute(statement)
        time.sleep(0.02)
        db.execute("COMMIT")
        time.sleep(0.005)
    if n % 10 == 0:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)")
"""


@contextmanager
def hammering(db: Path) -> Iterator[None]:
    """Let another process write to an archive during a block, from when the archive exists."""
    with subprocess.Popen([sys.executable, "-c", HAMMER, str(db)]) as process:
        try:
            yield
            assert process.poll() is None, "the other program failed"
        finally:
            process.kill()


def writes_of_the_other(db: Path) -> int:
    with closing(sqlite3.connect(db)) as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM hammered")
    return int(count)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(SITE, folder)
    return folder


@pytest.fixture(scope="module")
def quiet(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the archive that results if no other program writes."""
    db = tmp_path_factory.mktemp("quiet") / "thaigov.db"
    thaigov("import", "corpus", corpus, "--workers", "1", "--db", db)
    return db


def test_import_verify_reparse_and_snapshot(corpus: Path, quiet: Path, tmp_path: Path) -> None:
    db, snapshot = tmp_path / "thaigov.db", tmp_path / "snapshot.db"
    with hammering(db):
        thaigov("import", "corpus", corpus, "--workers", "1", "--db", db)
        thaigov("import", "corpus", corpus, "--workers", "1", "--db", db)
        with closing(sqlite3.connect(db, timeout=60)) as connection, connection:
            connection.execute("UPDATE articles SET category = 'x'")
            connection.execute("DELETE FROM article_words WHERE article_id % 2")
        thaigov("verify", "--repair", "--db", db)
        thaigov("reparse", "--workers", "1", "--db", db)
        thaigov("snapshot", snapshot, "--db", db)
    assert writes_of_the_other(db) > 20
    assert content(db) == content(snapshot) == content(quiet)
    assert_sound(db)


def test_crawl(tmp_path: Path) -> None:
    quiet, db = tmp_path / "quiet" / "thaigov.db", tmp_path / "thaigov.db"
    with serve(SITE) as served:
        bounds = ["-a", f"first={SITE.first}", "-a", f"last={SITE.first + 8}"]
        arguments = ["crawl", "numbers", "--site", served.url, "--scope", "all", *bounds, "--db"]
        thaigov(*arguments, quiet)
        with hammering(db):
            thaigov(*arguments, db)
    assert writes_of_the_other(db) > 10
    assert content(db) == content(quiet)
    assert_sound(db)


def test_a_transaction_that_reads_first_waits_for_the_lock(db_path: Path) -> None:
    """SQLite refuses this at once to a transaction that began without the write lock."""
    with ArchiveWriter(db_path, "test", {}) as writer, closing(other(db_path)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        rival.execute("UPDATE runs SET arguments = '{}'")
        timer = threading.Timer(0.2, rival.execute, ["COMMIT"])
        timer.start()
        with writer.db.atomic():
            (count,) = writer.db.execute("SELECT count(*) FROM runs").fetchone()
            writer.db.execute("UPDATE runs SET requests = ?", [count])
        timer.join()
        with (
            writer.db.atomic(),
            closing(other(db_path, timeout=0)) as late,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            late.execute("BEGIN IMMEDIATE")


def other(path: Path, timeout: float = 30) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)


def test_an_error_explains_how_to_find_a_program_that_keeps_writing(
    db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_for_writing(db_path).close()
    monkeypatch.setattr("scraper.archive.database.BUSY_SECONDS", 0.1)
    with closing(other(db_path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError, match=r"thaigov\.db: another program .*fuser") as raised:
            ArchiveWriter(db_path, "test", {})
    assert str(errors.BUSY_SECONDS) in str(raised.value)
    ArchiveWriter(db_path, "test", {}).close("done", 0)
