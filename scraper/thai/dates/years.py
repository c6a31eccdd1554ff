"""Years: which number is one, in which era, and which is meant where none is written."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

BUDDHIST_ERA = 543
"""Years between the eras: 2566 BE is 2023 CE.

Until 1940 the year began in April: see `Year.doubt`.
"""

_LAST_OLD_YEAR = 1940  # CE; 2483 BE had nine months, 1 January 2484 BE is that of 1941
_BEFORE_APRIL = (1, 2, 3)
_LAST = 2100  # CE; plans reach to the middle of the century, years beyond are slips such as 2657


class Era(Enum):
    """What stands before a year: พ.ศ., ค.ศ., or nothing that tells."""

    BUDDHIST = "พ.ศ."
    COMMON = "ค.ศ."
    UNSAID = ""


class Year(NamedTuple):
    """A year as read.

    Attributes:
        common: the year CE; None where the number is no possible year.
        flag: what is doubtful about it, empty if nothing is.
        buddhist: whether it was written in the Buddhist era.
    """

    common: int | None
    flag: str = ""
    buddhist: bool = False

    def doubt(self, month: int | None) -> str:
        """Return the flag for a month of the year, empty if nothing is doubtful.

        While the year began in April, January to March were its last months. Writers of today
        count some of those days so and some by the calendar of today. They are read by the latter;
        by the old count such a day is a year later.
        """
        is_old = self.buddhist and self.common is not None and self.common <= _LAST_OLD_YEAR
        return "old-new-year" if is_old and month in _BEFORE_APRIL else self.flag


IMPLAUSIBLE = Year(None, "implausible-year")
"""A number that is no possible year."""

OTHER_ERA = Year(None, "other-era")
"""A year of an era that is not read."""


def read_year(digits: str, era: Era, published_on: date | None) -> Year | None:
    """Return the year that digits after a month name, or None if they are some other number.

    Four digits: 1700 to 2100 are CE unless พ.ศ. stands before them, others up to 2643 are BE (the
    archive has days of 2325 and 2376 BE). Two digits are BE, unless they are the very year of
    publication in CE. Three digits or five that begin like a year have lost or gained one.
    """
    if len(digits) == 4:
        return _four_digits(int(digits), era)
    if len(digits) == 2:
        return _two_digits(int(digits), era, published_on)
    return IMPLAUSIBLE if len(digits) in {3, 5} and digits[:2] in {"24", "25"} else None


def _four_digits(value: int, era: Era) -> Year | None:
    if era is Era.COMMON:
        return Year(value) if 1000 <= value <= _LAST else IMPLAUSIBLE
    if 1700 <= value <= _LAST:
        # พ.ศ. 2023 would be 1480 CE: the number or the era is wrong.
        return Year(value) if era is Era.UNSAID else IMPLAUSIBLE
    if _LAST < value <= _LAST + BUDDHIST_ERA:
        return Year(value - BUDDHIST_ERA, buddhist=True)
    return IMPLAUSIBLE if era is Era.BUDDHIST or 2600 < value < 3000 else None


def _two_digits(value: int, era: Era, published_on: date | None) -> Year | None:
    buddhist, common = 2500 + value - BUDDHIST_ERA, 2000 + value
    if era is Era.COMMON:
        return Year(common)
    if era is Era.UNSAID and published_on and abs(common - published_on.year) <= 1:
        return Year(common, "ce-two-digit")
    # Up to 31 the number is rather a day or a count: 2531 BE is older than the site's people
    # write with two digits.
    return Year(buddhist, buddhist=True) if value > 31 or era is Era.BUDDHIST else None


def possible_day(year: int, month: int, day: int) -> date | None:
    """Return a day of a year CE, None if no calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest_year(
    month: int, day: int, published_on: date, *, latest: timedelta, weekday: int | None = None
) -> int:
    """Return the year CE of a day written without one: that of the 365 days up to the latest.

    ``latest`` is how long after publication the day may be. A weekday (its ISO number) may show
    that the day is one of the year before or after; so does the 29th of February.
    """
    end = published_on + latest
    year = end.year if (month, day) <= (end.month, end.day) else end.year - 1
    possible = [near for near in (year, year + 1, year - 1) if day <= monthrange(near, month)[1]]
    for near in possible:
        if weekday == date(near, month, day).isoweekday():
            return near
    return possible[0] if possible else year
