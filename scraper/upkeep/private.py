"""Removes from a copy of an archive what is not for the public: the operator's own, and paths.

The arguments of a run may name the operator, the letter that permits the crawl, and folders of the
machine; problems quote the paths of files. Of a path its last part stays.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.archive.watch_tables import PRIVATE_TABLES

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

ARGUMENTS = """
    SELECT DISTINCT t.value FROM runs r, json_tree(r.arguments) t
    WHERE json_valid(r.arguments) AND t.type = 'text'
"""
NO_ARGUMENTS = "{}"  # as JSON
# Columns with sentences that may quote paths, and the column by which a row is found again.
SENTENCES = (("problems", "detail", "id"), ("frontier", "last_error", "url"))
# Parts of a path up to its last one, which a sign ends that sentences have between names.
_PARTS = r"""(?:[^'"<>|:;,()\n]*/)?"""
_ABSOLUTE = re.compile(rf"(?<![\w:/.~%\]-])~?/(?!/){_PARTS}(?=\w)")  # in a URL a host is before it


def remove_private(copy: sqlite3.Connection, archive: Path) -> None:
    """Empty private tables and columns of a copy, and shorten the paths in it.

    The bytes stay in free pages until a vacuum.

    Args:
        copy: of an archive; its file is not published before it is vacuumed.
        archive: the database that was copied.
    """
    tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    names = {name for (name,) in copy.execute(tables)}
    for table in PRIVATE_TABLES:
        if table in names:
            copy.execute(f"DELETE FROM {table}")
    folders = _folders(copy, archive)
    for table, column, key in SENTENCES:
        rows = copy.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} LIKE '%/%'")
        changed = [(without_folders(text, folders), found) for found, text in rows]
        copy.executemany(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", changed)
    copy.execute("UPDATE runs SET arguments = ?", [NO_ARGUMENTS])


def without_folders(text: str, folders: Iterable[str] = ()) -> str:
    """Return a sentence with the last part of each path alone.

    Args:
        text: a sentence, such as an error message.
        folders: paths, also relative ones, that are looked for as they are.
    """
    for folder in folders:
        known = re.compile(rf"{re.escape(folder)}(?:(?P<inside>/{_PARTS})|(?!\w))")
        text = known.sub(partial(_last_part, folder), text)
    return _ABSOLUTE.sub("", text)


def _last_part(folder: str, found: re.Match[str]) -> str:
    return "" if found["inside"] else Path(folder).name


def _folders(copy: sqlite3.Connection, archive: Path) -> list[str]:
    """Return the paths in the arguments of runs, and those of the archive, the longest first."""
    given = {text for (text,) in copy.execute(ARGUMENTS) if any(map(str.isalpha, text))}  # no dates
    found = {str(path) for path in (archive, archive.parent)}
    found |= {text for text in given if "/" in text and "://" not in text}
    found |= {str(Path(text).resolve()) for text in found}
    return sorted((text for text in found if len(Path(text).parts) > 1), key=len, reverse=True)
