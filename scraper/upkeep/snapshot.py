"""Copies an archive for publishing: one consistent, compact, verified, read-only file.

Runs may write meanwhile; the copy shows the archive at one moment. It is renamed into place once
it is complete. It has only the database, not the WARC files, and nothing of the operator's own
(``private``). A file with Datasette's metadata may be written beside it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from scraper.archive.database import ArchiveError, open_for_reading
from scraper.archive.errors import explain_errors
from scraper.archive.opening import in_wal_mode
from scraper.archive.publishing import sync, work_folder
from scraper.upkeep.private import remove_private
from scraper.upkeep.verify.tables import TEXT_INDEXES, broken_indexes, dangling_references

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

READ_ONLY = 0o444
# Work between two chances for a signal: instructions of SQLite's virtual machine (some hundred
# texts), database pages to copy, index pages to merge.
STEPS, COPIED_PAGES, MERGED_PAGES = 1_000, 10_000, 5_000
METADATA_MARK = "# Made by `thaigov snapshot`"  # how a file of metadata of ours begins


def metadata_file(snapshot: Path) -> Path:
    """Return the path of Datasette's metadata beside a snapshot."""
    return snapshot.with_name(f"{snapshot.name}.metadata.yaml")


def make_snapshot(
    archive: Path, target: Path, metadata: Callable[[str], str] | None = None
) -> Path:
    """Copy an archive, replacing an older snapshot.

    Args:
        archive: the database to copy; a run may be writing to it.
        target: the file to write; its folder needs room for two copies.
        metadata: called with Datasette's name for the snapshot; returns the text of the file to
            write beside it, which begins with ``METADATA_MARK``. Without it, none is written.

    Returns:
        The path of the file, with symbolic links resolved.

    Raises:
        ArchiveError: there is no archive, it is damaged, ``target`` or the file beside it exists
            and is not of a snapshot, or the disk is full. No file was changed.
        ArchiveLockedError: another process is making the same snapshot.
    """
    target = target.resolve()
    open_for_reading(archive).close()
    _refuse_to_replace(target, archive)
    beside = metadata_file(target)
    if metadata:
        _refuse_to_replace_metadata(beside)
    with work_folder(target) as folder:
        draft, final = folder / "draft.db", folder / "final.db"
        with _explained_errors(archive, target):
            _copy_pages(archive, draft)
            _compact(draft, final, archive)
            _check_copy(final, archive)
        files = {final: target}
        if metadata:
            text = folder / "metadata.yaml"
            _write(text, metadata(target.stem), beside)
            files[text] = beside
        _publish(files)
    return target


@contextmanager
def _explained_errors(archive: Path, target: Path) -> Iterator[None]:
    """Explain SQLite's errors: operational ones concern the copy, all others the archive."""
    with explain_errors(archive):
        try:
            yield
        except sqlite3.OperationalError:
            with explain_errors(target):
                raise


def _refuse_to_replace(target: Path, archive: Path) -> None:
    """Raise ArchiveError if ``target`` exists and is not an older snapshot."""
    if not target.parent.is_dir():
        raise ArchiveError(f"{target.parent}: no such folder; create it, or choose another file")
    if target.exists() and target.samefile(archive):
        raise ArchiveError(f"{target} is the archive itself; choose another file for the snapshot")
    for suffix in ("-wal", "-journal"):
        if (beside := target.with_name(target.name + suffix)).exists():
            raise ArchiveError(
                f"{beside}: {target.name} is in use by a writer; choose another file"
            )
    if target.exists() and not _is_snapshot(target):
        raise ArchiveError(
            f"{target} exists and is not a snapshot of a thaigov archive; nothing was changed. "
            f"Choose another file"
        )


def _refuse_to_replace_metadata(file: Path) -> None:
    """Raise ArchiveError if a file exists and was not written beside a snapshot."""
    try:
        with file.open("rb") as opened:
            is_ours = opened.read(len(METADATA_MARK)) == METADATA_MARK.encode()
    except FileNotFoundError:
        return
    except OSError:
        is_ours = False
    if not is_ours:
        raise ArchiveError(
            f"{file} exists and was not made by `thaigov snapshot`; nothing was changed. Move it "
            f"away, or choose another file for the snapshot"
        )


