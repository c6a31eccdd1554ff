"""Mends the paging of Datasette's tables.

Datasette 0.65 orders the first page of a sorted table by that column alone, and begins the second
after the first page's last primary key. Rows with the same value would be left out or repeated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datasette.utils import detect_primary_keys, escape_sqlite

if TYPE_CHECKING:
    import sqlite3

_FIRST_PAGE = re.compile(
    r"select [^()]+ from (?P<table>\[[^\]]+\]|\w+) (?:where .+ )?"
    r"order by (?:\[[^\]]+\]|\w+)(?: desc)?(?= limit \d+\s*$)",
    re.DOTALL,
)


def with_tie_break(connection: sqlite3.Connection, sql: str) -> str:
    """Return the statement of a table's first page, with rows of equal value in a fixed order.

    Other statements, and those of views, are returned as they are.
    """
    match = _FIRST_PAGE.match(sql)
    if match is None:
        return sql
    keys = detect_primary_keys(connection, match["table"].strip("[]"))
    return ", ".join([match[0], *map(escape_sqlite, keys)]) + sql[match.end() :]
