"""Splits a text into the tokens of dates: numbers, months, hours.

The text *between* two tokens decides how they relate; the patterns for that are here too. All work
on folds: single spaces, ASCII digits, lower case. None of them matches a line end, so no date
extends over two lines: in a table the number at the end of a line belongs to that line.
"""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import read_table
from scraper.thai.dates.names import (
    MONTH_NAME,
    WEEKDAY,
    Month,
    alternatives,
    month_named,
    month_resembling,
)
from scraper.thai.dates.years import BUDDHIST_ERA, Era, possible_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from scraper.thai.text import Folded


class TimeRange(NamedTuple):
    """A time of day or a range; 24.00 is kept as 23:59.

    Attributes:
        midnight: whether 24.00 is written.
        until_24: whether the only or last time is 24.00.
    """

    start: time
    end: time | None
    midnight: bool
    until_24: bool


class Token(NamedTuple):
    """A token of a date; exactly one of ``digits``, ``month``, ``hours`` and ``day`` is set.

    Attributes:
        start, end: offsets in the fold.
        digits: of an integer.
        day: a date written ``15/03/2566``.
    """

    start: int
    end: int
    digits: str = ""
    month: Month | None = None
    hours: TimeRange | None = None
    day: date | None = None

    @property
    def day_number(self) -> int:
        """The number as a day of a month; 0 if it cannot be one."""
        return int(self.digits) if 0 < len(self.digits) <= 2 and int(self.digits) <= 31 else 0


# --- between two tokens ------------------------------------------------------------------------

_DAY_WORD = rf"(?:(?:ใน)?วัน ?(?:{WEEKDAY} ?)?(?:ที่)? ?|{WEEKDAY},? (?:ที่ ?)?|เดือน ?|the )?"

_UNTIL = r"(?:[-–—−~]|(?:ไป)?(?:จน)?ถึง|to|until|through)"
_NEAR_YEAR = r" ?(?:ของ|ใน)? ?ปี ?(?:{})|,?(?: of| in)? {} year\b"
_LAST_YEAR = _NEAR_YEAR.format("ที่แล้ว|ที่ผ่านมา|กลาย|ก่อน(?!หน้า)", "last")
_THIS_YEAR = _NEAR_YEAR.format("นี้", "this")
_NEXT_YEAR = _NEAR_YEAR.format("หน้า(?!ที่)", "next")
_POINTER = rf"(?:{_LAST_YEAR}|{_THIS_YEAR}|{_NEXT_YEAR}| ?(?:นี้|ที่ผ่านมา|ที่แล้ว))?"

