"""Years: which numbers are years, in which era, and which year is meant if none is written."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

BUDDHIST_ERA = 543
"""Years between the eras: 2566 BE is 2023 CE. Until 1940 the year began in April: `Year.doubt`."""

FIRST_YEAR = 1700  # CE
LAST_YEAR = 2100
"""The years CE that can be written as such. The same plus 543 are years BE; no number is both."""

_LAST_OLD_YEAR = 1940  # CE; 2483 BE had nine months, and 1 January 2484 BE is in 1941
_BEFORE_APRIL = (1, 2, 3)


class Era(Enum):
    """The era written before a year."""

    BUDDHIST = "พ.ศ."
    COMMON = "ค.ศ."
    UNSAID = ""


class Year(NamedTuple):
    """A parsed year.

    Attributes:
        common: the year CE; None if the number is not a possible year.
        flag: of a doubtful year, otherwise empty.
        buddhist: whether it was written in the Buddhist era.
    """

    common: int | None
    flag: str = ""
    buddhist: bool = False

    def doubt(self, month: int | None) -> str:
        """Return the flag of a month of the year, empty if nothing is doubtful.

        While the year began in April, January to March were its last months. Today's writers count
        such days in either way. They are read by today's calendar; by the old one they are a year
        later.
        """
        is_old = self.buddhist and self.common is not None and self.common <= _LAST_OLD_YEAR
        return "old-new-year" if is_old and month in _BEFORE_APRIL else self.flag


IMPLAUSIBLE = Year(None, "implausible-year")
"""A number that is not a possible year."""

OTHER_ERA = Year(None, "other-era")
"""A year of an era that is not converted."""


def read_year(digits: str, era: Era, published_on: date | None) -> Year | None:
    """Return the year written after a month, None if the digits are some other number.

    Four digits: 1700 to 2100 are CE unless พ.ศ. precedes them, others up to 2643 are BE (the
    archive has days of 2325 and 2376 BE). Two digits are BE, unless they are the CE year of
    publication or next to it. Three or five digits that start like a year are a typing mistake.
    """
    if len(digits) == 4:
        return _four_digits(int(digits), era)
    if len(digits) == 2:
        return _two_digits(int(digits), era, published_on)
    return IMPLAUSIBLE if len(digits) in {3, 5} and digits[:2] in {"24", "25"} else None


def _four_digits(value: int, era: Era) -> Year | None:
    if era is Era.COMMON:
        return Year(value) if 1000 <= value <= LAST_YEAR else IMPLAUSIBLE
    if FIRST_YEAR <= value <= LAST_YEAR:
        # พ.ศ. 2023 would be 1480 CE: the number or the era is wrong.
        return Year(value) if era is Era.UNSAID else IMPLAUSIBLE
    if LAST_YEAR < value <= LAST_YEAR + BUDDHIST_ERA:
        return Year(value - BUDDHIST_ERA, buddhist=True)
    return IMPLAUSIBLE if era is Era.BUDDHIST or 2600 < value < 3000 else None


def _two_digits(value: int, era: Era, published_on: date | None) -> Year | None:
    buddhist, common = 2500 + value - BUDDHIST_ERA, 2000 + value
    if era is Era.COMMON:
        return Year(common)
    if era is Era.UNSAID and published_on and abs(common - published_on.year) <= 1:
        return Year(common, "ce-two-digit")
    # A number up to 31 is rather a day or a count: years as old as 2531 BE are not written with two
    # digits.
    return Year(buddhist, buddhist=True) if value > 31 or era is Era.BUDDHIST else None


def possible_day(year: int, month: int, day: int) -> date | None:
    """Return a day of a year CE, None if it does not exist."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest_year(
    month: int, day: int, published_on: date, *, latest: timedelta, weekday: int | None = None
) -> int:
    """Return the year CE that puts a day into the 365 days that end ``latest`` after publication.

    The year before or after it is returned if only that has 29 February, or the given weekday (ISO
    number) on that day.
    """
    end = published_on + latest
    year = end.year if (month, day) <= (end.month, end.day) else end.year - 1
    possible = [near for near in (year, year + 1, year - 1) if day <= monthrange(near, month)[1]]
    for near in possible:
        if weekday == date(near, month, day).isoweekday():
            return near
    return possible[0] if possible else year
