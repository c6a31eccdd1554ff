"""Recognises lines of boilerplate (footer, pager, "loading") and of error pages ("not found").

The words are in ``data/reference/page_furniture.csv`` and ``missing_markers.csv``. Works on single
lines, whatever their markup and place on the page.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.reference import read_table
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGER, FILE_CAPTION, RELATED_NEWS, LOADING = "pager", "files", "related", "loading"
FOOTER = "footer"
SAYS_MISSING, SAYS_ERROR = "missing", "error"

_MAX_BOILERPLATE_LINE = 200  # characters
_MAX_STATEMENT = 120  # characters

Patterns = tuple[tuple[str, re.Pattern[str]], ...]


def boilerplate_kind(line: str) -> str | None:
    """Return the kind of boilerplate, None for a line of text."""
    if len(line) > _MAX_BOILERPLATE_LINE:
        return None
    folded = fold(line)
    return next((kind for kind, pattern in _boilerplate() if pattern.fullmatch(folded)), None)


def statement(lines: Iterable[str]) -> str | None:
    """Return what a page without an article says.

    Returns:
        ``error`` if a line says that something failed, else ``missing`` if a line says that there
        is no such page, else None.
    """
    short = (fold(line) for line in lines if len(line) <= _MAX_STATEMENT)
    said = {says for line in short for says, pattern in _statements() if pattern.match(line)}
    return next((says for says in (SAYS_ERROR, SAYS_MISSING) if says in said), None)


@cache
def _boilerplate() -> Patterns:
    rows = read_table("page_furniture.csv")
    return tuple((row["kind"], re.compile(row["pattern"])) for row in rows)


@cache
def _statements() -> Patterns:
    rows = read_table("missing_markers.csv")
    return tuple((row["says"], re.compile(row["pattern"])) for row in rows)
