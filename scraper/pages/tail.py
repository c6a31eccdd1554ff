"""Cuts the tail off a release: what stands below its text and is not of it.

The kinds of lines are in ``data/reference/tail_lines.csv``. 45,971 of 63,241 pages have no tail.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.reference import read_table
from scraper.thai.text import WORD, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 200  # characters; prose may well begin like a source line
_NEVER_PROSE = frozenset({"rule", "hashtags", "stamp"})
# Below a rule, short lines are a sign-off whatever they say: names of officers, addresses.
_SIGN_OFF_LINES = 7
_SIGN_OFF_LONGEST = 120
_RULE = re.compile(rf"(?:[^{WORD}\s]|_){{3,}}")


def split_tail(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the body and the tail of a release, cut from the end.

    Where every line could be tail, prose-like ones (a press unit, a link) are the body.
    """
    cut = _text_end(lines, len(lines))
    cut = _text_end(lines, _sign_off(lines[:cut]))
    if cut == 0:
        prose = (n for n, line in enumerate(lines, 1) if tail_kind(line) not in _NEVER_PROSE)
        cut = max(prose, default=0)
    return list(lines[:cut]), list(lines[cut:])


def tail_kind(line: str) -> str | None:
    """Return what kind of tail line a line could be, None for text."""
    folded = fold(line)
    if len(folded) > _LONGEST and not folded.startswith("#"):
        return "rule" if _RULE.fullmatch(folded) else None
    return next((kind for kind, pattern in _patterns() if pattern.fullmatch(folded)), None)


def _text_end(lines: Sequence[str], end: int) -> int:
    """Return the number of lines up to the last one before ``end`` that is no tail line."""
    while end and tail_kind(lines[end - 1]):
        end -= 1
    return end


def _sign_off(lines: Sequence[str]) -> int:
    """Return the number of the rule that closes the text, or of lines where there is none."""
    for above in range(len(lines) - 1, max(0, len(lines) - 1 - _SIGN_OFF_LINES), -1):
        line = lines[above]
        if _RULE.fullmatch(line):
            return above
        if len(line) > _SIGN_OFF_LONGEST:
            break
    return len(lines)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["kind"], re.compile(row["pattern"])) for row in read_table("tail_lines.csv"))