NEAR_YEAR = re.compile(
    rf" ?\)?(?:(?P<last>{_LAST_YEAR})|(?P<this>{_THIS_YEAR})|(?P<next>{_NEXT_YEAR}))"
)
RANGE = re.compile(rf" ?{_UNTIL} ?{_DAY_WORD}")
# Either end may be in brackets: `วันนี้ (5 มี.ค. 66) - 9 มี.ค. 66`, `5 มี.ค. ถึงพรุ่งนี้ (6 มี.ค. 66)`.
RANGE_OF_PARTS = re.compile(
    rf"{_POINTER} ?\)?{_POINTER} ?{_UNTIL} ?"
    rf"(?:(?:ปัจจุบัน|ขณะนี้|(?:เมื่อ)?วานนี้|วันนี้|(?:วัน)?พรุ่งนี้|today|tomorrow) ?\( ?)?{_DAY_WORD}"
)
LIST = re.compile(rf" ?(?:,|,? ?(?:และ|กับ|หรือ|รวมถึง|and|or|&)) ?{_DAY_WORD}")
AND = re.compile(r" (?:and|&) ")
CLAUSE_END = re.compile(r" ?(?:[.,;:)\n]|\Z)")
DAY_MONTH = re.compile(r" ?(?:เดือน ?|of )?")
YEAR = re.compile(
    r"(?P<apart> ?\))?\.?(?P<comma> ?,)? ?(?:ของ|ใน)?(?P<word>ปี ?['’‘]?|['’‘])?"
    r"(?:(?P<era>พ\.? ?ศ\.?|พุทธศักราช|พุทธศก|buddhist era"
    r"|ค\.? ?ศ\.?|คริสต์?ศักราช|b\.?e\.?|a\.?d\.?|c\.?e\.?) ?)?"
)
# Eras that are not converted: Rattanakosin, Chula and Maha Sakarat, Hijri, any other ศักราช and
# Japan's. The year of the animal cycle and of the decade (เบญจศก) may come before them.
OTHER_ERA_NAME = re.compile(
    r",? ?\(?(?:ของ|ใน|ตรงกับ)?(?:ปี ?[ก-๎]{2,10} ?)?(?:[ก-๎]{2,8}ศก ?)?(?:ปี ?)?"
    r"(?:(?:กรุง)?รัตนโกสินทร์? ?ศก|(?:กรุง)?รัตนโกสินทร์(?= ?(?:ที่ ?)?\d)"
    r"|(?!พุทธ|คริสต)[ก-๎]{0,14}ศักราช|ฮิจ[ก-๎]{3,10}"
    r"|รัชศก|เรวะ|เฮเซ|โชวะ|hijri|rattanakosin"
    r"|(?:[รจมฮ]\.? ?ศ\.?|ศก|a\.?h\.?|r\.?s\.?|c\.?s\.?|m\.?s\.?)(?= ?(?:ที่ ?)?\d))"
)
# Behind its year, as in "112 ร.ศ."
OTHER_ERA_AFTER = re.compile(
    r" ?\(?(?:[รจมฮ]\. ?ศ\.|a\.?h\b\.?|r\.s\.|hijri|รัตนโกสินทร์? ?ศก|ฮิจ[ก-๎]{3,10})"
)
# A year of the cycle of twelve animals, or of the decade with it.
CYCLE_YEAR = re.compile(
    r",? ?\(?(?:ของ|ใน|ตรงกับ)?ปี ?(?:ชวด|ฉลู|ขาล|เถาะ|มะโรง|มะเส็ง|มะเมีย|มะแม|วอก|ระกา|จอ|กุน)"
    r"(?: ?(?:เอก|โท|ตรี|จัตวา|เบญจ|ฉ|สัปต|อัฐ|นพ|สัมฤทธิ)ศก)?(?![ก-๎])(?: ?\))?"
)
ERA_YEAR = re.compile(r" ?(?:ที่|ปี)? ?")  # between the name of an era and its year
YEAR_BEFORE = re.compile(r" ?\( ?(?:ใน|ช่วง|ระหว่าง|ตั้งแต่)*(?:เดือน|วันที่)? ?")
# The calendar year, not a fiscal year: ปีงบประมาณ พ.ศ. 2566 begins in October 2565.
THE_YEAR = re.compile(r"ปี ?(?:พ\.ศ\. ?)?\Z")
HOURS_AFTER = re.compile(
    rf"{_POINTER}[ )\],]*(?:\(? ?(?:โดย|เริ่ม|เมื่อ|ตั้งแต่|ใน|ณ |ช่วง|ระหว่าง|ภายใน|ก่อน|at|from)* ?"
    r"(?:เวลา ?)?(?:ประมาณ|ระหว่าง|ตั้งแต่)? ?)"
)
HOURS_BEFORE = re.compile(
    rf" ?(?:ของ|ใน|เมื่อ|,|on)? ?(?:วันนี้ ?)?\(? ?(?:วัน ?(?:{WEEKDAY} ?)?(?:ที่)?|{WEEKDAY},?)? ?"
)


def years_from_publication(text: str, at: int) -> int | None:
    """Return -1, 0 or 1 if the words at ``at`` are last, this or next year; otherwise None."""
    match = NEAR_YEAR.match(text, at)
    return {"last": -1, "this": 0, "next": 1}[match.lastgroup or ""] if match else None


def era_of(gap: re.Match[str]) -> Era:
    """Return the era in a match of `YEAR`."""
    written = gap["era"]
    if not written:
        return Era.UNSAID
    return Era.BUDDHIST if written[0] in "พb" else Era.COMMON


# --- tokens ------------------------------------------------------------------------------------

