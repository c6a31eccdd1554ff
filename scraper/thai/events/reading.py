"""Chooses the day of the event that an article reports, if it reports one.

Most releases say it in their first sentence: the day, who, and a verb. The first verb after the day
decides: what somebody does or where they are is an event, what somebody says is none, unless it is
said after an event. A day after the verb counts too (ร่วมงาน… เมื่อวันที่ …), and the days of a
fair that is announced. How the confidence adds up is in docs/events.md.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.events.venue import find_venue
from scraper.thai.events.words import EventWord, Sense, event_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

_OPENING = 1_500
"""Characters of lead and body in which an event is told."""
_CLAUSE = 1_200
"""Characters after a day in which its verb stands: names and posts of a dozen persons fit in."""
_BEFORE = 350
"""Characters before a day in which its verb stands."""
_TOLD = 160
"""Characters after a verb of saying in which the event is named, after which it was said."""
_TOLD_BY_HEADLINE = 450
"""The same where the headline says that it took place: posts and names of a few persons fit in."""
_EARLIEST, _LATEST = timedelta(days=-60), timedelta(days=200)
"""An event lies between these and the day of publication."""
LEAST = 0.5
"""The confidence below which nothing is an event."""


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


class EventReading(NamedTuple):
    """The event of an article.

    Attributes:
        day: where its day is written.
        verb: offset of the verb in the text of the day.
        venue: offsets of the place in the text of the day, if it is named.
        confidence: from 0 to 1.
    """

    day: PossibleDay
    verb: int
    venue: tuple[int, int] | None
    confidence: float


class _Evidence(NamedTuple):
    """The verb of a day, and how much it says."""

    verb: EventWord
    weight: float


def find_event(
    texts: Mapping[str, str], days: Sequence[PossibleDay], published_on: date | None
) -> EventReading | None:
    """Return the main event of an article, or None if it only states something.

    Args:
        texts: the folded fields by name; ``title``, ``lead`` and ``body`` are read.
        days: the days in lead and body, in reading order.
        published_on: the day of publication, for วันนี้ without a date; an event lies around it.
    """
    title = _title_weight(texts.get("title", ""))
    best: EventReading | None = None
    starts = {field: [day.start for day in days if day.field == field] for field in texts}
    for day in (*days, *_today(texts, days, published_on)):
        text = texts[day.field]
        if not _is_possible(day, published_on) or (best and _is_told_first(best.day, day, text)):
            continue
        after = next((start for start in starts[day.field] if start >= day.end), len(text))
        evidence = _evidence(text, day, title, after)
        if evidence is None:
            continue
        end = min(len(text), max(day.end, evidence.verb.end) + _CLAUSE)
        venue = find_venue(text, min(day.end, evidence.verb.end), end)
        confidence = evidence.weight + title + 0.1 * day.timed + 0.05 * (venue is not None)
        confidence = round(min(confidence, 1.0), 2)
        if confidence >= LEAST and (best is None or confidence > best.confidence):
            best = EventReading(day, evidence.verb.start, venue, confidence)
    return best


def _is_told_first(best: PossibleDay, day: PossibleDay, text: str) -> bool:
    """Return whether the event found so far opens the body, and another day is further down."""
    return (
        best.field == day.field == "body"
        and "\n" not in text[: best.start]
        and "\n" in text[best.start : day.start]
    )


def _is_possible(day: PossibleDay, published_on: date | None) -> bool:
    if day.field not in {"lead", "body"} or day.start > _OPENING:
        return False
    if day.end_on - day.start_on > timedelta(days=31):
        return False
    if published_on is None:
        return True
    return _EARLIEST <= day.start_on - published_on <= _LATEST


# --- the day and its verb ------------------------------------------------------------------------

# A day that is part of something else: a deadline, the day of data, of a law, an anniversary.
_NO_EVENT_BEFORE = re.compile(
    r"(?:ภายใน|ก่อน|ถึง|ข้อมูล ?ณ|ณ|ลง|ตั้งแต่|เริ่ม|ประจำ|นับ(?:จาก|แต่)|มีผล(?:บังคับใช้)?|ไม่เกิน|หมดเขต|"
    r"มติ[ก-๎. ]{0,30}|เกิด|รอบ|พรรษา(?:พระบาท[ก-๎ ]{0,60})?|สมภพ|ประสูติ"
    r"|until|by|before|since|as of|dated) ?(?:ใน)?"
    r"(?:วัน[ก-๎]{0,12}ที่)? ?\Z"
)
_FROM = re.compile(r"ตั้งแต่(?:วันที่)? ?\Z")
# The day stands at the beginning of a line, after a place or a spokesperson, in no list of fairs.
_DATELINE = re.compile(r"(?:\A|\n)(?!\d+[.)]|[-•])(?:[^\n]{0,55}|[\0-\x09\x0b-\x7f]{0,90})\Z")
_THAT_BEFORE = re.compile(r"ว่า ?(?:เมื่อ|ใน)?วัน[ก-๎]{0,12} ?[(]?\Z")
_SAID_THEN = re.compile(r"[)\]] ?ว่า")
_TODAY_BEFORE = re.compile(r"วันนี้ ?[(\[{] ?(?:วัน[ก-๎]{2,10}ที่ ?)?\Z")
_WHEN_BEFORE = re.compile(
    r"(?:เมื่อ|ใน|ระหว่าง|ตั้งแต่|ขึ้น) ?(?:ใน)?(?:วัน[ก-๎]{0,12}ที่)? ?\Z|(?<![ก-๎])วัน[ก-๎]{0,12}ที่ ?\Z"
)
_CABINET = re.compile(
    r" ?(?:ใน)?(?:การ)?(?:ประชุม)?(?:หารือ)? ?(?:คณะรัฐมนตรี|ครม\b|ครม\.| the cabinet)"
)
_AFTER_CABINET = re.compile(r"[^\n]{0,60}?(?:คณะรัฐมนตรี|ครม\.)")


def _evidence(text: str, day: PossibleDay, title: float, next_day: int) -> _Evidence | None:
    before = text[max(0, day.start - 100) : day.start]
    is_fair = day.end_on > day.start_on and _FROM.search(before)
    if _NO_EVENT_BEFORE.search(before) and not is_fair:
        return None
    today = bool(_TODAY_BEFORE.search(before))
    if _SAID_THEN.match(text, day.end):
        return None
    begins = today or bool(_DATELINE.search(before))
    place = 0.15 if today else 0.1 if begins else 0.0 if _THAT_BEFORE.search(before) else -0.15
    forward = _forward(text, day, title, next_day)
    backward = _backward(text, day, before)
    if forward is not None:
        weight = forward.weight + place
        if backward is None or backward.weight <= weight:
            return forward._replace(weight=weight)
    if backward is not None and today:
        return backward._replace(weight=backward.weight + 0.05)
    return backward


def _forward(text: str, day: PossibleDay, title: float, next_day: int) -> _Evidence | None:
    """Return the verb after a day, unless somebody only says something.

    What somebody tells of another day, which begins at ``next_day``, is of that day.
    """
    words = event_words(text, day.end, _clause_end(text, day.end))
    for word in words:
        if word.sense in {Sense.DOING, Sense.HOLDING}:
            return None if _is_cabinet(text, word) else _Evidence(word, 0.55)
        if word.sense is Sense.SAYING:
            return _told(text, word, words, title, next_day)
        # What somebody does after a meeting is in the verbs that follow.
        if _AFTER_CABINET.match(text, word.end):
            if title <= 0:
                return None
            continue
        if text.startswith(("การ", "เป็น", "ประชุม"), word.end):
            skipped = next(words, None)
            if skipped is None or skipped.sense is Sense.SAYING:
                return None if skipped is None else _told(text, skipped, words, title, next_day)
    return None


# กล่าวว่า ได้ลงพื้นที่…: the verb directly after the saying is what the speaker did.
_HAVING = re.compile(r"(?:เพิ่มเติม)?ว่า,? ?(?:วันนี้ ?)?(?:ตน(?:เอง)? ?)?(?:ได้ ?)?\Z")


def _told(
    text: str, saying: EventWord, words: Iterator[EventWord], title: float, end: int
) -> _Evidence | None:
    """Return the event that somebody speaks after or at, but no cabinet meeting.

    A spokesperson also tells what somebody else did; then the headline tells it too.
    """
    after = text[saying.start : saying.end].endswith(("หลัง", "ใน"))
    by_headline = title > 0
    for word in words:
        distance = word.start - saying.end
        is_far = word.start >= end or distance > (_TOLD_BY_HEADLINE if by_headline else _TOLD)
        if is_far or word.sense is Sense.SAYING:
            return None
        verb: EventWord | None = word
        if word.sense is Sense.AFTER:
            if _AFTER_CABINET.match(text, word.end):
                return None
            after = True
            # หลังลงพื้นที่ has the verb in it.
            verb = next(event_words(text, word.start + 1, word.end), None)
        if verb is None:
            continue
        if _is_cabinet(text, verb):
            return None
        if after or _HAVING.search(text[max(saying.end - 3, verb.start - 30) : verb.start]):
            return _Evidence(verb, 0.4) if distance <= _TOLD else None
        return _Evidence(verb, 0.3) if by_headline and verb.sense is Sense.DOING else None
    return None


def _is_cabinet(text: str, word: EventWord) -> bool:
    """Return whether a verb is about a meeting of the cabinet, which makes resolutions."""
    return bool(_CABINET.match(text, word.end))


def _clause_end(text: str, start: int) -> int:
    """Return where the sentence about a day ends: its paragraph, or the next if that is short."""
    longest = min(len(text), start + _CLAUSE)
    end = text.find("\n", start, longest)
    return longest if end < 0 or end - start <= 150 else end


def _backward(text: str, day: PossibleDay, before: str) -> _Evidence | None:
    """Return the verb before a day: … ร่วมงาน … เมื่อวันที่ …, จะจัดงาน … ระหว่างวันที่ …."""
    start = max(0, day.start - _BEFORE)
    line = text.rfind("\n", start, day.start)
    words = list(event_words(text, max(start, line + 1), day.start))
    if not words or not (_WHEN_BEFORE.search(before) or _TODAY_BEFORE.search(before)):
        return None
    said = max((word.start for word in words if word.sense is Sense.SAYING), default=-1)
    held = [word for word in words if word.sense is Sense.HOLDING and word.start > said]
    if held:
        return _Evidence(held[-1], 0.5 if said < 0 else 0.4)
    if words[-1].sense is Sense.DOING and said < 0:
        return _Evidence(words[-1], 0.45)
    return None


# --- วันนี้ without a date ------------------------------------------------------------------------

_BARE_TODAY = re.compile(r"(?:\A|\n|[ :])วันนี้(?= ?(?:เวลา|ณ |ที่|นาย|นาง|พล|ดร|รัฐ|รอง|น\.|ม\.|[ก-๎]))")


def _today(
    texts: Mapping[str, str], days: Iterable[PossibleDay], published_on: date | None
) -> Iterator[PossibleDay]:
    """Yield วันนี้ at the beginning of the text, as the day of publication, if no day is dated."""
    body = texts.get("body", "")
    match = _BARE_TODAY.search(body, 0, 700)
    if match and published_on and not any(day.start < 700 for day in days if day.field == "body"):
        yield PossibleDay("body", match.start(), match.end(), published_on, published_on)


# --- headline -----------------------------------------------------------------------------------


def _title_weight(title: str) -> float:
    """Return what the headline adds: somebody does something, or says something."""
    for word in event_words(title, 0, len(title)):
        if word.sense is Sense.SAYING:
            return -0.1
        if word.sense is not Sense.AFTER:
            return 0.1
    return 0.0
