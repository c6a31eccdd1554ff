"""``ics``: the events of the articles as a calendar (RFC 5545).

Times are UTC. An event of several days is a whole-day event, its hours in the description: they are
those of each day, which one entry cannot say.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from icalendar import Event

from scraper.clock import BANGKOK, from_iso
from scraper.export.format import Format, FormatError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from scraper.export.format import Notes, Options
    from scraper.export.selection import Selection

    Row = Mapping[str, Any]
    Names = Mapping[Any, str]
    Entry = tuple[Row, Row, Names, Names]

EVENTS = "events"
HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//thaigov//export//TH",
    "CALSCALE:GREGORIAN",
    "X-WR-CALNAME:ข่าวรัฐบาลไทย",
    "X-WR-TIMEZONE:Asia/Bangkok",
)
FOOT = "END:VCALENDAR"
ABOUT = 300  # characters of an article in the description


def write_ics(selection: Selection, out: Path, options: Options) -> Notes:
    """Write an entry for each event that has a day.

    Raises:
        FormatError: no chosen article has an event.
    """
    del options
    table = selection.table(EVENTS)
    places, people = selection.names("provinces"), selection.names("people")
    found = (
        (event, article, places, people)
        for batch in (selection.batches() if table else ())
        if (events := selection.facts_by_article(table, batch) if table else {})
        for article in selection.article_rows(batch)
        for event in events.get(article["id"], ())
        if event["start_on"] is not None
    )
    first = next(found, None)
    with out.open("w", encoding="utf-8", newline="") as file:
        file.writelines(calendar_lines(chain([first] if first else [], found)))
    if first is None:
        raise FormatError("none of these articles has an event, so nothing was written")
    return []


def calendar_lines(events: Iterable[Entry]) -> Iterator[str]:
    """Yield a calendar: its head, an entry for each event, its foot.

    Args:
        events: the row of an event and of its article, the names of provinces and of people.
    """
    yield "\r\n".join(HEAD) + "\r\n"
    for event in events:
        yield _entry(*event).to_ical().decode()
    yield FOOT + "\r\n"


def _entry(
    event: Row,
    article: Row,
    places: Names,
    people: Names,
) -> Event:
    """Return the calendar's entry of an event."""
    entry = Event()
    entry.add("uid", f"{article['site']}-{article['layout']}-{article['site_id']}@thaigov")
    entry.add("dtstamp", from_iso(article["changed_at"]))  # not now: the same bytes each time
    start, end = event_bounds(event)
    entry.add("dtstart", start)
    if end is not None:
        entry.add("dtend", end)
    entry.add("summary", article["title"])
    where = ", ".join(filter(None, (event["place"], places.get(event["province"]))))
    if where:
        entry.add("location", where)
    entry.add("description", _description(event, article, people))
    entry.add("url", article["url"])
    if article["ministry"]:
        entry.add("categories", [article["ministry"]])
    return entry


def event_bounds(event: Mapping[str, Any]) -> tuple[date | datetime, date | datetime | None]:
    """Return when an event begins and ends, the end exclusive; None if it has no end of its own."""
    first = date.fromisoformat(event["start_on"])
    last = max(first, date.fromisoformat(event["end_on"] or event["start_on"]))
    if event["start_time"] is None or last > first:
        return first, last + timedelta(days=1)
    start = _moment(first, event["start_time"])
    end = _moment(first, event["end_time"]) if event["end_time"] else None
    return start, end if end is not None and end > start else None


def _moment(day: date, clock: str) -> datetime:
    """Return a moment in UTC; ``24:00`` is the end of the day."""
    hour, minute = map(int, clock.split(":"))
    start = datetime.combine(day, time(), BANGKOK).astimezone(UTC)
    return start + timedelta(hours=hour, minutes=minute)


def _description(
    event: Mapping[str, Any], article: Mapping[str, Any], people: Mapping[Any, str]
) -> str:
    """Return the hours of a longer event, who leads it, and the beginning of the article."""
    hours = "-".join(filter(None, (event["start_time"], event["end_time"])))
    is_long = event["end_on"] is not None and event["end_on"] != event["start_on"]
    about = article["lead"] or article["body"]
    return "\n".join(
        filter(
            None,
            (
                f"เวลา {hours} น." if hours and is_long else "",
                f"นำโดย {people[event['person']]}" if event["person"] in people else "",
                about if len(about) <= ABOUT else f"{about[:ABOUT]}…",
                article["url"],
            ),
        )
    )


FORMAT = Format("ics", ".ics", write_ics, packages=("icalendar",))
