"""The map of provinces, the calendar of events, and the amounts of money."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from icalendar import Calendar

from scraper.browse.event_calendar import ENTRIES, EVENTS, CalendarQuery, read_month
from scraper.browse.facets import FacetCount
from scraper.browse.money import LEAST, OF_ARTICLES, OF_PROGRAMMES, MoneyQuery, read_money
from scraper.browse.province_map import SHADES, outlines, province_map, shade_ends
from scraper.reference import read_table
from tests.browse.plans import whole_reads

if TYPE_CHECKING:
    from sqlite_utils import Database

    from tests.browse.conftest import Site


def test_every_province_has_an_outline() -> None:
    assert outlines().keys() == {row["code"] for row in read_table("provinces.csv")}
    assert all(path.startswith("M") and path.endswith("z") for path in outlines().values())


def test_provinces_are_shaded_by_their_counts() -> None:
    counts = [FacetCount(code, n) for n, code in enumerate(sorted(outlines()))]
    found = province_map([*counts, FacetCount("none", 7)])
    assert found.unplaced == 7
    shades = [province.shade for province in found.provinces]
    assert shades == sorted(shades, reverse=True)
    assert (shades[0], shades[-1]) == (SHADES, 0)
    assert [shade for shade, _, _ in found.legend] == list(range(SHADES + 1))
    assert shade_ends([]) == shade_ends([5]) == [0]
    assert {province.shade for province in province_map([]).provinces} == {0}


def test_the_map_has_the_counts_of_any_search(practice: Site) -> None:
    query = urlencode({"q": "โรงงาน", "not_province": "TH-10"})
    page = practice.page(f"/-/map?{query}")
    code = "TH-20"
    total = practice.get("/-/search.json?" + urlencode({"q": "โรงงาน", "province": code})).json()
    assert page.count("<path ") == len(outlines())
    assert f"<title>ชลบุรี {total['total']}</title>" in page
    assert f'href="/-/provinces/{code}"' in page
    assert 'role="alert"' in practice.page("/-/map?since=x", 400)


def test_a_month_has_its_events_on_their_days(practice: Site, archive: Database) -> None:
    month = read_month(archive, CalendarQuery())
    iso = month.first.isoformat()[:7]
    (events,) = archive.execute(
        "SELECT count(*) FROM events WHERE substr(start_on, 1, 7) <= ?1 AND "
        "substr(end_on, 1, 7) >= ?1",
        [iso],
    ).fetchone()
    days = [cell for week in month.weeks for cell in week if cell]
    assert month.events == sum(len(cell.events) for cell in days) == events > 0
    assert [cell.day.day for cell in days] == list(range(1, len(days) + 1))
    assert all(
        cell is None or cell.day.weekday() == weekday
        for week in month.weeks
        for weekday, cell in enumerate(week)
    )
    page = practice.page("/-/calendar")
    assert f"month={month.before}" in page
    assert f"{events} กิจกรรม" in page


@pytest.mark.parametrize("column", ["province", "person"])
def test_the_calendar_of_a_province_or_person(archive: Database, column: str) -> None:
    key, events = archive.execute(
        f"SELECT {column}, count(*) FROM events WHERE {column} IS NOT NULL GROUP BY 1 "
        "ORDER BY 2 DESC LIMIT 1"
    ).fetchone()
    name = key
    if column == "person":
        (name,) = archive.execute("SELECT name FROM people WHERE id = ?", [key]).fetchone()
    found = 0
    for number in range(1, 13):
        month = read_month(archive, CalendarQuery(month=f"{number}/2568", **{column: name}))
        found += sum(
            event["start_on"][:7] == month.first.isoformat()[:7]
            for week in month.weeks for cell in week if cell
            for event in cell.events
        )  # fmt: skip
    assert found == events


def test_the_calendar_is_downloaded(practice: Site, archive: Database) -> None:
    answer = practice.get("/-/calendar.ics?ministry=industry")
    assert answer.headers["content-type"].startswith("text/calendar")
    entries = Calendar.from_ical(answer.text).walk("VEVENT")
    (events,) = archive.execute(
        "SELECT count(*) FROM events WHERE article_id IN "
        "(SELECT article_id FROM article_ministries WHERE ministry = 'industry')"
    ).fetchone()
    assert len(entries) == events > 0
    month = read_month(archive, CalendarQuery(ministry="industry"))
    part = practice.get(f"/-/calendar.ics?ministry=industry&month={month.first:%Y-%m}").text
    assert len(Calendar.from_ical(part).walk("VEVENT")) == month.events


@pytest.mark.parametrize("query", ["month=เมื่อวาน", "province=Atlantis", "ministry=magic"])
def test_a_calendar_that_cannot_be_is_explained(practice: Site, query: str) -> None:
    assert 'role="alert"' in practice.page(f"/-/calendar?{query}", 400)
    assert practice.get(f"/-/calendar.ics?{query}").status_code == 400


def test_money_by_ministry_equals_sql(archive: Database) -> None:
    found = read_money(archive, MoneyQuery())
    rows = archive.execute(
        "SELECT coalesce(a.ministry, 'none'), count(DISTINCT a.id), count(*), "
        "max(coalesce(m.high, m.low)) FROM money_mentions m JOIN articles a ON a.id = m.article_id "
        "WHERE m.currency = 'THB' AND m.per IS NULL GROUP BY 1"
    ).fetchall()
    shown = {(r["name"], r["articles"], r["amounts"], r["largest"]) for r in found.ministries}
    assert shown == set(rows) != set()
    assert sum(column.total for column in found.chart.columns) == sum(row[1] for row in rows)
    assert read_money(archive, MoneyQuery(year="1999")).ministries == []
    fewer = read_money(archive, MoneyQuery(least=LEAST[-1]))
    assert all(row["largest"] >= LEAST[-1] for row in (*fewer.ministries, *fewer.programmes))


def test_money_of_a_programme_is_near_its_name(archive: Database) -> None:
    programmes = read_money(archive, MoneyQuery()).programmes
    counts = [row["articles"] for row in programmes]
    assert counts == sorted(counts, reverse=True) != []
    for row in programmes[:5]:
        (named,) = archive.execute(
            "SELECT count(DISTINCT article_id) FROM programme_mentions WHERE name = ?",
            [row["name"]],
        ).fetchone()
        assert 0 < row["articles"] <= named


@pytest.mark.parametrize("by", ["ministry", "programme"])
def test_money_as_csv_equals_the_page(practice: Site, archive: Database, by: str) -> None:
    answer = practice.get(f"/-/money.csv?by={by}")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = read_money(archive, MoneyQuery())
    table = found.ministries if by == "ministry" else found.programmes
    assert [int(row["articles"]) for row in rows] == [row["articles"] for row in table]
    assert float(rows[0]["largest"]) == table[0]["largest"]
    assert practice.get(rows[0]["article"].removeprefix("http://localhost")).status_code == 302
    page = practice.page("/-/money")
    assert f'href="/-/money.csv?by={by}&amp;_bom=1"' in page


def test_facts_are_read_from_indexes(archive: Database) -> None:
    bounds = {"first": "2025-01-01", "last": "2025-12-31", "most": 9}
    for sql, values in (
        (EVENTS.format(where="1"), bounds),
        (ENTRIES.format(where="1"), bounds),
        (OF_ARTICLES, {"least": 0}),
        (OF_PROGRAMMES, {"least": 0}),
    ):
        assert whole_reads(archive.conn, sql, values) == []
