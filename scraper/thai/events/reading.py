"""Chooses the day of the event that an article reports, if it reports one.

Most releases say it in their first sentence: the day, who, and a verb. The first verb after the day
decides: what somebody does or where they are is an event, what somebody says is none, unless it is
said after an event. A day after the verb counts too (ร่วมงาน… เมื่อวันที่ …), and the days of a
fair that is announced. How the confidence adds up is in docs/events.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.events.days import (
    OPENING,
    PossibleDay,
    bare_today,
    in_year_of,
    is_of_something_else,
    is_possible,
    is_told_first,
    told_today,
)
from scraper.thai.events.headline import Headline, read_headline
from scraper.thai.events.venue import find_venue
from scraper.thai.events.words import EventWord, Sense, event_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

_CLAUSE = 1_200
"""Characters after a day in which its verb stands: names and posts of a dozen persons fit in."""
_BEFORE = 350
"""Characters before a day in which its verb stands."""
_TOLD = 160
"""Characters after a verb of saying in which the event is named, after which it was said."""
_TOLD_BY_HEADLINE = 450
"""The same where the headline says that it took place: posts and names of a few persons fit in."""
LEAST = 0.5
"""The confidence below which nothing is an event."""


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
    title = read_headline(texts.get("title", ""))
    best = _best(texts, (*days, *bare_today(texts, days, published_on)), title, published_on)
    if best is None and title.weight >= 0:
        best = _best(texts, (*told_today(texts, days, published_on, OPENING),), title, published_on)
    return best


def _best(
    texts: Mapping[str, str],
    days: Sequence[PossibleDay],
    title: Headline,
    published_on: date | None,
) -> EventReading | None:
    """Return the reading of the day that has most confidence, None if none has enough."""
    best: EventReading | None = None
    starts = {field: [day.start for day in days if day.field == field] for field in texts}
    for written in days:
        text = texts[written.field]
        day = written
        if published_on and (_is_today(text, day) or _is_last_year(day, published_on)):
            day = in_year_of(day, published_on)
        if not is_possible(day, published_on) or (best and is_told_first(best.day, day, text)):
            continue
        after = next((start for start in starts[day.field] if start >= day.end), len(text))
        evidence = _evidence(text, day, title, after)
        if evidence is None and day.field == "lead":
            evidence = _told_on(texts, day, title, starts.get("body", []))
        if evidence is None:
            continue
        end = min(len(text), max(day.end, evidence.verb.end) + _CLAUSE)
        venue = find_venue(text, min(day.end, evidence.verb.end), end)
        confidence = evidence.weight + title.weight + 0.1 * day.timed + 0.05 * (venue is not None)
        confidence = round(min(confidence, 1.0), 2)
        if confidence >= LEAST and (best is None or confidence > best.confidence):
            best = EventReading(day, evidence.verb.start, venue, confidence)
    return best


# --- the day and its verb ------------------------------------------------------------------------

# The day stands at the beginning of a line, after a place or a spokesperson, in no list of fairs.
_DATELINE = re.compile(r"(?:\A|\n)(?!\d+[.)]|[-•])(?:[^\n]{0,55}|[\0-\x09\x0b-\x7f]{0,90})\Z")
_DATELINE_END = 20
"""Characters before the day of a dateline: เมื่อวันที่."""
_THAT_BEFORE = re.compile(r"ว่า ?(?:เมื่อ|ใน)?วัน[ก-๎]{0,12} ?[(]?\Z")
_SAID_THEN = re.compile(r"[)\]] ?ว่า")
# Before the verb of what a headline announces.
_WILL = re.compile("(?:เตรียม|จะ|มีกำหนด(?:การ)?)[^\n]{0,8}\\Z")
_TODAY_BEFORE = re.compile(r"วันนี้ ?[(\[{] ?(?:วัน[ก-๎]{2,10}ที่ ?)?\Z")
_WHEN_BEFORE = re.compile(
    r"(?:เมื่อ|ใน|ระหว่าง|ตั้งแต่|ขึ้น|น\. ?ของ) ?(?:ใน)?(?:วัน[ก-๎]{0,12}ที่)? ?\Z|(?<![ก-๎])วัน[ก-๎]{0,12}ที่ ?\Z"
)
_DONE_BEFORE = re.compile(r"เมื่อ ?วัน[ก-๎]{0,12}ที่ ?\Z")
_CABINET = re.compile(
    r" ?(?:ใน)?(?:การ)?(?:ประชุม)?(?:หารือ)? ?(?:คณะรัฐมนตรี|ครม\b|ครม\.| the cabinet)"
)
_AFTER_CABINET = re.compile(r"[^\n]{0,60}?(?:คณะรัฐมนตรี|ครม\.)")


def _is_today(text: str, day: PossibleDay) -> bool:
    return _TODAY_BEFORE.search(text[max(0, day.start - 100) : day.start]) is not None


def _is_last_year(day: PossibleDay, published_on: date) -> bool:
    """Return whether a text opens with a day of the year before or after its publication."""
    return day.start < _DATELINE_END and abs(day.start_on.year - published_on.year) == 1


def _evidence(text: str, day: PossibleDay, title: Headline, next_day: int) -> _Evidence | None:
    before = text[max(0, day.start - 100) : day.start]
    today = bool(_TODAY_BEFORE.search(before))
    if is_of_something_else(text, day, today):
        return None
    if _SAID_THEN.match(text, day.end):
        return _said_at(text, day)
    begins = today or bool(_DATELINE.search(before))
    place = 0.15 if today else 0.1 if begins else 0.0 if _THAT_BEFORE.search(before) else -0.15
    forward = _forward(text, day, title.weight, next_day)
    backward = _backward(text, day, before, title.announces)
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
_HAVING = re.compile(r"(?:เพิ่มเติม)?ว่า,? ?(?:วันนี้ ?)?(?:ตน(?:เอง)? ?)?(?:ได้ ?)?(?:มา ?)?\Z")


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


def _told_on(
    texts: Mapping[str, str], day: PossibleDay, title: Headline, in_body: Sequence[int]
) -> _Evidence | None:
    """Return the verb of a day in the lead whose sentence goes on in the body."""
    lead, body = texts["lead"], texts.get("body", "")
    is_dated = bool(in_body) and in_body[0] < _DATED_HEAD
    if is_dated or next(event_words(lead, day.end, len(lead)), None):
        return None
    evidence = _evidence(f"{lead} {body[:_CLAUSE]}", day, title, len(lead) + _CLAUSE)
    if evidence is None:
        return None
    end = min(evidence.verb.end, len(lead))
    return evidence._replace(verb=evidence.verb._replace(start=end, end=end))


_DATED_HEAD = 80
"""Characters of a body that has a day of its own at its head."""


def _said_at(text: str, day: PossibleDay) -> _Evidence | None:
    """Return the event at which somebody spoke: กล่าวระหว่างเปิดการอบรม วันนี้ (…) ว่า."""
    start = max(text.rfind("\n", 0, text.rfind("\n", 0, day.start)) + 1, day.start - _BEFORE, 0)
    words = event_words(text, start, day.start)
    for word in words:
        if word.sense is Sense.SAYING:
            spoken = _AT_EVENT.match(text, word.end)
            verb = next(event_words(text, spoken.end(), day.start), None) if spoken else None
            is_event = verb is not None and verb.sense in {Sense.DOING, Sense.HOLDING}
            return (
                _Evidence(verb, 0.5) if verb and is_event and not _is_cabinet(text, verb) else None
            )
    return None


_AT_EVENT = re.compile(" ?(?:ใน)?(?:ระหว่าง|ภายหลัง|หลัง|โอกาส|ใน)(?:จาก)?(?:การ)?")


def _will_be(text: str, word: EventWord) -> bool:
    """Return whether a verb is of what somebody is about to do."""
    before = text[max(0, word.start - 30) : word.start]
    return word.sense is Sense.DOING and _WILL.search(before) is not None


def _backward(text: str, day: PossibleDay, before: str, announces: bool) -> _Evidence | None:
    """Return the verb before a day: … ร่วมงาน … เมื่อวันที่ …, จะจัดงาน … ระหว่างวันที่ …."""
    opens = "\n" not in text[: day.start]
    start = max(0, day.start - (_CLAUSE if opens else _BEFORE))
    line = text.rfind("\n", start, day.start)
    words = list(event_words(text, max(start, line + 1), day.start))
    if not words or not (_WHEN_BEFORE.search(before) or _TODAY_BEFORE.search(before)):
        return None
    said = max((word.start for word in words if word.sense is Sense.SAYING), default=-1)
    held = [word for word in words if word.sense is Sense.HOLDING and word.start > said]
    if held:
        is_announced = announces and text.startswith("เตรียม", held[-1].start)
        return _Evidence(held[-1], 0.6 if is_announced else 0.5 if said < 0 else 0.4)
    if words[-1].sense is Sense.DOING and said < 0:
        return _Evidence(words[-1], 0.45)
    if opens and said < 0 and words[0].sense is Sense.DOING and _DONE_BEFORE.search(before):
        return _Evidence(words[0], 0.45)
    if announces:
        return next(
            (_Evidence(word, 0.6) for word in reversed(words) if _will_be(text, word)), None
        )
    return None
