"""Opens the archives to be joined: read-only, at one moment, with today's schema."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.database import (
    ArchiveError,
    contents_of,
    open_for_reading,
    open_for_writing,
    real_path,
    warc_folder,
)
from scraper.archive.errors import DAMAGED, explain_errors
from scraper.archive.runs import installed_versions
from scraper.archive.schema import migrations
from scraper.sources import PRACTICE, site_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from sqlite_utils import Database

# What decides how a page is read, in ``runs.versions``.
STAGE_VERSIONS = ("thaigov", "lxml", "pythainlp", "nlpo3")


class Source(NamedTuple):
    """An archive that is joined with others.

    Attributes:
        path: as given, for messages.
        db: its tables at one moment.
        folder: its WARC files.
        is_target: it is the archive that the others are joined into.
        is_current: its newest run read pages with the versions installed here.
    """

    path: Path
    db: Database
    folder: Path
    is_target: bool
    is_current: bool


def open_sources(
    paths: Iterable[Path], target: Path, work: Path, opened: ExitStack
) -> list[Source]:
    """Open archives for reading; the target, if it exists, comes last.

    Args:
        paths: the archives; one that is given twice is opened once.
        target: the archive they are joined into.
        work: a folder for copies of archives that have to be migrated.
        opened: closes them.

    Raises:
        ArchiveError: one does not exist, is no archive, is newer than this program, or holds
            practice pages while others hold real ones.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        found.setdefault(real_path(path), path)
    real_target = real_path(target)
    found.pop(real_target, None)
    if real_target.exists():
        found[real_target] = target
    sources = [
        _open_source(path, work / f"source-{number}.db", opened, is_target=file == real_target)
        for number, (file, path) in enumerate(found.items())
    ]
    _refuse_practice(sources)
    return sources


def _open_source(path: Path, copy: Path, opened: ExitStack, *, is_target: bool) -> Source:
    db = open_for_reading(path)
    opened.callback(db.close)
    with explain_errors(path):
        if unknown := contents_of(db.conn).unknown:
            raise ArchiveError(
                f"{path}: made by a newer thaigov (it has {unknown[-1]}); nothing was changed. "
                f"Upgrade thaigov"
            )
        if migrations.pending(db):
            db = _migrated_copy(db, copy)
            opened.callback(db.close)
        db.execute("BEGIN")
        _refuse_dangling(path, db)
        return Source(path, db, warc_folder(path), is_target, _is_current(db))


def _migrated_copy(db: Database, copy: Path) -> Database:
    """Return a copy of an archive of an earlier release, migrated; the archive stays as it is."""
    with closing(sqlite3.connect(copy)) as connection:
        db.conn.backup(connection)
    open_for_writing(copy).close()
    return open_for_reading(copy)


def _refuse_dangling(path: Path, db: Database) -> None:
    """Raise ArchiveError if a row refers to a missing one: such rows would be lost in silence."""
    fault = db.execute("PRAGMA foreign_key_check").fetchone()
    if fault is not None:
        table, row, parent, _ = fault
        raise _damaged(path, f"{table}, row {row}: the row of {parent} it refers to is missing")


def _damaged(path: Path, fault: object) -> ArchiveError:
    return ArchiveError(
        f"{path}: the archive is damaged ({fault}); nothing was changed. Run `thaigov verify "
        f"--repair --db {path}`, or restore it (docs/maintain.md), and join again"
    )


@contextmanager
def blaming(sources: Sequence[Source]) -> Iterator[None]:
    """Name the damaged source if SQLite finds damage inside the block.

    Its error does not say in which of the open files.

    Raises:
        ArchiveError: a source is damaged.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        if not error.sqlite_errorname.startswith(DAMAGED):
            raise
        for source in sources:
            (state,) = source.db.execute("PRAGMA quick_check(1)").fetchone()
            if state != "ok":
                raise _damaged(source.path, error) from error
        raise


def _is_current(db: Database) -> bool:
    row = db.execute("SELECT versions FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    stored, installed = json.loads(row[0]) if row else {}, installed_versions()
    return all(stored.get(name) == installed.get(name) for name in STAGE_VERSIONS)


def _refuse_practice(sources: Sequence[Source]) -> None:
    """Raise ArchiveError if some archives hold practice pages and others real ones."""
    held: dict[bool, Path] = {}
    for source in sources:
        row = source.db.execute(
            "SELECT article_url FROM captures WHERE article_url IS NOT NULL LIMIT 1"
        ).fetchone()
        if row:
            held.setdefault(site_of(row[0]) is PRACTICE, source.path)
    if len(held) > 1:
        raise ArchiveError(
            f"{held[True]} holds practice pages and {held[False]} real ones; they cannot be "
            f"joined. Nothing was changed"
        )
