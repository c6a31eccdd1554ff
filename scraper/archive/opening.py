"""Opens SQLite files to read them, and finds what lies beside them, without changing anything.

SQLite reads a database in WAL mode only where it can keep a lock file beside it. Where it cannot,
as on a read-only backup, the file is read as one that does not change; whoever does so asks its
``Stamp`` whether that was so. Knows nothing of an archive's tables.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.errors import BUSY_SECONDS, ArchiveError, explained

if TYPE_CHECKING:
    from collections.abc import Iterator

WARC_FOLDER = "warc"
MAGIC, WAL = b"SQLite format 3\0", 2  # the first bytes of a database, and the value of byte 18
NO_LOCKS = ("SQLITE_CANTOPEN", "SQLITE_READONLY")  # no lock file can be made beside the database
OBJECTS = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


def real_path(path: Path) -> Path:
    """Return the file that a path leads to, through relative parts and symbolic links.

    The lock, the write-ahead log and the WARC files lie beside the file itself, so that an
    archive has one of each by whatever name it is opened.

    Raises:
        ArchiveError: its symbolic links lead in a circle.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise ArchiveError(f"{path}: its symbolic links lead in a circle ({error})") from error


def warc_folder(path: Path) -> Path:
    """Return the folder of an archive's WARC files."""
    return real_path(path).parent / WARC_FOLDER


def in_wal_mode(path: Path) -> bool:
    """Say whether a file is a database in WAL mode, as archives are and snapshots are not."""
    try:
        with path.open("rb") as file:
            header = file.read(20)
    except OSError:
        return False
    return header.startswith(MAGIC) and header[18] == WAL


class Stamp(NamedTuple):
    """What a database file is like; another stamp means other contents.

    Attributes:
        file: device and inode.
        state: size and time of the last change, of the file and of its log; None where SQLite
            itself takes notice of what other processes write.
    """

    file: tuple[int, int]
    state: tuple[int, int, int] | None


class Reader(NamedTuple):
    """A connection for reading.

    Attributes:
        connection: read-only.
        stamp: of the file when it was opened.
        is_frozen: SQLite keeps no lock, and would take no notice of a writer.
    """

    connection: sqlite3.Connection
    stamp: Stamp
    is_frozen: bool

    def is_current(self, path: Path) -> bool:
        """Say whether what the connection reads is what the file holds now."""
        try:
            return stamp_of(path, watched=self.stamp.state is None) == self.stamp
        except OSError:
            return False  # it is being replaced at this moment, or is gone


def stamp_of(path: Path, *, watched: bool) -> Stamp:
    """Return the stamp of a file.

    Args:
        path: the database.
        watched: the connection that reads it takes notice of what others write.

    Raises:
        OSError: the file is not there.
    """
    found = path.stat()
    file = (found.st_dev, found.st_ino)
    return Stamp(file, None if watched else (found.st_size, found.st_mtime_ns, log_size(path)))


def log_size(path: Path) -> int:
    """Return the size of the write-ahead log beside a database; 0 if there is none."""
    try:
        return path.with_name(path.name + "-wal").stat().st_size
    except OSError:
        return 0


def connect_to_read(path: Path, *, check_same_thread: bool = True) -> Reader:
    """Return a read-only connection; a running writer does not disturb it.

    Where the folder cannot be written, a closed database is read as one that does not change,
    and one with a log is read from a copy in the folder for temporary files.

    Args:
        path: the database; it is resolved.
        check_same_thread: as for ``sqlite3.connect``.

    Raises:
        sqlite3.DatabaseError: it cannot be read.
        OSError: it is not there, or the copy cannot be made.
    """
    watched = in_wal_mode(path)
    stamp = stamp_of(path, watched=watched)
    connection = _connect(path, "mode=ro", check_same_thread=check_same_thread)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if not (watched and error.sqlite_errorname.startswith(NO_LOCKS)):
            raise
    except BaseException:
        connection.close()
        raise
    else:
        return Reader(connection, stamp, is_frozen=False)
    stamp = stamp_of(path, watched=False)
    if log_size(path):
        with _copied(path) as copy:
            settled = _settled(copy, check_same_thread=check_same_thread)
        return Reader(settled, stamp, is_frozen=True)
    frozen = _connect(path, "immutable=1", check_same_thread=check_same_thread)
    return Reader(frozen, stamp, is_frozen=True)


def _connect(path: Path, how: str, *, check_same_thread: bool = True) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}",
        uri=True,
        timeout=BUSY_SECONDS,
        check_same_thread=check_same_thread,
    )


@contextmanager
def _copied(path: Path) -> Iterator[Path]:
    """Yield a copy of a database with its log; it is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="thaigov-") as folder:
        for suffix in ("", "-wal"):
            shutil.copyfile(path.with_name(path.name + suffix), Path(folder, "copy.db" + suffix))
        yield Path(folder, "copy.db")


def _settled(copy: Path, *, check_same_thread: bool) -> sqlite3.Connection:
    """Return a connection to a copy with its log worked in; it outlives the copy's name."""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection = _connect(copy, "immutable=1", check_same_thread=check_same_thread)
    connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    return connection


@contextmanager
def untouched(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection that sees which tables a file has, and leaves no trace beside it.

    It may see an older state of a database that is in use, but never none of its tables.

    Raises:
        ArchiveError: the file cannot be read, or is no database.
    """
    with explained(path), ExitStack() as at_last:
        yield _enter_untouched(path, at_last)


def _enter_untouched(path: Path, at_last: ExitStack) -> sqlite3.Connection:
    connection = at_last.enter_context(closing(_connect(path, "immutable=1")))
    in_use = path.with_name(path.name + "-shm").exists()
    try:
        if connection.execute(OBJECTS).fetchone() or not log_size(path):
            return connection
    except sqlite3.DatabaseError:
        if not in_use:  # else a writer may have changed it at this moment
            raise
    if in_use:
        return at_last.enter_context(closing(_connect(path, "mode=ro")))
    # The tables may all be in a log that nobody has worked in.
    copy = at_last.enter_context(_copied(path))
    return at_last.enter_context(closing(sqlite3.connect(copy)))
