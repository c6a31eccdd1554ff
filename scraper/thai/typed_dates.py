"""Parses dates that a reader types into a search box or passes to an option.

Unlike in the prose of ``scraper.thai.dates``, the whole text must be a date, and no year is guessed
from a publication date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from scraper.clock import BANGKOK, now
from scraper.thai.dates import find_dates
from scraper.thai.dates.names import MONTH_NAME, WEEKDAY, month_named
from scraper.thai.dates.years import BUDDHIST_ERA, FIRST_YEAR, LAST_YEAR, possible_day
from scraper.thai.text import clean_line, fold

FORMS = "2568, 2568-08, 08/2568, 21/8/68, 21 ส.ค. 2568 or 2025-08-21"

_MOST_CHARACTERS = 60  # of a date
_FIRST_SHORT_YEAR = 1990  # of years written with two digits; no archived page is older

_BUDDHIST = r"พ\.? ?ศ\.?|พุทธศักราช|b\.?e\.?"
_COMMON = r"ค\.? ?ศ\.?|คริสต์?ศักราช|a\.?d\.?|c\.?e\.?"
_YEAR = (
    rf"(?:(?P<word>ปี|year) ?)?(?:(?P<be>{_BUDDHIST}) ?|(?P<ce>{_COMMON}) ?)?(?P<year>\d{{1,5}})"
    rf"(?: ?(?:(?P<be_after>{_BUDDHIST})|(?P<ce_after>{_COMMON})))?"
)
_YEAR_FIRST = _YEAR.replace(r"\d{1,5}", r"\d{4}")
_MONTH = rf"(?:เดือน ?)?(?P<name>{MONTH_NAME.pattern})"
_DAY_NUMBER = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH_NUMBER = r"(?P<month>\d{1,2})"
_WEEKDAY = rf"(?:(?:วัน)?{WEEKDAY},? ?)?(?:(?:วัน)? ?ที่ ?)?"
_SEPARATOR = r" ?(?P<sep>[-/.]) ?"

_FISCAL = rf"(?P<fiscal>(?:ปี ?)?งบประมาณ|ปี ?งบ|fiscal year|fy) ?(?:ประจำ)?{_YEAR}"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        _YEAR,
        _FISCAL,
        rf"{_YEAR_FIRST}{_SEPARATOR}{_MONTH_NUMBER}(?: ?(?P=sep) ?{_DAY_NUMBER})?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        rf"{_WEEKDAY}{_DAY_NUMBER}{_SEPARATOR}{_MONTH_NUMBER} ?(?P=sep) ?{_YEAR}",
        rf"{_WEEKDAY}{_DAY_NUMBER} {_MONTH_NUMBER} {_YEAR}",
        rf"(?:เดือน ?)?{_MONTH_NUMBER}{_SEPARATOR}{_YEAR}",
        rf"{_WEEKDAY}{_DAY_NUMBER}[ -]?{_MONTH}[ ,-]*{_YEAR}",
        rf"{_MONTH} ?{_DAY_NUMBER},? {_YEAR}",
        rf"{_MONTH}[ ,-]*{_YEAR}",
    )
)
_PREFIX = re.compile(rf"{_WEEKDAY}(?:เดือน ?)?")


class Period(NamedTuple):
    """A range of days, both ends included."""

    first: date
    last: date


class DayError(ValueError):
    """A typed text is not a day, month or year.

    Attributes:
        english: what was typed, why it is not a date, and how to write one. The message of the
            exception starts in Thai.
    """

    def __init__(self, text: str, reason: str = "") -> None:
        quoted = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
        why = f"is not a date{f' ({reason})' if reason else ''}; write {FORMS}"
        self.english = f"{quoted!r} {why}"
        super().__init__(f"“{quoted}” ไม่ใช่วันที่ · {why}")


def read_typed_date(text: str, today: date | None = None) -> Period:
    """Return the first and last day of a typed year, month, day or range of days.

    Thai or ASCII digits, either era. A fiscal year begins on 1 October of the year before. Four
    digits are a year CE from 1700 to 2100 and BE from 2243 to 2643, unless พ.ศ. or ค.ศ. says which.
    Two digits are the only year of either era from 1990 to next year with these digits. The day
    precedes the month; the year is first or last.

    Args:
        text: as typed.
        today: limits years of two digits; default the current day in Bangkok.

    Raises:
        DayError: the text is not a date, no calendar has it, or the year is ambiguous.
    """
    if len(text) > _MOST_CHARACTERS:
        raise DayError(text)
    written = fold(clean_line(re.sub("[‐‑‒–—−]", "-", text)))
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(written):
            parts = match.groupdict()
            year = _year(text, parts, today or now().astimezone(BANGKOK).date())
            if parts.get("fiscal"):  # from October of the year before to September
                return Period(date(year - 1, 10, 1), date(year, 9, 30))
            day = parts.get("day")
            return _period(text, year, _month(text, parts), int(day) if day else None)
    return _range(text, written)


def _month(text: str, parts: dict[str, str | None]) -> int | None:
    """Return the month in the named groups of a match, None if there is none."""
    if not (name := parts.get("name")):
        figures = parts.get("month")
        return int(figures) if figures else None
    number = month_named(name).number
    if number is None:
        raise DayError(text, "its month is ambiguous")
    return number


def _year(text: str, parts: dict[str, str | None], today: date) -> int:
    """Return the year CE in the named groups of a match."""
    digits = parts["year"] or ""
    value = int(digits)
    buddhist = bool(parts.get("be") or parts.get("be_after"))
    common = bool(parts.get("ce") or parts.get("ce_after"))
    if buddhist and common:
        raise DayError(text, "it names two eras")
    # 68 alone may be anything, 8/12 a day without a year; 8/68 can only be a month and year.
    is_year = any(
        parts.get(name) for name in ("word", "be", "be_after", "ce", "ce_after", "day", "fiscal")
    )
    named = parts.get("name") or (parts.get("month") and value > 31)
    if len(digits) == 2 and (is_year or named):
        years = {value + 2500 - BUDDHIST_ERA} if not common else set()
        years |= {value + 2000, value + 1900} if not buddhist else set()
        possible = [year for year in years if _FIRST_SHORT_YEAR <= year <= today.year + 1]
        if len(possible) == 1:
            return possible[0]
        raise DayError(text, "write the year in four digits")
    if len(digits) == 4:
        is_buddhist = buddhist or (value > LAST_YEAR and not common)
        year = value - BUDDHIST_ERA if is_buddhist else value
        if FIRST_YEAR <= year <= LAST_YEAR:
            return year
    raise DayError(text, f"{digits} is not a year")


def _period(text: str, year: int, month: int | None, day: int | None) -> Period:
    if month is None:
        return Period(date(year, 1, 1), date(year, 12, 31))
    if not 1 <= month <= 12:
        raise DayError(text, f"there is no month {month}")
    if day is None:
        return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    value = possible_day(year, month, day)
    if value is None:
        raise DayError(text, f"month {month} of {year} has no day {day}")
    return Period(value, value)


def _range(text: str, written: str) -> Period:
    """Return the period of a range of days such as ``1-3 มีนาคม 2566``."""
    for found in find_dates(written, None)[:1]:
        whole = found.end == len(written) and _PREFIX.fullmatch(written[: found.start])
        if whole and found.start_on and found.end_on and not found.start_time:
            return Period(found.start_on, found.end_on)
    raise DayError(text)
