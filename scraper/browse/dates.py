"""Formats dates in Thai and English, and parses dates as readers type them."""

from __future__ import annotations

from datetime import date

from scraper.reference import read_table
from scraper.thai.dates.years import BUDDHIST_ERA
from scraper.thai.typed_dates import DayError, read_typed_date

BE = 543  # Buddhist era minus common era, in years
_MONTHS = read_table("months.csv")
_WEEKDAYS = read_table("weekdays.csv")
SHORT_WEEKDAYS = [
    {"short": short, **row}
    for short, row in zip(("จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา."), _WEEKDAYS, strict=True)
]


def be_year(iso: str | None) -> int | None:
    """Return the Buddhist-era year of an ISO date or time; None for anything else."""
    day = _parsed_day(iso)
    return day.year + BE if day else None


def thai_date(iso: str | None) -> str | None:
    """Format an ISO date or time as ``21 สิงหาคม 2568``; None for anything else."""
    day = _parsed_day(iso)
    return f"{day.day} {_MONTHS[day.month - 1]['thai']} {day.year + BE}" if day else None


def thai_short_date(iso: str | None) -> str | None:
    """Format an ISO date or time as ``21 ส.ค. 2568``; None for anything else."""
    day = _parsed_day(iso)
    return f"{day.day} {_MONTHS[day.month - 1]['thai_short']} {day.year + BE}" if day else None


def thai_month(iso: str) -> str:
    """Format an ISO month, such as ``2025-08``, as ``ส.ค. 2568``; a year alone as ``2568``."""
    year, _, month = iso[:7].partition("-")
    name = f"{_MONTHS[int(month) - 1]['thai_short']} " if month else ""
    return f"{name}{int(year) + BUDDHIST_ERA}"


def thai_full_month(iso: str) -> str:
    """Format an ISO month or day as ``สิงหาคม 2568``."""
    return f"{_MONTHS[int(iso[5:7]) - 1]['thai']} {int(iso[:4]) + BUDDHIST_ERA}"


def english_date(iso: str | None) -> str | None:
    """Format an ISO date or time as ``21 August 2025``; None for anything else."""
    day = _parsed_day(iso)
    return f"{day.day} {_MONTHS[day.month - 1]['english'].title()} {day.year}" if day else None


def thai_weekday(iso: str | None) -> str | None:
    """Return the Thai weekday of an ISO day or time, such as ``พฤหัสบดี``."""
    day = _parsed_day(iso)
    return _WEEKDAYS[day.isoweekday() - 1]["thai"] if day else None


def _parsed_day(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(str(iso)[:10])
    except ValueError:
        return None


def iso_date(text: str) -> str | None:
    """Return the first day of a typed date or period in ISO format; None if it is not a date."""
    try:
        return read_typed_date(text).first.isoformat()
    except DayError:
        return None


def iso_end(text: str) -> str | None:
    """Return the last day of a typed date or period in ISO format; None if it is not a date."""
    try:
        return read_typed_date(text).last.isoformat()
    except DayError:
        return None
