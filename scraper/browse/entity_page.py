"""Reads the page of one person, agency, ministry or province. Reads no texts of articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.browse.charts import NONE, Chart, largest_series, stacked_chart
from scraper.browse.dashboard import YEARLY_FROM_MONTHS, chart_months, label_width
from scraper.browse.entities import ENTITIES, EntityKind, Section

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.archive.versions import Row

MOST_MONTHS = 60  # in a chart; a longer time is shown by year
NEWEST, NEXT_EVENTS = 10, 5
# A covering index: no article's own row is read. The plus keeps SQLite from looking up each of the
# entity's articles.
PER_DAY = """
    SELECT a.published_on AS day, a.{column} AS series, count(*) AS articles
    FROM articles a INDEXED BY articles_by_day WHERE +a.id IN ({own}) GROUP BY 1, 2
"""
NEWEST_ARTICLES = """
    SELECT a.id, a.title, a.published_on, a.ministry, a.category
    FROM articles a INDEXED BY articles_by_day WHERE +a.id IN ({own})
    ORDER BY a.published_on DESC, a.id DESC LIMIT {most}
"""
EVENTS = """
    SELECT e.start_on, e.end_on, e.start_time, e.place, a.id, a.title
    FROM events e JOIN articles a ON a.id = e.article_id
    WHERE {event} ORDER BY e.start_on DESC, e.start_time DESC LIMIT {most}
"""


class SectionRows(NamedTuple):
    """A section and what it lists; ``spans`` are the times of its rows, if they have any."""

    section: Section
    rows: list[Row]
    spans: list[tuple[float, float]]


@dataclass(frozen=True)
class EntityPage:
    """Everything the page of one entity shows.

    Attributes:
        entity: what it is one of.
        row: its name and what the head shows.
        articles: how many name it.
        first, last: publication days of the first and last of them.
        chart: articles per month or year.
        sections: the lists that have rows.
        newest: the newest articles.
        events: the latest events.
    """

    entity: EntityKind
    row: Row
    articles: int
    first: str | None
    last: str | None
    chart: Chart
    sections: list[SectionRows]
    newest: list[Row]
    events: list[Row]

    @property
    def choice(self) -> str:
        """The value by which a search filters for the entity."""
        return str(self.row["name_th"] if self.entity.facet == "person" else self.row["key"])


def read_entity(db: Database, facet: str, key: str) -> EntityPage | None:
    """Read the page of an entity; None if the archive has none with this key.

    Args:
        db: the archive.
        facet: which kind of entity.
        key: as in the URL.
    """
    entity = ENTITIES[facet]
    values = {"key": entity.key_of(key)}
    row = next(db.query(entity.row_sql, values), None)
    if row is None:
        return None
    per_day = list(db.query(_filled(PER_DAY, entity), values))
    days = [item["day"] for item in per_day if item["day"]]
    first, last = min(days, default=None), max(days, default=None)
    return EntityPage(
        entity=entity,
        row=row,
        articles=sum(item["articles"] for item in per_day),
        first=first,
        last=last,
        chart=_chart(per_day, first, last),
        sections=_sections(db, entity, values),
        newest=list(db.query(_filled(NEWEST_ARTICLES, entity, most=NEWEST), values)),
        events=list(db.query(_filled(EVENTS, entity, most=NEXT_EVENTS), values)),
    )


def _filled(sql: str, entity: EntityKind, **more: Any) -> str:
    return sql.format(own=entity.own_sql, column=entity.column, event=entity.event, **more)


def _sections(db: Database, entity: EntityKind, values: dict[str, Any]) -> list[SectionRows]:
    """Return the sections that have rows."""
    read = (
        (section, list(db.query(section.sql.format(own=entity.own_sql), values)))
        for section in entity.sections
    )
    return [SectionRows(section, rows, _spans(rows)) for section, rows in read if rows]


def _spans(rows: list[Row]) -> list[tuple[float, float]]:
    """Return where each row's time begins and how long it is, in percent of all rows' time."""
    if not rows or any(not row.get("first_on") or not row.get("last_on") for row in rows):
        return []
    bounds = [
        [date.fromisoformat(row[name]).toordinal() for name in ("first_on", "last_on")]
        for row in rows
    ]
    begin, end = min(b[0] for b in bounds), max(b[1] for b in bounds)
    whole = max(1, end - begin)
    return [
        (round((b[0] - begin) / whole * 100, 1), round((b[1] - b[0]) / whole * 100, 1))
        for b in bounds
    ]


def _chart(per_day: list[Row], first: str | None, last: str | None) -> Chart:
    """Return the chart of articles per month, or per year if they span many months."""
    span = int(str(last)[:4]) * 12 - int(str(first)[:4]) * 12 + 12 if first and last else 0
    count = MOST_MONTHS if span <= MOST_MONTHS else max(span, YEARLY_FROM_MONTHS)
    width = label_width(count)
    series: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for item in per_day:
        if item["day"]:
            series[item["series"] or NONE][item["day"][:width]] += item["articles"]
    return stacked_chart(chart_months(first, last, count), largest_series(series))
