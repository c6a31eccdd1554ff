"""The event that an article reports or announces: day, time, place, province, who leads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.facts.dates import clock_time
from scraper.facts.kind import ArticleText, FactKind
from scraper.model import TextField
from scraper.thai.dates.date_mention import Precision
from scraper.thai.digits import to_ascii_digits
from scraper.thai.events import EventReading, PossibleDay, find_event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, time

    from scraper.facts.kind import FactRow
    from scraper.model import Article
    from scraper.thai.dates.date_mention import DateMention

_NEAR = 60
"""Characters after a venue, or from the verb on, in which the province may stand."""
_GOVERNMENT_HOUSE = ("ทำเนียบรัฐบาล", "government house", "รัฐสภา", "ตึกบัญชาการ", "ตึกไทยคู่ฟ้า")
_BANGKOK = "TH-10"
_DATELINE = 60
"""Characters of a line before the day that may name where the release was made."""
_HEADING = (TextField.TITLE, TextField.LEAD)


class Event(NamedTuple):
    """The main event of an article.

    Attributes:
        start_on, end_on: first and last day, both inclusive.
        start_time, end_time: in Bangkok, if they are given.
        place: the venue as written, None if it is not named.
        province: ISO 3166-2 code of its province, if known.
        person: id of who leads it, if they are named.
        confidence: from 0 to 1; docs/events.md says how it adds up.
    """

    start_on: date
    end_on: date
    start_time: time | None
    end_time: time | None
    place: str | None
    province: str | None
    person: int | None
    confidence: float


def find_events(text: ArticleText) -> Iterator[Event]:
    """Yield the event of an article, if it reports or announces one."""
    article = text.article
    mentions: dict[PossibleDay, DateMention] = {}
    for found in article.facts.get("dates", ()):
        mention = found.mention
        if mention.precision is Precision.DAY and mention.start_on and mention.end_on:
            timed = mention.start_time is not None
            day = PossibleDay(
                found.field, mention.start, mention.end, mention.start_on, mention.end_on, timed
            )
            mentions.setdefault(day, mention)
    texts = {
        field.value: _without_names(
            _same_length_fold(getattr(article, field) or ""), field, article
        )
        for field in TextField
    }
    reading = find_event(texts, list(mentions), article.published_on)
    if reading is None:
        return
    field = TextField(reading.day.field)
    written = mentions.get(reading.day)
    venue = reading.venue
    yield Event(
        reading.day.start_on,
        reading.day.end_on,
        written.start_time if written else None,
        written.end_time if written else None,
        getattr(article, field)[slice(*venue)] if venue else None,
        _province(article, reading, texts[field]),
        _leader(article, reading, texts[field]),
        reading.confidence,
    )


def _same_length_fold(text: str) -> str:
    """Fold a clean text for matching without changing its length."""
    return to_ascii_digits(text).replace("İ", "i").lower()


def _without_names(text: str, field: TextField, article: Article) -> str:
    """Mask the names of persons, which may contain verbs; the length stays the same."""
    parts: list[str] = []
    end = 0
    for person in article.facts.get("people", ()):
        name, start = person.at.text, person.at.position
        if person.at.field == field and start >= end:
            parts += text[end:start], ("x" if name.isascii() else "ฌ") * len(name)
            end = start + len(name)
    return "".join((*parts, text[end:]))


def _province(article: Article, reading: EventReading, text: str) -> str | None:
    """Return the province of the venue, dateline, what follows, verb or headline."""
    places = article.facts.get("places", ())
    day, venue = reading.day, reading.venue

    def within(first: int, last: int) -> list[str]:
        return [
            str(place.province)
            for place in places
            if place.at.field == day.field and first <= place.at.position < last
        ]

    if venue and (inside := within(*venue)):
        return inside[-1]
    line = text.rfind("\n", 0, day.start) + 1
    if day.start - line <= _DATELINE and (dateline := within(line, day.start)):
        return dateline[-1]
    if venue:
        end = text.find("\n", venue[1], venue[1] + _NEAR)
        if following := within(venue[1], end if end >= 0 else venue[1] + _NEAR):
            return following[0]
        if any(name in text[venue[0] : venue[1] + _NEAR] for name in _GOVERNMENT_HOUSE):
            return _BANGKOK
    if beside := within(reading.verb, reading.verb + _NEAR):
        return beside[0]
    heading = {place.province for place in places if place.at.field in _HEADING}
    return str(heading.pop()) if len(heading) == 1 else None


_DELEGATES = "มอบหมาย"


def _leader(article: Article, reading: EventReading, text: str) -> int | None:
    """Return the person named first between the day and the verb, or whom they sent instead."""
    day, verb = reading.day, reading.verb
    start, end = sorted((day.end, verb)) if verb > day.end else (0, verb)
    named = [
        person
        for person in article.facts.get("people", ())
        if person.at.field == day.field and start <= person.at.position < end
    ]
    delegated = text.find(_DELEGATES, start, end)
    sent = [person for person in named if delegated >= 0 and person.at.position > delegated]
    return next((int(person.person) for person in (*sent, *named)), None)


def event_row(found: Event) -> FactRow:
    """Return the row of an event, with ISO days and times as HH:MM."""
    return (
        found.start_on.isoformat(),
        found.end_on.isoformat(),
        clock_time(found.start_time),
        clock_time(found.end_time),
        found.place,
        found.province,
        found.person,
        found.confidence,
    )


def event_line(row: dict[str, Any]) -> str:
    """Return an event on one line: days, times, place, province and who leads it."""
    days = " to ".join(dict.fromkeys([row["start_on"], row["end_on"]]))
    times = "-".join(filter(None, [row["start_time"], row["end_time"]]))
    parts = [f"{days} {times}".strip(), row["place"], row["province_name"], row["led_by"]]
    return ", ".join(filter(None, parts)) + f" ({row['confidence']:g})"


def event_brief(found: Event) -> str:
    """Return the day of an event, or an ISO 8601 interval of days."""
    first, last = found.start_on.isoformat(), found.end_on.isoformat()
    return first if first == last else f"{first}/{last}"


KIND = FactKind(
    name="events",
    table="events",
    columns=(
        "start_on", "end_on", "start_time", "end_time", "place", "province", "person", "confidence",
    ),
    find=find_events,
    row=event_row,
    select="t.start_on, t.end_on, t.start_time, t.end_time, t.place, t.province, t.person, "
    "t.confidence, v.name_th AS province_name, p.name AS led_by FROM events t "
    "LEFT JOIN provinces v ON v.code = t.province LEFT JOIN people p ON p.id = t.person",
    heading="Event",
    line=event_line,
    brief=event_brief,
    judged=(
        "start_on", "end_on", "start_time", "end_time", "place", "province", "person",
    ),
)  # fmt: skip
