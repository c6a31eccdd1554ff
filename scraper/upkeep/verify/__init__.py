"""Looks for damage: in the database, in the WARC files, and between the two. Writes nothing."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.database import ArchiveError, explain_errors, open_for_reading, real_path
from scraper.archive.errors import BUSY_SECONDS
from scraper.upkeep.verify.articles import article_damages
from scraper.upkeep.verify.damage import CHECKS, Damage
from scraper.upkeep.verify.files import FileCheck
from scraper.upkeep.verify.tables import broken_indexes, table_damages

if TYPE_CHECKING:
    from collections.abc import Callable

ROOM = 1.1  # sizes of the database that must be free for a copy of it

__all__ = ["CHECKS", "Damage", "Findings", "verify"]


class VerifyReport(NamedTuple):
    """What is wrong with an archive, and what could not be checked, a sentence each."""

    damages: list[Damage]
    unchecked: list[str]


def verify(path: Path, folder: Path, advance: Callable[[int], None]) -> VerifyReport:
    """Return everything that is wrong with an archive. The caller keeps writers away.

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
        told = {damage.capture_id for damage in damages} - {None}
        damages += (
            damage
            for damage in article_damages(db)
            if damage.check != "capture-outcome" or damage.capture_id not in told
        )
    # Only now: the connection that checks the indexes clears up behind those that read.
    if (faults := _index_faults(path)) is None:
        where = tempfile.gettempdir()
        return VerifyReport(damages, [f"the text indexes: no room for a copy of {path} in {where}"])
    damages += [
        Damage("text-index", f"{index} is out of step with its table ({error})")
        for index, error in faults
    ]
    return VerifyReport(damages, [])


def _index_faults(path: Path) -> list[tuple[str, str]] | None:
    """Return the faults of the text indexes; None where they cannot be checked.

    FTS5 checks an index only on a connection that may write. Where this user may not write to the
    archive, a copy is checked.
    """
    file = real_path(path)
    try:
        with explain_errors(path), _connected(file) as connection:
            return list(broken_indexes(connection))
    except ArchiveError as error:
        name = getattr(error.__cause__, "sqlite_errorname", "")
        if not name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
            raise
    if shutil.disk_usage(tempfile.gettempdir()).free < ROOM * file.stat().st_size:
        return None
    with tempfile.TemporaryDirectory(prefix="thaigov-") as folder:
        copy = Path(folder, "copy.db")
        with explain_errors(copy), _connected(copy) as connection:
            with open_for_reading(path) as db:
                db.conn.backup(connection)
            return list(broken_indexes(connection))


def _connected(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None))
