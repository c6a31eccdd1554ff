"""The dates at the head of a page, each a line of its own.

On 91,686 pages they are well-formed without exception; other sources bring Thai digits, odd
blanks, missing weekdays and years CE, so they are read as leniently as prose, and checked.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import NamedTuple

from scraper.thai.dates.mentions import find_dates
from scraper.thai.dates.names import WEEKDAY
from scraper.thai.dates.years import Era, possible_day, read_year
from scraper.thai.text import clean_line, fold

# The longest long date has 33 characters; a line of twice that is a sentence.
_LONGEST = 70
_BEFORE = re.compile(rf"(?:วัน)? ?{WEEKDAY}?,? ?(?:ที่)? ?:? ?")
_FIGURES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_STAMP = re.compile(
    rf"(?:วันที่ ?:? ?)?({_FIGURES.pattern})(?:,? (\d{{1,2}})[:.](\d{{2}})(?: ?น\.)?)?"
)


class HeaderDate(NamedTuple):
    """A date that is all of a line; ``flags`` as in `scraper.model.DateMention`.

    ``value`` is None for a day that does not exist, which is flagged ``impossible``.
    """

    value: date | None
    flags: tuple[str, ...]


def read_long_date(line: str) -> HeaderDate | None:
    """Return the day a line consists of, ``วันพฤหัสบดีที่ 21 สิงหาคม 2568``, None for other lines.

    The weekday may be absent; if it is not that of the day, ``wrong-weekday`` is flagged and the
    day stands. A line without a year gives None.
    """
    line = clean_line(line)
    if len(line) > _LONGEST:
        return None
    mentions = find_dates(line, None)
    if len(mentions) != 1:
        return None
    (mention,) = mentions
    if mention.start_on != mention.end_on or mention.start_time:
        return None
    if mention.start_on is None and "impossible" not in mention.flags:
        return None
    if mention.end != len(line) or not _BEFORE.fullmatch(fold(line[: mention.start])):
        return None
    return HeaderDate(mention.start_on, mention.flags)


def read_short_date(line: str) -> date | None:
    """Return the day a line consists of, ``21/08/2568``, None for other lines and impossible days.

    Years to 2100 are CE, later ones BE.
    """
    match = _FIGURES.fullmatch(fold(line))
    return _day(*match.groups()) if match else None


def read_stamp(line: str) -> tuple[date, time | None] | None:
    """Return day and hour of a line of the ``news`` layout, ``วันที่ : 21/08/2568 14:30``.

    วันที่ and the hour may be absent. None for other lines and impossible days or hours.
    """
    match = _STAMP.fullmatch(fold(line))
    if match is None:
        return None
    _, day, month, year, hour, minute = match.groups()
    if (value := _day(day, month, year)) is None:
        return None
    try:
        return value, time(int(hour), int(minute)) if hour else None
    except ValueError:
        return None


def _day(day: str, month: str, year: str) -> date | None:
    read = read_year(year, Era.UNSAID, None)
    if read is None or read.common is None:
        return None
    return possible_day(read.common, int(month), int(day))
