"""The data dictionary: the descriptions of tables, views and columns in docs/schema.md.

That page is the single source; a wheel contains a copy of it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_PACKAGE = Path(__file__).resolve().parent
_SCHEMA_PAGES = (_PACKAGE / "_reference" / "schema.md", _PACKAGE.parent / "docs" / "schema.md")
_SECTION = re.compile(r"^## (?P<name>\w+)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_COLUMN = re.compile(r"^\| (?P<name>\w+) \| (?P<meaning>.+) \|$", re.MULTILINE)
_VIEW = re.compile(
    r"^`(?P<name>\w+)`: (?P<meaning>.+?)(?=^`\w+`: |^$|\Z)", re.MULTILINE | re.DOTALL
)
_COLUMN_HEADING = "column"


class TableEntry(NamedTuple):
    """Descriptions of a table or view and of its columns, in order."""

    meaning: str
    columns: dict[str, str]


@cache
def dictionary() -> dict[str, TableEntry]:
    """Return the entries by name of table or view.

    Raises:
        FileNotFoundError: docs/schema.md is neither in the checkout nor in the wheel.
    """
    place = next((place for place in _SCHEMA_PAGES if place.is_file()), _SCHEMA_PAGES[-1])
    page = place.read_text(encoding="utf-8")
    entries = {}
    for section in _SECTION.finditer(page):
        columns = {
            row["name"]: _plain_text(row["meaning"])
            for row in _COLUMN.finditer(section["text"])
            if row["name"] != _COLUMN_HEADING
        }
        if columns:
            meaning, _, _ = section["text"].strip().partition("\n\n")
            entries[section["name"]] = TableEntry(
                "" if "|" in meaning else _plain_text(meaning), columns
            )
    for view in _VIEW.finditer(page):
        meaning = _plain_text(view["meaning"])
        entries[view["name"]] = TableEntry(meaning[:1].upper() + meaning[1:], {})
    return entries


def _plain_text(text: str) -> str:
    """Convert Markdown to plain text on one line."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return " ".join(text.replace("`", "").split())
