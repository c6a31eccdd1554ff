"""Looks for damage: in the database, in the WARC files, and between the two. Writes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from scraper.archive.database import explained, open_for_reading
from scraper.archive.verify.articles import article_damages
from scraper.archive.verify.damage import CHECKS, Damage
from scraper.archive.verify.files import FileCheck
from scraper.archive.verify.tables import broken_indexes, table_damages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["CHECKS", "Damage", "verify"]


def verify(path: Path, folder: Path, advance: Callable[[int], None]) -> list[Damage]:
    """Return everything that is wrong with an archive. The caller holds its lock.

    Args:
        path: the database.
        folder: its WARC files.
        advance: called with the number of records checked, for a progress bar.

    Raises:
        ArchiveError: there is no archive, or SQLite cannot read it at all.
    """
    with explained(path), open_for_reading(path) as db:
        damages = list(table_damages(db))
        for damage in FileCheck(db, folder, path.stem).damages():
            advance(1)
            if damage is not None:
                damages.append(damage)
        damages += article_damages(db)
    with explained(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        damages += [
            Damage("text-index", f"{index} is out of step with its table ({error})")
            for index, error in broken_indexes(connection)
        ]
    return damages
