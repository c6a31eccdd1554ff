"""JSON Lines, CSV, calendars and maps hold what the archive does."""

from __future__ import annotations

import csv
import json
import subprocess
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from scraper.export.calendar import event_bounds
from scraper.export.cells import CELL_LIMIT, CUT_MARK, FORMULA_STARTS, CellText, defused
from tests.export.sample import LONG, ODD, export, sql
from tests.peers import peer

if TYPE_CHECKING:
    from pathlib import Path


def read_csv(path: Path, encoding: str = "utf-8") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def test_jsonl_has_an_article_a_line_with_its_facts(sample: Path, tmp_path: Path) -> None:
    made = export(sample, "jsonl", tmp_path / "out.jsonl")
    lines = made.path.read_text(encoding="utf-8").splitlines()
    articles = {a["site_id"]: a for a in map(json.loads, lines)}
    assert list(articles) == [5, 3, 9, 7]
    assert articles[5]["body"] == ODD
    assert articles[9]["body"] == LONG.strip()
    assert articles[7]["published_on"] is None
    assert [h["tag"] for h in articles[5]["hashtags"]] == ["น้ำตาล", "อ้อย"]
    dates = articles[3]["dates"]
    assert [d["flags"] for d in dates] == [["far", "wrong-weekday"], ["impossible"]]
    assert [d["inferred"] for d in dates] == [True, False]
    assert articles[3]["events"][0]["start_time"] == "09:30"
    assert "capture_id" not in articles[3]
    assert articles[3]["digest"] == sql(
        sample, "SELECT digest FROM captures c JOIN articles a ON a.capture_id = c.id "
        "WHERE site_id = 3")[0][0]  # fmt: skip


def test_csv_equals_sql(sample: Path, tmp_path: Path) -> None:
    out = export(sample, "csv", tmp_path / "out").path
    for table in ("date_mentions", "person_mentions", "article_ministries", "people", "events"):
        head, *rows = read_csv(out / f"{table}.csv")
        stored = sql(sample, f"SELECT {', '.join(head)} FROM {table}")
        shown = [["" if v is None else str(v) for v in row] for row in stored]
        assert sorted(rows) == sorted(shown), table
    head, *rows = read_csv(out / "articles.csv")
    articles = [dict(zip(head, row, strict=True)) for row in rows]
    stored = sql(sample, "SELECT title, body, tail FROM articles ORDER BY published_on IS NULL, "
                 "published_on, id")  # fmt: skip
    assert [(a["title"], a["body"], a["tail"]) for a in articles] == stored
    assert articles[1]["ministries"] == "industry; labour"


def test_csv_for_excel_cannot_run_and_fits(sample: Path, tmp_path: Path) -> None:
    made = export(sample, "csv", tmp_path / "out", excel=True)
    for path in made.path.glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        cells = [cell for row in read_csv(path, "utf-8-sig") for cell in row]
        assert not [c for c in cells if c.startswith(FORMULA_STARTS)]
        assert max(map(len, cells)) <= CELL_LIMIT
    (note,) = made.manifest["notes"]
    assert note.startswith("1 values of articles.body are longer than the 32,767 characters")
    head, first, *_ = read_csv(made.path / "articles.csv", "utf-8-sig")
    assert first[head.index("title")] == "'=1+1 หัวข้อสูตร"
    people = read_csv(made.path / "person_mentions.csv", "utf-8-sig")
    assert people[1][people[0].index("post")] in {"'=รัฐมนตรี", ""}


