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
_END_MARK = re.compile(r"#(?: ?#)+")  # of a release, by international custom
_ABOUT_US = re.compile(r"(?:เกี่ยวกับ|about) ?\S.{1,80}", re.IGNORECASE)
_MAX_ABOUT_US = 30  # lines
_BOX_TOP, _BOX_BOTTOM = re.compile(r"[╔┏┌]"), re.compile(r"[╚┗└]")
_MAX_BOX = 15  # lines
_NAMES = 3  # lines of offices in a row; more are a list
_PARAGRAPH = 100  # characters; shorter lines above an office's name may be a list of offices
_UNFINISHED = re.compile(
    r"(?:ที่|จาก|โดย|กับ|คือ|ได้แก่|และ|หรือ|ของ|เฟซบุ๊ก|facebook|เพจ|[,:]) ?\Z", re.IGNORECASE
)
_ASKS = re.compile(r"\S.{40}(?:สอบถาม|ติดต่อ|เพิ่มเติม|ได้ที่|หรือที่|เส้นทาง) ?\Z")
_ENDS_WITH_CONTACT = re.compile(
    r"(?:โทร|call ?center|สายด่วน|https?://|www\.|@)[^\n]{0,40}[\d/a-z][ .)]*\Z", re.IGNORECASE
)
_CONTACTS = frozenset({"contact", "link"})
_BULLET = re.compile(r"[-–•*·●▪>|]|o (?=\S)")
_SIGNATURE = re.compile(r"[(\-– ]*[^\W\d_][^:;]{4,45}")

# Letters, digits, the Thai marks that a line end may cut off their letter, ticks in tables.
_WORDS = re.compile(r"[^\W_]|[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e√✓✔☑☒✗✘]")


def is_separator(line: str) -> bool:
    """Return whether a line has no letter or digit; a tick in a table is no separator."""
    return _WORDS.search(line) is None


def split_tail(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split the lines of a press release into body and tail.

    If every line could be tail, those that can be prose (a press unit, a link) are the body.
    """
    cut = _body_end(lines, len(lines))
    cut = _body_end(lines, _sign_off_start(lines[:cut]))
    if cut == 0:
        kinds = enumerate(map(tail_kind, lines), 1)
        cut = max((n for n, kind in kinds if kind not in _NEVER_PROSE), default=0)
    return list(lines[:cut]), list(lines[cut:])


def tail_kind(line: str) -> str | None:
    """Return the kind of tail line, None for a line of text."""
    folded = fold(line)
    if len(folded) > _MAX_TAIL_LINE and not folded.startswith("#"):
        return "rule" if _RULE.fullmatch(folded) else None
    return next((kind for kind, pattern in _patterns() if pattern.fullmatch(folded)), None)


def _body_end(lines: Sequence[str], end: int) -> int:
    """Return the end of the body: after the last line before ``end`` that is not of the tail."""
    while end:
        kind = tail_kind(lines[end - 1])
        if kind is None:
            break
        if kind == "name":
            size = _names_above(lines, end)
        elif kind == "post":
            size = _signature_above(lines, end)
        elif kind == "part":
            size = _part_above(lines, end)
        elif kind == "slogan":
            size = _slogan_above(lines, end)
        elif kind in _NEVER_PROSE:
            size = _box_above(lines, end) or 1
        else:
            size = _list_above(lines, end)
        if not size:
            break
        end -= size
    return end


def _box_above(lines: Sequence[str], end: int) -> int:
    """Return the number of lines of a box of short lines that ends at ``end``, 0 without one."""
    if not _BOX_BOTTOM.match(lines[end - 1]):
        return 0
    for size in range(2, min(_MAX_BOX, end) + 1):
        line = lines[end - size]
        if _BOX_TOP.match(line):
            return size if size < end else 0
        if len(line) > _MAX_TAIL_LINE:
            break
    return 0


def _list_above(lines: Sequence[str], end: int) -> int:
    """Return the length of the list of contacts that ends at ``end``; 0 if it lists other things.

    A line without a bullet is a list of one, unless it is the end of a sentence.
    """
    bullet = _BULLET.match(lines[end - 1])
    if bullet is None:
        above = lines[end - 2] if end > 1 else ""
        return int(not (_ASKS.search(above) and tail_kind(above) is None))
    size = 1
    while size < end and lines[end - size - 1].startswith(bullet[0]):
        size += 1
    return size if all(map(tail_kind, lines[end - size : end])) else 0


def _names_above(lines: Sequence[str], end: int) -> int:
    """Return the number of lines that name the office a release is from.

    They are beside a telephone number, a link or the like, or below a paragraph.
    """
    size = 1
    while size < end and tail_kind(lines[end - size - 1]) == "name":
        size += 1
    if size > _NAMES or size == end:
        return 0
    above = lines[end - size - 1]
    if _UNFINISHED.search(above) and tail_kind(above) is None:
        return 0
    below = tail_kind(lines[end]) if end < len(lines) else None
    is_beside = below not in {None, "hashtags", "rule"} or tail_kind(above) is not None
    return size if is_beside or len(above) > _PARAGRAPH else 0


def _signature_above(lines: Sequence[str], end: int) -> int:
    """Return 2 if the lines end in a signature (a name above a post), 0 otherwise."""
    if end < 3 or not _SIGNATURE.fullmatch(lines[end - 2]) or tail_kind(lines[end - 2]):
        return 0
    return 0 if tail_kind(lines[end - 3]) == "post" else 2


def _part_above(lines: Sequence[str], end: int) -> int:
    """Return 1 if an address or second office is above or below a number or a link, else 0."""
    below = tail_kind(lines[end]) if end < len(lines) else None
    above = tail_kind(lines[end - 2]) if end > 1 else None
    return int(bool({below, above} & _CONTACTS))


def _slogan_above(lines: Sequence[str], end: int) -> int:
    """Return 1 if a slogan is below a paragraph, a telephone number or a link, else 0."""
    above = lines[end - 2] if end > 1 else ""
    is_below_text = len(above) > _PARAGRAPH or _ENDS_WITH_CONTACT.search(above) is not None
    return int(is_below_text or tail_kind(above) in _CONTACTS)


def _sign_off_start(lines: Sequence[str]) -> int:
    """Return the index of the rule above a sign-off, or the number of lines if there is none."""
    end = len(lines)
    for above in range(end - 1, max(0, end - 1 - _MAX_ABOUT_US), -1):
        line = lines[above]
        is_about_us = above + 1 < end and _ABOUT_US.fullmatch(lines[above + 1])
        if _END_MARK.fullmatch(line) or (is_about_us and is_separator(line)):
            is_short = sum(map(len, lines[above:])) < sum(map(len, lines[:above]))
            return above if is_short else end
    for above in range(end - 1, max(0, end - 1 - _MAX_SIGN_OFF_LINES), -1):
        line = lines[above]
        if _RULE.fullmatch(line):
            return above
        if len(line) > _MAX_SIGN_OFF_LINE:
            break
    return end


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["kind"], re.compile(row["pattern"])) for row in read_table("tail_lines.csv"))
