"""Checks the database, the WARC files, and that the two agree. Writes nothing."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.database import ArchiveError, open_for_reading, real_path
from scraper.archive.errors import BUSY_SECONDS, explain_errors
from scraper.upkeep.verify.articles import article_damages
from scraper.upkeep.verify.attachments import attachment_damages
from scraper.upkeep.verify.damage import REMEDIES, Damage
from scraper.upkeep.verify.files import FileCheck
from scraper.upkeep.verify.tables import broken_indexes, table_damages

if TYPE_CHECKING:
    from collections.abc import Callable

ROOM_FOR_COPY = 1.1  # times the size of the database

__all__ = ["REMEDIES", "Damage", "VerifyReport", "verify"]


class VerifyReport(NamedTuple):
    """The damage that was found, and a sentence for each thing that was not checked."""

    damages: list[Damage]
    unchecked: list[str]


def verify(path: Path, folder: Path, advance: Callable[[int], None]) -> VerifyReport:
    """Return the damage of an archive. The caller makes sure that no run is writing.

    Args:
        path: the database.
        folder: its WARC files.
        advance: called with the number of records checked, for a progress bar.

    Raises:
        ArchiveError: there is no archive, or SQLite cannot read it at all.
    """
    with explain_errors(path), open_for_reading(path) as db:
        damages = list(table_damages(db))
        for damage in FileCheck(db, folder, real_path(path).stem).damages():
            advance(1)
            if damage is not None:
                damages.append(damage)
        damages += attachment_damages(db)
        reported = {damage.capture_id for damage in damages} - {None}
        damages += (
            damage
            for damage in article_damages(db)
            if damage.check != "capture-outcome" or damage.capture_id not in reported
        )
    # Last, since this connection may write: when closed, it removes the log that readers use.
    if (faults := _index_faults(path)) is None:
        unchecked = f"the text indexes: no room for a copy of {path} in {tempfile.gettempdir()}"
        return VerifyReport(damages, [unchecked])
    damages += [
        Damage("text-index", f"{index} does not match its table ({error})")
        for index, error in faults
    ]
    return VerifyReport(damages, [])


def _index_faults(path: Path) -> list[tuple[str, str]] | None:
    """Return the faults of the text indexes; None if they cannot be checked.

    FTS5 checks an index only on a connection that may write. If this user may not write to the
    archive, a copy is checked.
    """
    file = real_path(path)
    try:
        with explain_errors(path), _connection(file) as connection:
            return list(broken_indexes(connection))
    except ArchiveError as error:
        name = getattr(error.__cause__, "sqlite_errorname", "")
        if not name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
            raise
    if shutil.disk_usage(tempfile.gettempdir()).free < ROOM_FOR_COPY * file.stat().st_size:
        return None
    with tempfile.TemporaryDirectory(prefix="thaigov-") as folder:
        copy = Path(folder, "copy.db")
        with explain_errors(copy), _connection(copy) as connection:
            with open_for_reading(path) as db:
                db.conn.backup(connection)
            return list(broken_indexes(connection))


def _connection(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None))
