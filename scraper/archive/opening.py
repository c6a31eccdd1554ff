"""Opens SQLite files for reading and finds the files beside them, without changing anything.

SQLite reads a database in WAL mode only if it can create a lock file beside it. If it cannot, as on
a read-only backup, the file is opened as immutable, and its ``FileStamp`` shows afterwards whether
it changed. Knows nothing of an archive's tables.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.errors import BUSY_SECONDS, ArchiveError, explain_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

WARC_FOLDER = "warc"
SQLITE_MAGIC, WAL_VERSION = b"SQLite format 3\0", 2  # how a database begins, and its byte 18
NO_LOCK_FILE = ("SQLITE_CANTOPEN", "SQLITE_READONLY")  # errors if none can be created
OBJECT_NAMES = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


def real_path(path: Path) -> Path:
    """Return the absolute path of a file, with symbolic links resolved.

    The lock, the write-ahead log and the WARC files are beside the file itself, so an archive has
    one of each whatever path it is opened by.

    Raises:
        ArchiveError: its symbolic links form a loop.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise ArchiveError(f"{path}: its symbolic links form a loop ({error})") from error


def warc_folder(path: Path) -> Path:
    """Return the folder of an archive's WARC files."""
    return real_path(path).parent / WARC_FOLDER


def in_wal_mode(path: Path) -> bool:
    """Return whether a file is a database in WAL mode, as archives are and snapshots are not.

    Never call it on a file that this process holds locks on: closing any descriptor of a file drops
    all of the process's locks on it (POSIX). Another writer would then believe it is the last user
    and remove the log, and connections still open would read a mixture of states.
    """
    try:
        with path.open("rb") as file:
            header = file.read(20)
    except OSError:
        return False
    return header.startswith(SQLITE_MAGIC) and header[18] == WAL_VERSION


class FileStamp(NamedTuple):
    """Identity and state of a database file; an equal stamp means equal contents.

    Attributes:
        file: device and inode.
        state: size and modification time of the file, and size of its log; None if SQLite itself
            notices what other processes write.
    """

    file: tuple[int, int]
    state: tuple[int, int, int] | None


class ReadConnection(NamedTuple):
    """A read-only connection.

    Attributes:
        connection: the connection.
        stamp: of the file when it was opened.
        is_frozen: SQLite keeps no lock and does not notice what others write.
    """

    connection: sqlite3.Connection
    stamp: FileStamp
    is_frozen: bool

    def is_current(self, path: Path) -> bool:
        """Return whether the connection sees the present contents of the file."""
        try:
            return stamp_of(path, watched=self.stamp.state is None) == self.stamp
        except OSError:
            return False  # it was removed, or is just being replaced


def stamp_of(path: Path, *, watched: bool) -> FileStamp:
    """Return the stamp of a file.

    Args:
        path: the database.
        watched: whether the connection that reads it notices what others write.

    Raises:
        OSError: the file does not exist.
    """
    found = path.stat()
    file = (found.st_dev, found.st_ino)
    return FileStamp(file, None if watched else (found.st_size, found.st_mtime_ns, log_size(path)))


def log_size(path: Path) -> int:
    """Return the size of the write-ahead log beside a database; 0 if there is none."""
    try:
        return path.with_name(path.name + "-wal").stat().st_size
    except OSError:
        return 0


def connect_to_read(path: Path, *, check_same_thread: bool = True) -> ReadConnection:
    """Return a read-only connection; a running writer does not disturb it.

    If the folder is not writable, a database without a log is opened as immutable, and one with a
    log is read from a temporary copy.

    Args:
        path: the database, as returned by ``real_path``.
        check_same_thread: as for ``sqlite3.connect``.

    Raises:
        sqlite3.DatabaseError: it cannot be read.
        OSError: it does not exist, or cannot be copied.
    """
    stamps = {watched: stamp_of(path, watched=watched) for watched in (True, False)}
    connection = _connect(path, "mode=ro", check_same_thread=check_same_thread)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if not (error.sqlite_errorname.startswith(NO_LOCK_FILE) and in_wal_mode(path)):
            raise
    except BaseException:
        connection.close()
        raise
    else:
        return ReadConnection(connection, stamps[mode == "wal"], is_frozen=False)
    stamp = stamp_of(path, watched=False)
    if log_size(path):
        with _temporary_copy(path) as copy:
            merged = _merge_log(copy, check_same_thread=check_same_thread)
        return ReadConnection(merged, stamp, is_frozen=True)
    frozen = _connect(path, "immutable=1", check_same_thread=check_same_thread)
    return ReadConnection(frozen, stamp, is_frozen=True)


def _connect(path: Path, mode: str, *, check_same_thread: bool = True) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        check_same_thread=check_same_thread,
    )


@contextmanager
def _temporary_copy(path: Path) -> Iterator[Path]:
    """Yield a copy of a database and its log, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="thaigov-") as folder:
        for suffix in ("", "-wal"):
            shutil.copyfile(path.with_name(path.name + suffix), Path(folder, "copy.db" + suffix))
        yield Path(folder, "copy.db")


def _merge_log(copy: Path, *, check_same_thread: bool) -> sqlite3.Connection:
    """Return a connection to a copy with its log merged; it outlives the unlinked copy."""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection = _connect(copy, "immutable=1", check_same_thread=check_same_thread)
    connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    return connection


@contextmanager
def open_untouched(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection that can list the tables of a file, creating no files beside it.

    It may see an older state of a database that is in use, but never one without its tables.

    Raises:
        ArchiveError: the file cannot be read, or is not a database.
    """
    with explain_errors(path), ExitStack() as stack:
        yield _enter_untouched(path, stack)


def _enter_untouched(path: Path, stack: ExitStack) -> sqlite3.Connection:
    connection = stack.enter_context(closing(_connect(path, "immutable=1")))
    in_use = path.with_name(path.name + "-shm").exists()
    try:
        if connection.execute(OBJECT_NAMES).fetchone() or not log_size(path):
            return connection
    except sqlite3.DatabaseError:
        if not in_use:  # otherwise a writer may just have changed it
            raise
    if in_use:
        return stack.enter_context(closing(_connect(path, "mode=ro")))
    # All tables may be in a log that was never merged.
    copy = stack.enter_context(_temporary_copy(path))
    return stack.enter_context(closing(sqlite3.connect(copy)))
