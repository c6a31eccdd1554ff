"""Reads the reference tables: ministries, names of agencies, months, misspellings, vocabulary.

They are CSV files in ``data/reference`` so that people who do not write Python can edit them. An
installed wheel has them in ``scraper/_reference``.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from scraper.errors import ReportedError

_SCRAPER = Path(__file__).resolve().parent
_TABLE_FOLDERS = (_SCRAPER / "_reference", _SCRAPER.parent / "data" / "reference")


class ReferenceTableError(ReportedError):
    """A reference table is missing or malformed; the message names the file and line."""


def table_path(name: str) -> Path:
    """Return the path of the reference table called ``name``, such as ``ministries.csv``.

    Raises:
        ReferenceTableError: there is no such table in the checkout or the installation.
    """
    for folder in _TABLE_FOLDERS:
        if (path := folder / name).is_file():
            return path
    raise ReferenceTableError(
        f"reference table {name} is not in any of: {', '.join(map(str, _TABLE_FOLDERS))}"
    )


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table as dictionaries by column name, with values stripped.

    Lines that begin with ``#`` are comments.

    Raises:
        ReferenceTableError: the table is missing, or a line has too few or too many values.
    """
    path = table_path(name)
    with path.open(encoding="utf-8-sig", newline="") as file:
        numbered = [(n, line) for n, line in enumerate(file, 1) if not line.startswith("#")]
    reader = csv.DictReader((line for _, line in numbered), strict=True)
    rows = []
    for (number, _), row in zip(numbered[1:], reader, strict=True):
        if None in row or None in row.values():
            columns = ", ".join(reader.fieldnames or ())
            raise ReferenceTableError(f"{path} line {number}: expected the columns {columns}")
        rows.append({column: value.strip() for column, value in row.items()})
    return tuple(rows)