# A number with everything attached: 1/2568 is a meeting, 33/39/40 are sections, 2,500 is a count.
_NUMBERS = re.compile(r"\d+(?:,\d{3}(?!\d))*(?:[./:]\d+)*(?P<ordinal>(?:st|nd|rd|th)(?![a-z]))?")
_SLASHED_BE_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(2[45]\d\d)")
_CLOCK = r"(\d{1,2})(?:[.:](\d{2}))?"
_UNIT = r" ?(?:น\.|น(?![ก-๎.])|นาฬิกา|hrs?\b|hours)"
_TIME_RANGE = re.compile(
    rf"(?:{_CLOCK}(?:{_UNIT})?(?: ?[-–—] ?| ?ถึง ?)(?:เวลา ?)?)?{_CLOCK}{_UNIT}|(\d\d)(\d\d){_UNIT}"
)
# An abbreviation may follow these words without a space; after others it is part of a longer one.
_BEFORE_SHORT = ("เดือน", "ถึง", "และ", "ใน", "ตั้งแต่", "ต้น", "กลาง", "ปลาย", "สิ้น", "ช่วง")
_NO_DAY = ("โควิด-", "โควิด ", "โควิด - ", "covid-", "covid ", "covid - ")
_THAI_OR_DOT = re.compile(r"[ก-๎.a-z]")
_CIVIL_SERVICE = ("สำนักงาน ", "เลขาธิการ ", "กรรมการ ")  # whose commission is ก.พ., too
# A word between a day and a year, which is probably a month.
_STRANGE = re.compile(r"\d ?(?:เดือน ?)?(?P<word>[กมพสตธเ][ก-๎]{3,12}) ?(?:พ\.ศ\. ?)?(?=\d)")
# Whole words only: ครั้งที่ 2, รายงาน, คนไทย may follow a year.
_COUNTER = re.compile(
    rf" ?(?:{alternatives(row['written'] for row in read_table('counters.csv'))})(?![ก-๎])"
)


def tokenise(folded: Folded, original: str) -> list[Token]:
    """Return the tokens of a text in order, without overlaps.

    English months are recognised by their capital, hence the original.
    """
    tokens = [*_number_tokens(folded.text), *_month_tokens(folded, original)]
    known = {token.start for token in tokens}
    tokens += (token for token in _misspelt_month_tokens(folded.text) if token.start not in known)
    return sorted(tokens, key=lambda token: token.start)


def counts_something(text: str, token: Token) -> bool:
    """Return whether a number precedes a counted noun: 45 in ``21 เม.ย. 45 คน``."""
    return _COUNTER.match(text, token.end) is not None


def _number_tokens(text: str) -> Iterator[Token]:
    at = 0
    while match := _NUMBERS.search(text, at):
        start, at = match.span()
        if (hours := _TIME_RANGE.match(text, start)) and (read := _read_hours(hours)):
            at = hours.end()
            yield Token(start, at, hours=read)
        elif figures := _SLASHED_BE_DATE.fullmatch(match[0]):
            day, month, year = map(int, figures.groups())
            # Slashes join many things that are not dates.
            if found := possible_day(year - BUDDHIST_ERA, month, day):
                yield Token(start, at, day=found)
        else:
            digits = match[0].removesuffix(match["ordinal"] or "")
            if digits.isdecimal() and not text.endswith(_NO_DAY, 0, start):
                yield Token(start, at, digits=digits)


def _read_hours(match: re.Match[str]) -> TimeRange | None:
    """Return the times in a match of ``_TIME_RANGE``, None if they are not times of day."""
    first_hour, first_minute, hour, minute, military_hour, military_minute = match.groups()
    last = _read_clock(hour or military_hour, minute or military_minute)
    if last is None or (minute is None and military_minute is None and "นาฬิกา" not in match[0]):
        return None
    until_24 = (hour or military_hour) == "24"
    if first_hour is None:
        return TimeRange(last, None, until_24, until_24)
    first = _read_clock(first_hour, first_minute)
    return TimeRange(first, last, until_24 or first_hour == "24", until_24) if first else None


def _read_clock(hour: str, minute: str | None) -> time | None:
    if (int(hour), int(minute or 0)) == (24, 0):
        return time(23, 59)
    if int(hour) > 23 or int(minute or 0) > 59:
        return None
    return time(int(hour), int(minute or 0))


def _month_tokens(folded: Folded, original: str) -> Iterator[Token]:
    text = folded.text
    for match in MONTH_NAME.finditer(text):
        start, end = match.span()
        month = month_named(match[0])
        if month.english:
            first, _ = folded.original_span(start, start + 1)
            if original[first].isupper() and not text[start - 1 : start].isalpha():
                yield Token(start, end, month=month)
        elif not month.abbreviated or _may_begin(text, start):
            yield Token(start, end, month=month)


def _may_begin(text: str, start: int) -> bool:
    """Return whether an abbreviation at ``start`` is a separate word."""
    if _THAI_OR_DOT.match(text[start - 1 : start]):
        return text.endswith(_BEFORE_SHORT, 0, start)
    return not text.endswith(_CIVIL_SERVICE, 0, start)


def _misspelt_month_tokens(text: str) -> Iterator[Token]:
    for match in _STRANGE.finditer(text):
        if number := month_resembling(match["word"]):
            yield Token(*match.span("word"), month=Month(number, misspelt=True))
