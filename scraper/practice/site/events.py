"""The event of a practice page, from the elements of its sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from scraper.facts.events import Event
from scraper.facts.people import PersonMention, person_id
from scraper.facts.places import PlaceMention
from scraper.practice.prose.elements import EVENT, LEADER, VENUE, province
from scraper.practice.prose.written import Fact, Meaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from scraper.practice.prose.written import Mark, Text

_Value = TypeVar("_Value", PlaceMention, PersonMention)


def event_of(texts: Iterable[Text], published_on: date) -> Event | None:
    """Return the event of the first text with one, or None.

    Args:
        texts: lead and paragraphs.
        published_on: the day of an event that is today, without a date.
    """
    for text in texts:
        for mark, fact in text.facts():
            if fact.kind == EVENT:
                return _event(text, mark, fact, published_on)
    return None


def _event(text: Text, at: Mark, fact: Fact, published_on: date) -> Event:
    today = Meaning(published_on, published_on)
    day = next((found for found in _inside(text, at) if isinstance(found, Meaning)), today)
    if day.start_on is None or day.end_on is None:
        raise ValueError(f"an event without a day: {text.string}")
    elements = {found.kind: mark for mark, found in reversed(text.facts())}
    venue, leader = elements.get(VENUE), elements.get(LEADER)
    provinces = [province(name).value for name in (fact.value.get("province"),) if name]
    provinces += _values(text, venue, PlaceMention)
    people = _values(text, leader, PersonMention)
    return Event(
        day.start_on,
        day.end_on,
        day.start_time,
        day.end_time,
        text.string[venue.start : venue.end] if venue else None,
        provinces[-1].province if provinces else None,
        person_id(people[0].name) if people else None,
        confidence=1.0,
    )


def _values(text: Text, outer: Mark | None, kind: type[_Value]) -> list[_Value]:
    """Return the values of a type that are written inside an element."""
    inside = _inside(text, outer) if outer else ()
    facts = (found.value for found in inside if isinstance(found, Fact))
    return [value for value in facts if isinstance(value, kind)]


def _inside(text: Text, outer: Mark) -> Iterator[Meaning | Fact]:
    for mark in text.marks:
        if outer.start <= mark.start and mark.end <= outer.end and mark is not outer:
            yield mark.meaning
