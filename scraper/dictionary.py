"""The data dictionary: what each table, view and column of an archive means.

``data/reference/data_dictionary.csv`` says it; docs/schema.md is written from there.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from scraper.reference import read_table

DICTIONARY_TABLE = "data_dictionary.csv"
ALIKE = {"industry_articles": "articles"}
"""The views that have the columns of a table."""

_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


class TableEntry(NamedTuple):
    """Descriptions of a table or view and of its columns, in order."""

    meaning: str
    columns: dict[str, str]


@cache
def dictionary() -> dict[str, TableEntry]:
    """Return the entries by name of table or view, in plain text.

    Raises:
        ReferenceTableError: the table of descriptions is missing or malformed.
    """
    entries: dict[str, TableEntry] = {}
    for row in read_table(DICTIONARY_TABLE):
        meaning = _LINK.sub(r"\1", row["meaning"]).replace("`", "")
        if row["column"]:
            entries[row["table"]].columns[row["column"]] = meaning
        else:
            entries[row["table"]] = TableEntry(meaning, {})
    for view, table in ALIKE.items():
        entries[view].columns.update(entries[table].columns)
    return entries
