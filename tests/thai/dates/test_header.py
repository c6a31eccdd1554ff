"""Tests for the dates at the head of a page."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reference import read_table
from scraper.thai.dates import HeaderDate, read_long_date, read_short_date, read_stamp

DAY = date(2025, 8, 21)
MONTHS = {row["month"]: row["thai"] for row in read_table("months.csv")}
WEEKDAYS = {row["weekday"]: row["thai"] for row in read_table("weekdays.csv")}


@pytest.mark.parametrize(
    "line",
    [
        "วันพฤหัสบดีที่ 21 สิงหาคม 2568",
        "  วันพฤหัสบดีที่\xa021\u200b สิงหาคม  2568 ",
        "วันพฤหัสบดีที่ ๒๑ สิงหาคม ๒๕๖๘",
        "วันที่ 21 สิงหาคม 2568",
        "วันที่ : 21 สิงหาคม พ.ศ. 2568",
        "21 ส.ค. 2568",
        "วันพฤหัสบดีที่ 21 สิงหาคม 2025",
        "Thursday, August 21, 2025",
    ],
)
def test_long_date(line: str) -> None:
    assert read_long_date(line) == HeaderDate(DAY, ())


def test_doubtful_long_dates_are_flagged() -> None:
    assert read_long_date("วันศุกร์ที่ 21 สิงหาคม 2568") == HeaderDate(DAY, ("wrong-weekday",))
    assert read_long_date("21 สิงหาคน 2568") == HeaderDate(DAY, ("misspelt-month",))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "พิมพ์",
        "วันพฤหัสบดีที่ 21 สิงหาคม",
        "สิงหาคม 2568",
        "วันที่ 21-22 สิงหาคม 2568",
        "วันที่ 21 และ 22 สิงหาคม 2568",
        "วันนี้ (21 สิงหาคม 2568)",
        "เปิดงานวันที่ 21 สิงหาคม 2568",
        "วันที่ 21 สิงหาคม 2568 เวลา 09.00 น.",
        "21 สิงหาคม 2568 ผู้ว่าการ" * 20,
    ],
)
def test_lines_that_are_not_long_dates(line: str) -> None:
    assert read_long_date(line) is None


@given(st.dates(date(1957, 1, 1), date(2099, 12, 31)))
def test_every_day_in_both_forms_of_the_site(day: date) -> None:
    weekday, month = WEEKDAYS[str(day.isoweekday())], MONTHS[str(day.month)]
    year = day.year + 543
    assert read_long_date(f"วัน{weekday}ที่ {day.day} {month} {year}") == HeaderDate(day, ())
    assert read_short_date(f"{day.day:02}/{day.month:02}/{year}") == day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("21/08/2568", DAY),
        (" ๒๑/๐๘/๒๕๖๘ ", DAY),
        ("21/8/2025", DAY),
        ("31/02/2568", None),
        ("21/13/2568", None),
        ("21/08/2700", None),
        ("21/08/68", None),
        ("1/2568", None),
        ("ครั้งที่ 21/08/2568", None),
        ("21/08/2568 14:30", None),
    ],
)
def test_short_date(line: str, day: date | None) -> None:
    assert read_short_date(line) == day


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        ("วันที่ : 21/08/2568 14:30", (DAY, time(14, 30))),
        ("วันที่: ๒๑/๐๘/๒๕๖๘ ๑๔.๓๐ น.", (DAY, time(14, 30))),
        ("21/08/2568", (DAY, None)),
        ("วันที่ : 21/08/2568 24:30", None),
        ("วันที่ : 31/02/2568 14:30", None),
        ("วันที่ : 14:30", None),
        ("ประกาศวันที่ : 21/08/2568 14:30", None),
    ],
)
def test_stamp(line: str, stamp: tuple[date, time | None] | None) -> None:
    assert read_stamp(line) == stamp


def test_an_impossible_long_date_has_no_value() -> None:
    assert read_long_date("วันพฤหัสบดีที่ 31 เมษายน 2568") == HeaderDate(None, ("impossible",))