@given(st.text())
def test_a_cell_is_cut_to_what_excel_counts(text: str) -> None:
    cells = CellText()
    long = text * (CELL_LIMIT // max(1, len(text)) + 1)
    fitted = cells.fitted(long, "t.c")
    assert len(fitted.encode("utf-16-le", "surrogatepass")) // 2 <= CELL_LIMIT
    assert long.startswith(fitted.removesuffix(CUT_MARK))
    assert bool(cells.notes()) == (fitted != long)


@given(st.one_of(st.text(), st.integers(), st.none()))
def test_no_text_is_a_formula(value: Any) -> None:
    safe = defused(value)
    if isinstance(value, str):
        assert not safe.startswith(FORMULA_STARTS)
        assert safe in {value, "'" + value}
    else:
        assert safe == value


@pytest.mark.parametrize("excel", [False, True])
def test_frictionless_finds_the_package_valid(sample: Path, tmp_path: Path, excel: bool) -> None:
    program = peer("frictionless")
    out = export(sample, "csv", tmp_path / "out", excel=excel).path
    done = subprocess.run(
        [program, "validate", "datapackage.json", "--json"],
        cwd=out, capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(done.stdout)
    errors = [(t["name"], e["message"]) for t in report["tasks"] for e in t["errors"]]
    assert (report["valid"], report["errors"], errors) == (True, [], [])
    assert report["stats"]["tasks"] == len(list(out.glob("*.csv")))


def test_the_calendar_has_the_events(sample: Path, tmp_path: Path) -> None:
    out = export(sample, "ics", tmp_path / "out.ics").path
    data = out.read_bytes()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 75
    entries: list[Any] = Calendar.from_ical(data).walk("VEVENT")
    long, short = entries
    assert short["summary"] == "โรงงานสีเขียวเปิดใหม่"
    assert short["dtstart"].dt == datetime(2025, 1, 15, 2, 30, tzinfo=UTC)
    assert short["dtend"].dt == datetime(2025, 1, 15, 9, 0, tzinfo=UTC)
    assert short["location"] == "ห้องประชุม, ชั้น 2; อาคาร, ชลบุรี"
    assert "นำโดย สมมติ ใจดี" in short["description"]
    assert (long["dtstart"].dt, long["dtend"].dt) == (date(2025, 2, 1), date(2025, 2, 4))
    assert "เวลา 08:00 น." in long["description"]
    assert len({entry["uid"] for entry in (long, short)}) == 2


DAY = {"start_on": "2025-01-15", "end_on": "2025-01-15", "start_time": None, "end_time": None}
BOUNDS: list[tuple[dict[str, str | None], Any, Any]] = [
    ({}, date(2025, 1, 15), date(2025, 1, 16)),
    ({"end_on": None}, date(2025, 1, 15), date(2025, 1, 16)),
    ({"end_on": "2025-01-01"}, date(2025, 1, 15), date(2025, 1, 16)),
    ({"end_on": "2025-01-17"}, date(2025, 1, 15), date(2025, 1, 18)),
    ({"start_time": "06:00"}, datetime(2025, 1, 14, 23, 0, tzinfo=UTC), None),
    ({"start_time": "06:00", "end_time": "05:00"}, datetime(2025, 1, 14, 23, 0, tzinfo=UTC), None),
    ({"start_time": "06:00", "end_time": "08:00"}, datetime(2025, 1, 14, 23, 0, tzinfo=UTC),
     datetime(2025, 1, 15, 1, 0, tzinfo=UTC)),
    ({"start_time": "22:00", "end_time": "24:00"}, datetime(2025, 1, 15, 15, 0, tzinfo=UTC),
     datetime(2025, 1, 15, 17, 0, tzinfo=UTC)),
    ({"start_time": "06:00", "end_on": "2025-01-16"}, date(2025, 1, 15), date(2025, 1, 17)),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "start", "end"), BOUNDS)
def test_bounds_of_events(changed: dict[str, str | None], start: Any, end: Any) -> None:
    assert event_bounds(DAY | changed) == (start, end)


def test_the_map_has_articles_events_and_provinces(sample: Path, tmp_path: Path) -> None:
    out = export(sample, "geojson", tmp_path / "out.geojson").path
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["type"] == "FeatureCollection"
    kinds = [feature["properties"]["kind"] for feature in found["features"]]
    assert kinds == ["article", "event", "province"]
    for feature in found["features"]:
        assert feature["geometry"]["type"] == "Point"
        assert feature["properties"]["province"] == "TH-20"
        longitude, latitude = feature["geometry"]["coordinates"]
        assert (97 < longitude < 106, 5 < latitude < 21) == (True, True)
    article, event, province = (feature["properties"] for feature in found["features"])
    assert article["title"] == "โรงงานสีเขียวเปิดใหม่"
    assert event["start_on"] == "2025-01-15"
    assert (province["articles"], province["events"]) == (1, 1)
