"""Days as they are shown and as they are typed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.browse.dates import (
    DayError,
    be_year,
    english_date,
    iso_date,
    read_period,
    thai_date,
    thai_month,
    thai_short_date,
    thai_weekday,
)
from scraper.thai.dates import find_dates


def test_a_day_is_shown_in_both_eras() -> None:
    assert thai_date("2025-08-21") == "21 สิงหาคม 2568"
    assert thai_short_date("2025-08-21T03:00:00Z") == "21 ส.ค. 2568"
    assert english_date("2025-08-21") == "21 August 2025"
    assert thai_weekday("2025-08-21") == "พฤหัสบดี"
    assert thai_month("2025-08") == "ส.ค. 2568"
    assert be_year("2025-08-21") == 2568


@pytest.mark.parametrize("value", [None, "", "2025", "2025-02-30", "วันนี้"])
def test_what_is_no_day_has_no_name(value: str | None) -> None:
    assert thai_date(value) is None
    assert be_year(value) is None


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_day_that_is_shown_can_be_typed(day: date) -> None:
    shown = thai_date(day.isoformat())
    assert shown is not None
    assert read_period(shown) == (day, day)
    assert find_dates(shown, None)[0].start_on == day


@pytest.mark.parametrize(
    ("written", "first", "days"),
    [
        ("2568", "2025-01-01", 365),
        ("๒๕๖๘", "2025-01-01", 365),
        ("2024", "2024-01-01", 366),
        ("2568-02", "2025-02-01", 28),
        ("2568-08-21", "2025-08-21", 1),
        ("2025-08-21", "2025-08-21", 1),
        ("21/08/2568", "2025-08-21", 1),
        ("๒๑ ส.ค. ๒๕๖๘", "2025-08-21", 1),
        ("21 August 2025", "2025-08-21", 1),
        ("1-3 มีนาคม 2566", "2023-03-01", 3),
    ],
)
def test_a_period_is_read(written: str, first: str, days: int) -> None:
    begin = date.fromisoformat(first)
    assert read_period(written) == (begin, begin + timedelta(days=days - 1))
    assert iso_date(written) == first


@pytest.mark.parametrize(
    "written", ["", "เมื่อวาน", "2568-13", "2568-02-30", "99", "0000", "2568-00"]
)
def test_what_is_no_period_is_quoted_back(written: str) -> None:
    with pytest.raises(DayError, match=f"“{written}”"):
        read_period(written)
    assert iso_date(written) is None
