"""The dates at the head of a page, each on a line by itself.

On 91,686 pages all are well-formed; other sources have Thai digits, odd spaces, missing weekdays
and years CE, so they are parsed as leniently as prose.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import NamedTuple

from scraper.thai.dates.mentions import find_dates
from scraper.thai.dates.names import WEEKDAY
from scraper.thai.dates.years import Era, possible_day, read_year
from scraper.thai.text import clean_line, fold

# The longest long date has 33 characters; a line twice as long is a sentence.
_LONGEST_LONG_DATE = 70
_BEFORE = re.compile(rf"(?:วัน)? ?{WEEKDAY}?,? ?(?:ที่)? ?:? ?")
_SLASH_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_STAMP_LINE = re.compile(
    rf"(?:วันที่ ?:? ?)?({_SLASH_DATE.pattern})(?:,? (\d{{1,2}})[:.](\d{{2}})(?: ?น\.)?)?"
)


class HeaderDate(NamedTuple):
    """A date that fills a line; ``flags`` as in `scraper.model.DateMention`.

    ``value`` is None for an impossible day, which is flagged ``impossible``.
    """

    value: date | None
    flags: tuple[str, ...]


def read_long_date(line: str) -> HeaderDate | None:
    """Return the date of a line ``วันพฤหัสบดีที่ 21 สิงหาคม 2568``, None for other lines.

    The weekday may be absent; one that does not match the day is only flagged, ``wrong-weekday``.
    A line without a year gives None.
    """
    line = clean_line(line)
    if len(line) > _LONGEST_LONG_DATE:
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
    """Return the date of a line ``21/08/2568``, None for other lines and impossible days.

    Years up to 2100 are CE, later ones BE.
    """
    match = _SLASH_DATE.fullmatch(fold(line))
    return _slash_day(*match.groups()) if match else None


def read_stamp(line: str) -> tuple[date, time | None] | None:
    """Return day and time of a line of the ``news`` layout, ``วันที่ : 21/08/2568 14:30``.

    วันที่ and the time may be absent. None for other lines and impossible days or times.
    """
    match = _STAMP_LINE.fullmatch(fold(line))
    if match is None:
        return None
    _, day, month, year, hour, minute = match.groups()
    if (value := _slash_day(day, month, year)) is None:
        return None
    try:
        return value, time(int(hour), int(minute)) if hour else None
    except ValueError:
        return None


def _slash_day(day: str, month: str, year: str) -> date | None:
    read = read_year(year, Era.UNSAID, None)
    if read is None or read.common is None:
        return None
    return possible_day(read.common, int(month), int(day))
