"""Fixes the paging of Datasette's tables and bounds the size of their pages.

A page of whole texts is a hundred times the size of others: ``_size=max`` of articles is 23 MB.

Datasette 0.65 orders the first page of a sorted table by that column alone, and begins the second
after the first page's last primary key. Rows with the same value would be left out or repeated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from datasette.utils import detect_primary_keys, escape_sqlite

if TYPE_CHECKING:
    import sqlite3

    from scraper.browse.security import App, Message, Receive, Send

TEXTS_PER_PAGE = 100
_TEXTS = re.compile(
    r"/[^/]+/(?:articles|industry_articles|article_revisions|article_words)(?:\.\w+)?"
)

_FIRST_PAGE = re.compile(
    r"select [^()]+ from (?P<table>\[[^\]]+\]|\w+) (?:where .+ )?"
    r"order by (?:\[[^\]]+\]|\w+)(?: desc)?(?= limit \d+\s*$)",
    re.DOTALL,
)


def with_tie_break(connection: sqlite3.Connection, sql: str) -> str:
    """Add a tie-break by primary key to the statement of a sorted table's first page.

    Other statements, and those of views, are returned unchanged.
    """
    match = _FIRST_PAGE.match(sql)
    if match is None:
        return sql
    keys = detect_primary_keys(connection, match["table"].strip("[]"))
    return ", ".join([match[0], *map(escape_sqlite, keys)]) + sql[match.end() :]


def with_bounded_pages(app: App) -> App:
    """Wrap an ASGI app to give at most ``TEXTS_PER_PAGE`` rows of a table of texts at a time."""

    async def bounded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _TEXTS.fullmatch(scope["path"]):
            given = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            if any(name == "_size" and _is_beyond(value) for name, value in given):
                sizes = {"_size": str(TEXTS_PER_PAGE)}
                asked = [(name, sizes.get(name, value)) for name, value in given]
                scope = {**scope, "query_string": urlencode(asked).encode()}
        await app(scope, receive, send)

    return bounded


def _is_beyond(size: str) -> bool:
    """Return whether a size exceeds the bound; Datasette refuses anything but a number."""
    return size == "max" or (size.isascii() and size.isdecimal() and int(size[:9]) > TEXTS_PER_PAGE)
