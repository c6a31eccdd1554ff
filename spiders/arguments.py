"""Reads the values that operators pass to spiders with ``-a NAME=VALUE``. Imports no Scrapy."""

from __future__ import annotations

import re

from scraper.errors import ReportedError
from scraper.thai.dates.years import LAST_YEAR
from scraper.thai.typed_dates import DayError, read_typed_date


class ArgumentError(ReportedError, ValueError):
    """A spider argument is invalid; the message names it and the values it may have."""

    exit_code = 2


def number_argument(name: str, value: str | None, *, least: int = 0) -> int | None:
    """Return a spider argument as an integer, None if it was not given.

    Raises:
        ArgumentError: it is not an integer, or less than ``least``.
    """
    if value is None or value == "":
        return None
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if number < least:
        raise ArgumentError(f"{name} must be a whole number of at least {least}, not {value!r}")
    return number


def seconds_argument(name: str, value: str, *, most: float) -> float:
    """Return a spider argument as a number of seconds.

    Raises:
        ArgumentError: it is not a number from 0 to ``most``.
    """
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= most:
        raise ArgumentError(f"{name} must be a number of seconds up to {most:.0f}, not {value!r}")
    return seconds


def timestamp_argument(name: str, value: str, *, last: bool = False) -> str:
    """Return a bound on capture times the way web archives write it: 4 to 14 digits, or empty.

    Args:
        name: of the argument.
        value: such digits, a date of either era as a reader types it, or empty.
        last: return the last day of a month or year instead of the first.

    Raises:
        ArgumentError: the value is none of these.
    """
    if not value or (re.fullmatch(r"\d{4,14}", value, re.ASCII) and int(value[:4]) <= LAST_YEAR):
        return value
    day, time = value, ""
    if re.fullmatch(r"\d{9,14}", value, re.ASCII):
        day, time = value[:8], value[8:]
    try:
        period = read_typed_date(day)
    except DayError as error:
        raise ArgumentError(f"{name}: {error.english}, or 4 to 14 digits") from None
    return f"{period.last if last else period.first:%Y%m%d}{time}"
