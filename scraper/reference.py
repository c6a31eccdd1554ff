"""Reads the reference tables: ministries, names of agencies, months, misspellings, vocabulary.

They are CSV files under ``data/reference`` so that people who do not write Python can mend them.
In a checkout they are read from there; an installed wheel carries them as ``scraper/_reference``.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from scraper.errors import ReportedError

_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "_reference", _HERE.parent / "data" / "reference")


class ReferenceTableError(ReportedError):
    """A reference table is absent or malformed; the message names the file and the line."""


def table_path(name: str) -> Path:
    """Return the path of the reference table called ``name``, such as ``ministries.csv``.

    Raises:
        ReferenceTableError: no such table in the checkout or the installation.
    """
    for place in _PLACES:
        if (path := place / name).is_file():
            return path
    raise ReferenceTableError(
        f"reference table {name} is in none of: {', '.join(map(str, _PLACES))}"
    )


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table as dictionaries by column name, blanks around values removed.

    Lines that begin with ``#`` are comments.

    Raises:
        ReferenceTableError: the table is absent, or a line has too few or too many values.
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
