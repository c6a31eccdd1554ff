"""Writes docs/schema.md from the data dictionary: ``python -m tests.archive.reference``.

Whatever is not between the marks of the page is written by hand.
"""

from __future__ import annotations

import re
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

from sqlite_utils import Database

from scraper.archive.schema import migrations
from scraper.dictionary import DICTIONARY_TABLE
from scraper.reference import read_table
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = REPOSITORY / "docs" / "schema.md"
MARKED = re.compile(r"<!-- (tables|views) -->.*?<!-- end -->", re.DOTALL)
WIDTH = 105


def section(name: str, rows: Iterable[dict[str, str]], level: str) -> str:
    """Return the section of a table or view."""
    about, *columns = rows
    meaning = textwrap.fill(about["meaning"], WIDTH, break_long_words=False, break_on_hyphens=False)
    lines = [f"{level} {name}", "", meaning, ""]
    if columns:
        lines += ["| column | meaning |", "|---|---|"]
        lines += [f"| {row['column']} | {row['meaning']} |" for row in columns]
        lines.append("")
    return "\n".join(lines)


def written(page: str) -> str:
    """Return the page with what is between its marks written anew."""
    db = Database(memory=True)
    migrations.apply(db)
    parts: dict[str, list[str]] = {"tables": [], "views": []}
    for name, rows in groupby(read_table(DICTIONARY_TABLE), key=lambda row: row["table"]):
        kind, level = ("views", "###") if name in db.view_names() else ("tables", "##")
        parts[kind].append(section(name, rows, level))
    return MARKED.sub(
        lambda mark: "\n".join([f"<!-- {mark[1]} -->\n", *parts[mark[1]], "<!-- end -->"]), page
    )


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
