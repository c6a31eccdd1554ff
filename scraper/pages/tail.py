"""Separates the tail of a press release, such as sign-off lines and hashtags, from its body.

The kinds of tail lines are in ``data/reference/tail_lines.csv``. 45,971 of 63,241 pages have no
tail.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.reference import read_table
from scraper.thai.text import WORD, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_TAIL_LINE = 200  # characters; longer lines may begin like a tail line and be prose
_NEVER_PROSE = frozenset({"rule", "hashtags", "stamp"})
# Below a rule, any short lines are a sign-off, such as names of officers or addresses.
_MAX_SIGN_OFF_LINES = 7
_MAX_SIGN_OFF_LINE = 120
_RULE = re.compile(rf"(?:[^{WORD}\s]|_){{3,}}")


def split_tail(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split the lines of a press release into body and tail.

    If every line could be tail, those that can be prose (a press unit, a link) are the body.
    """
    cut = _body_end(lines, len(lines))
    cut = _body_end(lines, _sign_off_start(lines[:cut]))
    if cut == 0:
        prose = (n for n, line in enumerate(lines, 1) if tail_kind(line) not in _NEVER_PROSE)
        cut = max(prose, default=0)
    return list(lines[:cut]), list(lines[cut:])


def tail_kind(line: str) -> str | None:
    """Return the kind of tail line, None for a line of text."""
    folded = fold(line)
    if len(folded) > _MAX_TAIL_LINE and not folded.startswith("#"):
        return "rule" if _RULE.fullmatch(folded) else None
    return next((kind for kind, pattern in _patterns() if pattern.fullmatch(folded)), None)


def _body_end(lines: Sequence[str], end: int) -> int:
    """Return the end of the body: after the last line before ``end`` that is not a tail line."""
    while end and tail_kind(lines[end - 1]):
        end -= 1
    return end


def _sign_off_start(lines: Sequence[str]) -> int:
    """Return the index of the rule above a sign-off, or the number of lines if there is none."""
    for above in range(len(lines) - 1, max(0, len(lines) - 1 - _MAX_SIGN_OFF_LINES), -1):
        line = lines[above]
        if _RULE.fullmatch(line):
            return above
        if len(line) > _MAX_SIGN_OFF_LINE:
            break
    return len(lines)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["kind"], re.compile(row["pattern"])) for row in read_table("tail_lines.csv"))
