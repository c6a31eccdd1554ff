"""The days that may be an event's: those a text names, and วันนี้ where it names none."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class PossibleDay(NamedTuple):
    """A day or range of days that a text names.

    Attributes:
        field: name of the text.
        start, end: offsets in it.
        start_on, end_on: first and last day.
        timed: whether a time of day is given.
    """

    field: str
    start: int
    end: int
    start_on: date
    end_on: date
    timed: bool = False


OPENING = 1_500
"""Characters of lead and body in which an event is told."""
_EARLIEST, _LATEST = timedelta(days=-60), timedelta(days=200)
"""An event lies between these and the day of publication."""
_HEAD = 700
"""Characters of the body in which a dated day leaves no room for วันนี้ alone."""
_SOON = timedelta(days=7)

_JUST = timedelta(days=3)

_BARE_TODAY = re.compile(r"(?:\A|\n|[ :])วันนี้(?= ?(?:เวลา|ณ |ที่|นาย|นาง|พล|ดร|รัฐ|รอง|น\.|ม\.|[ก-๎]))")
# การหารือในวันนี้; not ทุกวันนี้, ตั้งแต่วันนี้ถึง….
_OF_TODAY = re.compile(
    r"(?<!ตั้งแต่)(?<!ตั้งแต่ )(?<!ทุก)(?<!ถึง)(?<!ณ )วันนี้(?! ?(?:เป็นต้นไป|ถึง|จนถึง|[-–(\d]))"
)


def bare_today(
    texts: Mapping[str, str], days: Iterable[PossibleDay], published_on: date | None
) -> Iterator[PossibleDay]:
    """Yield วันนี้ at the beginning of the body, as the day of publication, if no day is dated."""
    match = _BARE_TODAY.search(texts.get("body", ""), 0, _HEAD)
    if match and published_on and not _is_dated(texts.get("body", ""), days):
        yield PossibleDay("body", match.start(), match.end(), published_on, published_on)


def told_today(
    texts: Mapping[str, str], days: Iterable[PossibleDay], published_on: date | None, end: int
) -> Iterator[PossibleDay]:
    """Yield the beginning of the body, as the day of publication, if วันนี้ is written before ``end``.

    The opening paragraph tells an event without its day, and a later one says การประชุมในวันนี้.
    """
    if (
        published_on
        and not _is_dated(texts.get("body", ""), days)
        and _OF_TODAY.search(texts.get("body", ""), 0, end)
    ):
        yield PossibleDay("body", 0, 0, published_on, published_on)


def _is_dated(text: str, days: Iterable[PossibleDay]) -> bool:
    return any(
        day.start < _HEAD and not _HOLIDAY.search(text[max(0, day.start - 90) : day.start])
        for day in days
        if day.field == "body"
    )


_HOLIDAY = re.compile(r"(?:พรรษา|สมภพ|ประสูติ)(?: ?[0-9]{1,3} (?:พรรษา|รอบ))?[^\n0-9]{0,60}\Z")


TODAY_BEFORE = re.compile(
    r"(?<!ตั้งแต่)(?<!ทุก)วันนี้ ?(?:[(\[{] ?|(?=[วv\d ]|\Z))(?:วัน[ก-๎]{2,10}ที่ ?|วันที่ ?)?\Z"
)
_DATELINE_END = 20
"""Characters before the day of a dateline: เมื่อวันที่."""


def is_today(text: str, day: PossibleDay) -> bool:
    """Return whether วันนี้ is before a day: วันนี้ (9 มกราคม 2565)."""
    return TODAY_BEFORE.search(text[max(0, day.start - 100) : day.start]) is not None


def is_last_year(text: str, day: PossibleDay, published_on: date) -> bool:
    """Return whether a line of the opening begins with a day a year before or after publication."""
    begins = day.start - text.rfind("\n", 0, day.start) - 1 < _DATELINE_END
    return begins and day.start < _HEAD and abs(day.start_on.year - published_on.year) == 1


def in_year_of(day: PossibleDay, published_on: date) -> PossibleDay:
    """Return วันนี้ (9 มกราคม 2565) in the year of publication, if that day was just before it.

    In 40 of 19,000 such phrases the year is a slip.
    """
    if day.start_on != day.end_on:
        return day
    try:
        meant = day.start_on.replace(year=published_on.year)
    except ValueError:
        return day
    is_slip = timedelta() <= published_on - meant <= _SOON
    return day._replace(start_on=meant, end_on=meant) if is_slip else day


# A day that is part of something else: a deadline, the day of data, of a law, an anniversary.
_NO_EVENT_BEFORE = re.compile(
    r"(?:ภายใน|วันนี้ ?[-–]|ก่อน|ถึง|ออกอากาศ(?:เมื่อ)?|"
    r"ข้อมูล ?ณ|ณ|ลง|ตั้งแต่|เริ่ม|ประจำ|นับ(?:จาก|แต่)|มีผล(?:บังคับใช้)?|ไม่เกิน|หมดเขต|"
    r"มีผล(?:บังคับ)?(?:ใช้)? ?(?:ใน)?วันนี้ ?[(]|(?:ครม\.?|คณะรัฐมนตรี) ?[(]|"
    r"มติ[ก-๎. ]{0,30}|เกิด|รอบ|พรรษา(?:พระบาท[ก-๎ ]{0,60})?|สมภพ|ประสูติ"
    r"|until|by|before|since|as of|dated) ?(?:ใน)?"
    r"(?:วัน[ก-๎]{0,12}ที่)? ?\Z"
)
_FROM = re.compile(r"ตั้งแต่(?:วันที่)? ?\Z")
# The day of what somebody speaks about: จากกรณี… เมื่อวันที่ ….
_CAUSE_BEFORE = re.compile(r"(?:จากกรณี|จากเหตุ|เกิดเหตุ|เกิดอุบัติเหตุ|ตามที่)(?:(?!ล่าสุด)[^\n]){0,150}\Z")


def is_of_something_else(text: str, day: PossibleDay, today: bool) -> bool:
    """Return whether a day is a deadline, a law's, a cause's or the like, but not a fair's first.

    Args:
        text: the folded text.
        day: the day.
        today: whether วันนี้ is before it.
    """
    before = text[max(0, day.start - 180) : day.start]
    is_fair = day.end_on > day.start_on and _FROM.search(before)
    if _NO_EVENT_BEFORE.search(before) and not is_fair:
        return True
    return not today and _CAUSE_BEFORE.search(before) is not None


def is_told_first(best: PossibleDay, day: PossibleDay, text: str) -> bool:
    """Return whether the event found so far opens the body, and another day is further down."""
    return (
        best.field == day.field == "body"
        and "\n" not in text[: best.start]
        and "\n" in text[best.start : day.start]
    )


def is_recent(day: PossibleDay, published_on: date | None) -> bool:
    """Return whether an article was published on a day or within the three days after it."""
    return published_on is not None and timedelta() <= published_on - day.start_on <= _JUST


def is_possible(day: PossibleDay, published_on: date | None) -> bool:
    """Return whether a day is in the opening of lead or body, short, and near the publication."""
    if day.field not in {"lead", "body"} or day.start > OPENING:
        return False
    if day.end_on - day.start_on > timedelta(days=31):
        return False
    if published_on is None:
        return True
    return _EARLIEST <= day.start_on - published_on <= _LATEST
