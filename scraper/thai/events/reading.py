"""Chooses the day of the event that an article reports, if it reports one.

Most releases say it in their first sentence: the day, who, and a verb. The first verb after the day
decides: what somebody does or where they are is an event, what somebody says is none, unless it is
said after an event. A day after the verb counts too (ร่วมงาน… เมื่อวันที่ …), and the days of a
fair that is announced. How the confidence adds up is in docs/events.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.events.days import (
    OPENING,
    PossibleDay,
    bare_today,
    in_year_of,
    is_last_year,
    is_possible,
    is_recent,
    is_today,
    is_told_first,
    told_today,
)
from scraper.thai.events.evidence import Setting, find_evidence, told_on
from scraper.thai.events.headline import Headline, read_headline
from scraper.thai.events.venue import find_venue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_CLAUSE = 1_200
"""Characters after a day in which its place stands."""
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
        if published_on and (is_today(text, day) or is_last_year(text, day, published_on)):
            day = in_year_of(day, published_on)
        if not is_possible(day, published_on) or (best and is_told_first(best.day, day, text)):
            continue
        after = next((start for start in starts[day.field] if start >= day.end), len(text))
        above = any("\n" not in text[:start] for start in starts[day.field])
        later = above and "\n" in text[: day.start]
        setting = Setting(title, after, later, is_recent(day, published_on))
        evidence = find_evidence(text, day, setting)
        if evidence is None and day.field == "lead":
            evidence = told_on(texts, day, setting, starts.get("body", []))
        if evidence is None:
            continue
        end = min(len(text), max(day.end, evidence.verb.end) + _CLAUSE)
        venue = find_venue(text, min(day.end, evidence.verb.end), end)
        confidence = evidence.weight + title.weight + 0.1 * day.timed + 0.05 * (venue is not None)
        confidence = round(min(confidence, 1.0), 2)
        if confidence >= LEAST and (best is None or confidence > best.confidence):
            best = EventReading(day, evidence.verb.start, venue, confidence)
    return best
