"""Reads the events of a month as a calendar, and filtered events as iCalendar."""

from __future__ import annotations

import calendar
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlencode

from scraper.browse.entities import ENTITIES
from scraper.clock import BANGKOK, now
from scraper.export.calendar import calendar_lines
from scraper.search.choices import read_choice
from scraper.thai.typed_dates import read_typed_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlite_utils import Database

    from scraper.archive.versions import Row

MOST_ENTRIES = 1_000  # in one iCalendar file, the latest; each takes 0.4 ms
LATEST_MONTH = "SELECT max(start_on) FROM events e WHERE start_on <= :today AND {where}"
EVENTS = """
    SELECT e.start_on, e.end_on, e.start_time, e.end_time, e.place, e.province, e.person,
           p.name AS led_by, a.id, a.title, a.ministry
    FROM events e JOIN articles a ON a.id = e.article_id LEFT JOIN people p ON p.id = e.person
    WHERE e.start_on <= :last AND e.end_on >= :first AND {where}
    ORDER BY e.start_on, e.start_time IS NULL, e.start_time, a.id
"""
ENTRIES = """
    SELECT e.start_on, e.end_on, e.start_time, e.end_time, e.place, e.province, e.person,
           a.site, a.layout, a.site_id, a.url, a.title, a.lead, substr(a.body, 1, 400) AS body,
           a.ministry, a.changed_at, p.name AS led_by
    FROM events e JOIN articles a ON a.id = e.article_id LEFT JOIN people p ON p.id = e.person
    WHERE e.start_on <= :last AND e.end_on >= :first AND {where}
    ORDER BY e.start_on DESC, a.id DESC LIMIT :most
"""
ALWAYS = (date(1000, 1, 1), date(9999, 12, 31))


@dataclass(frozen=True)
class CalendarQuery:
    """Which events are shown, from the query string; an empty string is any.

    Attributes:
        month: anything ``read_typed_date`` understands; its first month.
        ministry, agency: of the article. Slug or name.
        province: where the event is. Code or name.
        person: who leads it.
    """

    month: str = ""
    ministry: str = ""
    agency: str = ""
    province: str = ""
    person: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Self:
        """Parse a query string; unknown parameters are ignored."""
        return cls(**{n: arguments[n].strip() for n in cls.__annotations__ if n in arguments})

    def query_string(self, **changes: str) -> str:
        """Return the query string of this choice, with some changes."""
        chosen = asdict(replace(self, **changes))
        return "?" + urlencode({name: value for name, value in chosen.items() if value})

    def condition(self) -> tuple[str, dict[str, Any]]:
        """Return an SQL condition on ``events e`` and its parameters.

        Raises:
            ChoiceError: something chosen is not known.
        """
        conditions, values = ["1"], {}
        for facet, entity in ENTITIES.items():
            if given := getattr(self, facet):
                conditions.append(entity.event.replace(":key", f":{facet}"))
                values[facet] = entity.kind.key_of(read_choice(facet, given))
        return " AND ".join(conditions), values


class CalendarDay(NamedTuple):
    """A day of the grid, with the events that begin on it (on the first day, also earlier ones)."""

    day: date
    events: list[Row]


@dataclass(frozen=True)
class EventMonth:
    """A month of events.

    Attributes:
        first: its first day.
        weeks: the days from Monday to Sunday; None beside the month.
        events: how many there are.
    """

    first: date
    weeks: list[list[CalendarDay | None]]
    events: int

    @property
    def before(self) -> str:
        """The month before, ISO."""
        return (self.first - timedelta(days=1)).isoformat()[:7]

    @property
    def after(self) -> str:
        """The next month, ISO."""
        return (self.first + timedelta(days=31)).isoformat()[:7]


def read_month(db: Database, choice: CalendarQuery) -> EventMonth:
    """Read the events of a month; by default the last that has any before tomorrow.

    Raises:
        DayError: the month is none.
        ChoiceError: something chosen is not known.
    """
    where, values = choice.condition()
    if choice.month:
        first = read_typed_date(choice.month).first.replace(day=1)
    else:
        today = now().astimezone(BANGKOK).date()
        sql = LATEST_MONTH.format(where=where)
        (latest,) = db.execute(sql, {**values, "today": today.isoformat()}).fetchone()
        first = (date.fromisoformat(latest) if latest else today).replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    bounds = {"first": first.isoformat(), "last": last.isoformat()}
    rows = list(db.query(EVENTS.format(where=where), {**values, **bounds}))
    by_day: dict[str, list[Row]] = {}
    for row in rows:
        by_day.setdefault(max(row["start_on"], bounds["first"]), []).append(row)
    weeks = [
        [
            CalendarDay(day := first.replace(day=n), by_day.get(day.isoformat(), [])) if n else None
            for n in week
        ]
        for week in calendar.Calendar().monthdayscalendar(first.year, first.month)
    ]
    return EventMonth(first, weeks, len(rows))


def read_icalendar(db: Database, choice: CalendarQuery) -> str:
    """Return the events of a month, or of all time without one, as iCalendar text.

    Raises:
        DayError: the month is none.
        ChoiceError: something chosen is not known.
    """
    where, values = choice.condition()
    first, last = read_typed_date(choice.month) if choice.month else ALWAYS
    bounds = {"first": first.isoformat(), "last": last.isoformat(), "most": MOST_ENTRIES}
    rows = db.query(ENTRIES.format(where=where), {**values, **bounds})
    places = dict(db.execute("SELECT code, name_th FROM provinces").fetchall())
    return "".join(
        calendar_lines(
            (row, row, places, {row["person"]: row["led_by"]} if row["person"] else {})
            for row in rows
        )
    )
