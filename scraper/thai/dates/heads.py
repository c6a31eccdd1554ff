"""Finds the year that heads a list of dates: ``วันหยุดปี 2567 ได้แก่ 1 มกราคม, 6 เมษายน``."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.dates.names import MONTH_NAME
from scraper.thai.dates.years import Era, read_year

if TYPE_CHECKING:
    from collections.abc import Iterator

# A year; ``head`` if it may head a list: no year of accounts or of a budget act, no number.
_YEAR = re.compile(
    r"(?:(?P<head>(?<!บัญชี)(?<!รายจ่ายประจำ)ปี ?(?:พ\.ศ\. ?)?|\b(?:in|for|of|year) )"
    r"|(?<![\d/.]))(?P<year>\d{4})(?![\d/.,]\d)"
)
# Between the year and the list.
_OPENING = re.compile(
    rf"[^\n\d]{{0,3}}(?:\n|\((?=[^\n\d]{{0,12}}(?:\d|{MONTH_NAME.pattern})))"
    r"|[^\n]{0,80}?(?:ได้แก่|ดังนี้|ดังต่อไปนี้|ประกอบด้วย|as follows|namely|:(?![\d/]))"
)
# A line of a list has a day near its beginning.
_ITEM = re.compile(
    rf"(?!ทั้งนี้|นอกจากนี้|โดย|เมื่อ)[^\n\d]{{0,120}}(?:\d{{1,2}}[.)] ?[^\n\d]{{0,80}})?"
    rf"(?:\d{{1,2}} ?(?:เดือน ?)?(?:{MONTH_NAME.pattern})|(?:{MONTH_NAME.pattern}) \d{{1,2}}\b)"
)
_LONGEST_LIST = 40  # lines
_HEADING = 50  # characters before the year; scripts of broadcasts break lines after 60 to 110


class _Region(NamedTuple):
    start: int
    end: int
    year: int


class ListHeads:
    """The lists of a fold that are headed with their year."""

    def __init__(self, text: str) -> None:
        self._regions = list(_regions(text))
        self._starts = [region.start for region in self._regions]

    def year_at(self, at: int) -> int | None:
        """Return the year CE of the list that a date at ``at`` belongs to, None without one."""
        index = bisect_right(self._starts, at) - 1
        if index < 0 or at >= self._regions[index].end:
            return None
        return self._regions[index].year


def _regions(text: str) -> Iterator[_Region]:
    """Yield the lists, each from its opening to the next year or the end of its last line."""
    following = iter([*_YEAR.finditer(text), None])
    match = next(following)
    while match:
        head, match = match, next(following)
        if not head["head"]:
            continue
        end = match.start() if match else len(text)
        opening = _OPENING.match(text, head.end(), end)
        year = read_year(head["year"], Era.UNSAID, None)
        is_wrapped = (
            opening and text[opening.end() - 1] == "\n" and not _is_short(text, head.start())
        )
        if opening and not is_wrapped and year and year.common:
            yield _Region(opening.end(), _list_end(text, opening.end(), end), year.common)


def _is_short(text: str, at: int) -> bool:
    """Return whether few words precede ``at`` in its line, as in a heading."""
    return at < _HEADING or text.find("\n", at - _HEADING, at) >= 0


def _list_end(text: str, start: int, end: int) -> int:
    """Return the end of a list: of its line, or of the lines below that are items of it."""
    if text[start - 1] == "(":
        return _found(text.find(")", start, end), end)
    if text[start - 1] != "\n":
        start = min(_found(text.find("\n", start, end), end) + 1, end)
    for _ in range(_LONGEST_LIST):
        if not _ITEM.match(text, start, end):
            break
        start = min(_found(text.find("\n", start, end), end) + 1, end)
    return start


def _found(at: int, otherwise: int) -> int:
    return at if at >= 0 else otherwise
