"""Tests for dates as readers type them."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.thai.typed_dates import FORMS, DayError, read_typed_date

TODAY = date(2026, 11, 30)

DAYS = """
    21/8/68 · 21-08-2568 · 21.8.2568 · 21 8 2568 · 21 / 8 / 68 · 21–8–2568 · 2568/08/21 · 2568-8-21
    25680821 · 20250821 · 2025-08-21 · 21/08/2025 · 21/8/25 · ๒๑/๘/๖๘ · ๒๕๖๘-๐๘-๒๑
    21 ส.ค. 2568 · ๒๑ ส.ค. ๒๕๖๘ · 21ส.ค.68 · 21 สค 68 · 21 สิงหาคม 2568 · 21 สิงหาคม พ.ศ. 2568
    วันที่ 21 สิงหาคม 2568 · วันพฤหัสบดีที่ 21 สิงหาคม 2568 · 21 Aug 2025 · August 21, 2025
    21-Aug-2025 · 21st august 2025 · 21/08/พ.ศ. 2568 ·  21   ส.ค.  2568
"""
MONTHS = """
    2568-08 · 2568/8 · 08/2568 · 8/2568 · 8-2568 · 8/68 · ๐๘/๒๕๖๘ · 2025-08 · 08/2025 · ส.ค. 2568
    สิงหาคม 2568 · เดือนสิงหาคม พ.ศ. 2568 · เดือน 8/2568 · ส.ค. 68 · Aug 2025 · august 2025
"""
YEARS = """
    2568 · ๒๕๖๘ · 2025 · พ.ศ. 2568 · พ.ศ.๒๕๖๘ · พศ 2568 · ปี 2568 · ปี พ.ศ. 2568 · ปี2568
    พุทธศักราช 2568 · ค.ศ. 2025 · ปี ค.ศ. 2025 · 2568 BE · B.E. 2568 · AD 2025 · 2025 CE · ปี 68
    พ.ศ. 68 · ค.ศ. 25
"""


def split(forms: str) -> list[str]:
    return [form for line in forms.splitlines() for form in line.strip(" ").split(" · ") if form]


@pytest.mark.parametrize(
    ("forms", "first", "last"),
    [
        (DAYS, "2025-08-21", "2025-08-21"),
        (MONTHS, "2025-08-01", "2025-08-31"),
        (YEARS, "2025-01-01", "2025-12-31"),
        (
            "ปีงบประมาณ 2568 · ปีงบประมาณ พ.ศ. 2568 · งบประมาณปี 2568 · ปีงบ 68 · FY2025",
            "2024-10-01",
            "2025-09-30",
        ),
        ("1-3 มีนาคม 2566", "2023-03-01", "2023-03-03"),
        ("29/2/2567 · 29/2/67 · 29 ก.พ. 2567 · 2024-02-29", "2024-02-29", "2024-02-29"),
        ("2567-02 · ก.พ. 67", "2024-02-01", "2024-02-29"),
        ("1700 · 2243", "1700-01-01", "1700-12-31"),
        ("2100 · 2643", "2100-01-01", "2100-12-31"),
        ("1/1/33", "1990-01-01", "1990-01-01"),
        ("1/1/70 · 1/1/27", "2027-01-01", "2027-01-01"),
        ("31/12/99", "1999-12-31", "1999-12-31"),
    ],
)
def test_typed_dates(forms: str, first: str, last: str) -> None:
    for form in split(forms):
        read = read_typed_date(form, TODAY)
        assert (form, *map(str, read)) == (form, first, last)


WRONG = {
    "no such day": "31/2/2568 · 29/2/2568 · 0/1/2568 · 31 ก.ย. 2568 · 2568-02-30 · 25680230",
    "no such month": "2568-13 · 2568-00 · 08/21/2568 · 13/2568 · 1/0/2568",
    "no year of either era": "0000 · 2200 · 9999 · 256 · 25688 · พ.ศ. 2025 · ค.ศ. 2568 · 2568 AD",
    "an ambiguous year of two digits": "68 · 99 · 21/8/30 · 1/1/28 · 1/1/89 · พ.ศ. 10",
    "no year": "21/8 · 8/12 · 21 ส.ค. · สิงหาคม",
    "not a date": "เมื่อวาน · ข่าว · - · 1e3 · -2568 · 2568-- · 21/8-2568 · พ.ศ. · ปี",
    "more than a date": "ข่าว 21 ส.ค. 2568 · 21 ส.ค. 2568 และ 3 ม.ค. 2569 · 2568-08-21T03:00",
    "another calendar": "ร.ศ. 112 · 21 สิงหาคม ร.ศ. 112 · จ.ศ. 1387",
}


@pytest.mark.parametrize("forms", WRONG.values(), ids=WRONG)
def test_the_error_quotes_the_text_and_the_valid_forms(forms: str) -> None:
    for form in split(forms):
        with pytest.raises(DayError) as caught:
            read_typed_date(form, TODAY)
        assert f"“{form}”" in str(caught.value)
        assert repr(form) in caught.value.english
        assert FORMS in str(caught.value)
        assert FORMS in caught.value.english


@pytest.mark.parametrize("form", FORMS.replace(" or ", ", ").split(", "))
def test_the_named_forms_are_valid(form: str) -> None:
    assert read_typed_date(form, TODAY)


@given(st.text(max_size=70))
def test_any_text_is_a_date_or_an_error(text: str) -> None:
    try:
        first, last = read_typed_date(text, TODAY)
    except DayError:
        return
    assert first <= last


@given(st.dates(date(2000, 1, 1), TODAY))
def test_a_day_in_every_form(day: date) -> None:
    be = day.year + 543
    for form in (
        f"{day.day}/{day.month}/{be}",
        f"{day.day}/{day.month}/{be % 100}",
        f"{be}-{day.month}-{day.day}",
        f"{day:%d.%m.%Y}",
    ):
        assert read_typed_date(form, TODAY) == (day, day)


def test_a_long_text_is_rejected_at_once() -> None:
    before = time.process_time()
    for text in ("2568 " * 20_000, "วันที่ " * 20_000, "9" * 100_000, "1/" * 50_000):
        with pytest.raises(DayError) as caught:
            read_typed_date(text, TODAY)
        assert len(str(caught.value)) < 300
    assert time.process_time() - before < 0.1


def test_short_years_depend_on_today() -> None:
    with pytest.raises(DayError):
        read_typed_date("1/1/30", TODAY)
    assert read_typed_date("1/1/30", TODAY + timedelta(days=4 * 366)).first.year == 2030