def _is_snapshot(path: Path) -> bool:
    """Return whether a file is an archive that is not in WAL mode; archives in use are."""
    if in_wal_mode(path):
        return False
    try:
        open_for_reading(path).close()
    except (OSError, ArchiveError):
        return False
    return True


def _copy_pages(archive: Path, draft: Path) -> None:
    """Copy an archive page by page, as it is at this moment."""
    with open_for_reading(archive) as db, _unsafe_connection(draft) as copy:
        # One transaction around all steps; otherwise each commit of a writer restarts the copy.
        db.execute("BEGIN")
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
        db.conn.backup(copy, pages=COPIED_PAGES, progress=lambda *_: None)


@contextmanager
def _unsafe_connection(path: Path) -> Iterator[sqlite3.Connection]:
    """Connect without a journal: if anything fails, the file is deleted."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        yield connection


def _compact(draft: Path, final: Path, archive: Path) -> None:
    """Remove what is private from a copy, merge its text indexes, and vacuum it.

    Raises:
        ArchiveError: the copy, and so the archive, is damaged.
    """
    with _unsafe_connection(draft) as connection:
        remove_private(connection, archive)
        for index in TEXT_INDEXES:
            _merge(connection, index)
        connection.execute("ANALYZE")
        try:
            with _interruptible(connection):
                connection.execute("VACUUM INTO ?", [str(final)])
        except sqlite3.OperationalError:
            _check_copy(draft, archive)  # SQLite calls some damage a full disk
            raise
    draft.unlink()


def _merge(connection: sqlite3.Connection, index: str) -> None:
    """Merge a text index into one segment: FTS5's ``optimize`` in interruptible steps."""
    step = f"INSERT INTO {index}({index}, rank) VALUES ('merge', ?)"
    connection.execute(step, [-MERGED_PAGES])
    changes = -2
    while connection.total_changes - changes >= 2:  # a step counts as one change itself
        changes = connection.total_changes
        connection.execute(step, [MERGED_PAGES])


def _check_copy(final: Path, archive: Path) -> None:
    """Raise ArchiveError if a copy is damaged."""
    with (
        closing(sqlite3.connect(final, isolation_level=None)) as connection,
        _interruptible(connection),
    ):
        found = [text for (text,) in connection.execute("PRAGMA quick_check") if text != "ok"]
        # One text may have many lines, after one that names the database.
        faults = [row.strip() for text in found for row in text.splitlines() if row[:3] != "***"]
        faults += dangling_references(connection)
        faults += [f"{index}: {error}" for index, error in broken_indexes(connection)]
    if faults:
        raise ArchiveError(
            f"{archive} is damaged, so no snapshot was made ({faults[0]}; {len(faults)} faults "
            f"in all). `thaigov verify` lists them; `thaigov verify --repair` may repair them"
        )


def _write(file: Path, text: str, target: Path) -> None:
    """Write a file that will be published as ``target``."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ArchiveError(f"{target}: cannot write the file there ({error})") from error


def _publish(files: dict[Path, Path]) -> None:
    """Sync finished files to the disk, then rename each to its target."""
    target = next(iter(files.values()))
    try:
        for file in files:
            file.chmod(READ_ONLY)
            sync(file)
        for file, final in files.items():
            file.replace(final)
        sync(target.parent)
    except OSError as error:
        raise ArchiveError(f"{target}: cannot write the snapshot there ({error})") from error


@contextmanager
def _interruptible(connection: sqlite3.Connection) -> Iterator[None]:
    """Let a signal end a long statement; otherwise Python would see it only afterwards.

    Raises:
        KeyboardInterrupt: a signal ended the statement.
    """
    connection.set_progress_handler(lambda: 0, STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        raise
    finally:
        connection.set_progress_handler(None, 0)
