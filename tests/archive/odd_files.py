"""Database files left by interrupted commands and by other programs."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner, Result

from scraper.archive.writer import ArchiveWriter
from scraper.cli import main
from scraper.imports.ingest import ingest
from scraper.model import Incoming
from tests.factories import make_corpus_file

if TYPE_CHECKING:
    from pathlib import Path


def fill(path: Path, *numbers: int) -> None:
    with ArchiveWriter(path, "test", {}) as writer:
        ingest(writer, [Incoming(make_corpus_file(n)) for n in numbers], workers=0)


def thaigov(*arguments: str | Path, expect: int = 0) -> Result:
    """Run a command in this process, which saves starting Python for each of many cases."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == expect, result.output
    return result


def thaigov_json(*arguments: str | Path, expect: int = 0) -> Any:
    return json.loads(thaigov(*arguments, "--json", expect=expect).stdout)


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return modification time and bytes of every file in a folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


# Left by a command that was stopped in its first second, of this version or an older one.
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
    """Simulate a power cut: tables only in the log, and no -shm."""
    other = path.with_name("other.db")
    with closing(sqlite3.connect(other)) as connection:
        no_migration_yet(other)
        connection.execute("CREATE TABLE a (b)")
        connection.execute("DROP TABLE a")
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{other}{suffix}", f"{path}{suffix}")
    for left in path.parent.glob("other.db*"):
        left.unlink()


def bookmarks(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")


def in_wal_mode(path: Path) -> None:
    bookmarks(path)
    header_only(path)


def with_a_log(path: Path) -> None:
    """Create the database of a killed program, with its table only in the log."""
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


def migrations_in_another_format(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE _sqlite_migrations (version)")
        connection.execute("INSERT INTO _sqlite_migrations VALUES (7)")


def only_an_articles_fts(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE articles_fts USING fts5(a)")


def text(path: Path) -> None:
    path.write_bytes(b"this is not a database" * 1000)


def a_torn_database(path: Path) -> None:
    bookmarks(path)
    path.write_bytes(path.read_bytes()[:3000])


FOREIGN = (
    bookmarks, in_wal_mode, with_a_log, with_a_mark, of_another_set, migrations_in_another_format,
    only_an_articles_fts, text, a_torn_database,
)  # fmt: skip


def damage_table(db: Path, table: str) -> None:
    """Overwrite the first page of a table of an archive that nobody has open."""
    with closing(sqlite3.connect(db)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", [table]
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(db.read_bytes())
    data[(page - 1) * size : page * size] = b"U" * size
    db.write_bytes(data)
