"""What lines of a page's frame say: footer, pager, "loading", "there is no such page", "failed".

The words are in ``data/reference/page_furniture.csv`` and ``missing_markers.csv``. Knows lines
only, nothing of markup, and not where on the page a line stands.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.reference import read_table
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGER, FILES, RELATED, LOADING = "pager", "files", "related", "loading"
MISSING, ERROR = "missing", "error"

_LONGEST = 200  # characters of a line of furniture
_LONGEST_STATEMENT = 120

Patterns = tuple[tuple[str, re.Pattern[str]], ...]


def boilerplate_kind(line: str) -> str | None:
    """Return what kind of furniture a line could be, None for text."""
    if len(line) > _LONGEST:
        return None
    folded = fold(line)
    return next((kind for kind, pattern in _furniture() if pattern.fullmatch(folded)), None)


def statement(lines: Iterable[str]) -> str | None:
    """Return what the main part of a page says in an article's place.

    Returns:
        ``error`` where a line says that something failed, else ``missing`` where one says that
        there is no such page, else None.
    """
    short = (fold(line) for line in lines if len(line) <= _LONGEST_STATEMENT)
    said = {says for line in short for says, pattern in _statements() if pattern.match(line)}
    return next((says for says in (ERROR, MISSING) if says in said), None)


@cache
def _furniture() -> Patterns:
    rows = read_table("page_furniture.csv")
    return tuple((row["kind"], re.compile(row["pattern"])) for row in rows)


@cache
def _statements() -> Patterns:
    rows = read_table("missing_markers.csv")
    return tuple((row["says"], re.compile(row["pattern"])) for row in rows)
