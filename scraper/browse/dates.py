"""Days as a Thai reader knows them, and as a reader types them. Text in, values out."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from scraper.reference import read_table
from scraper.thai.dates import find_dates
from scraper.thai.dates.header import read_short_date
from scraper.thai.text import to_ascii_digits

BE = 543  # years between the common era and the Buddhist era
FIRST_BE = 2400  # a year from here on is of the Buddhist era
_MONTHS = read_table("months.csv")
_WEEKDAYS = read_table("weekdays.csv")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class Period(NamedTuple):
    """A first and a last day, both inclusive."""

    first: date
    last: date


class DayError(ValueError):
    """Something that is no day, month or year; the message quotes it and shows how to write one."""


def be_year(iso: str | None) -> int | None:
    """Return the Buddhist-era year of an ISO day or time; None for anything else."""
    day = _day(iso)
    return day.year + BE if day else None


def thai_date(iso: str | None) -> str | None:
    """Return an ISO day or time as ``21 สิงหาคม 2568``; None for anything else."""
    day = _day(iso)
    return f"{day.day} {_MONTHS[day.month - 1]['thai']} {day.year + BE}" if day else None


def thai_short_date(iso: str | None) -> str | None:
    """Return an ISO day or time as ``21 ส.ค. 2568``; None for anything else."""
    day = _day(iso)
    return f"{day.day} {_MONTHS[day.month - 1]['thai_short']} {day.year + BE}" if day else None


def thai_month(iso: str) -> str:
    """Return an ISO month, such as ``2025-08``, as ``ส.ค. 2568``; a year alone as ``2568``."""
    year, _, month = iso[:7].partition("-")
    name = f"{_MONTHS[int(month) - 1]['thai_short']} " if month else ""
    return f"{name}{int(year) + BE}"


def english_date(iso: str | None) -> str | None:
    """Return an ISO day or time as ``21 August 2025``; None for anything else."""
    day = _day(iso)
    return f"{day.day} {_MONTHS[day.month - 1]['english'].title()} {day.year}" if day else None


def thai_weekday(iso: str | None) -> str | None:
    """Return the Thai weekday of an ISO day or time, such as ``พฤหัสบดี``."""
    day = _day(iso)
    return _WEEKDAYS[day.isoweekday() - 1]["thai"] if day else None


def _day(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(str(iso)[:10])
    except ValueError:
        return None


def read_period(text: str) -> Period:
    """Return the days that a reader means by a year, a month or a day, of either era.

    ``2568``, ``2025-08``, ``2568-08-21``, ``21/08/2568`` and ``21 ส.ค. 2568`` are understood, with
    Thai or ASCII digits.

    Raises:
        DayError: none of these, or no such day.
    """
    written = to_ascii_digits(text).strip()
    try:
        if match := _ISO.fullmatch(written):
            return _span(*(int(part) if part else None for part in match.groups()))
    except ValueError as error:
        raise DayError(_advice(text)) from error
    if day := read_short_date(written):
        return Period(day, day)
    for found in find_dates(written, None):
        if found.start_on and found.end_on:
            return Period(found.start_on, found.end_on)
    raise DayError(_advice(text))


def iso_date(text: str) -> str | None:
    """Return the first day of what ``read_period`` reads, as ISO text; None for what it cannot."""
    try:
        return read_period(text).first.isoformat()
    except DayError:
        return None


def iso_end(text: str) -> str | None:
    """Return the last day of what ``read_period`` reads, as ISO text; None for what it cannot."""
    try:
        return read_period(text).last.isoformat()
    except DayError:
        return None


def _span(year: int | None, month: int | None = None, day: int | None = None) -> Period:
    assert year is not None  # noqa: S101 - the pattern's first group always matches
    ce = year - BE if year >= FIRST_BE else year
    if day is not None and month is not None:
        return Period(date(ce, month, day), date(ce, month, day))
    first, last = (month, month) if month is not None else (1, 12)
    if not 1 <= last <= 12:
        raise ValueError("no such month")
    return Period(date(ce, first, 1), date(ce, last, monthrange(ce, last)[1]))


def _advice(text: str) -> str:
    return f"“{text}” ไม่ใช่วันที่ · is no date; write 2568, 2568-08, 21/08/2568 or 2025-08-21"
