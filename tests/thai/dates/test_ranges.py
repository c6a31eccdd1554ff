"""Ranges across brackets and words, and hours that end at 24.00."""

from __future__ import annotations

import pytest

from scraper.thai.dates import find_dates
from tests.thai.dates import PUBLISHED, dates_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a bracket closes, or opens, inside the range
        ("วันนี้ (23 มี.ค. 66) - 2 เม.ย. 66", "23 มี.ค. 66) - 2 เม.ย. 66 = 2023-03-23..2023-04-02"),
        ("(23 มี.ค.) ถึง 2 เม.ย. 66", "23 มี.ค.) ถึง 2 เม.ย. 66 = 2023-03-23..2023-04-02"),
        ("(23 มีนาคม 2566)ไปจนถึงวันที่ 2 เมษายน", "2023-03-23..2023-04-02"),
        ("23 มี.ค. 66 ถึงวันพรุ่งนี้ (24 มี.ค. 66)", "2023-03-23..2023-03-24"),
        ("1 มี.ค. 66 ถึงเมื่อวานนี้ (22 มีนาคม 2566)", "2023-03-01..2023-03-22"),
        ("1 มี.ค. 66 ถึงปัจจุบัน (วันที่ 22 มี.ค. 66)", "2023-03-01..2023-03-22"),
        ("today (March 23) until April 2, 2023", "2023-03-23..2023-04-02"),
        ("(March 23, 2023) to tomorrow (March 24, 2023)", "2023-03-23..2023-03-24"),
        # a word that points at the day stands between
        ("25 มีนาคม 2566 นี้ จนถึงวันที่ 2 เมษายน 2566", "2023-03-25..2023-04-02"),
        ("20 มีนาคม 2566 ที่ผ่านมา ถึงวันที่ 2 เมษายน 2566", "2023-03-20..2023-04-02"),
        # the day of the data is not the end
        ("1 มี.ค. 66 จนถึงปัจจุบัน (ข้อมูล ณ 22 มี.ค. 66)", "2023-03-01"),
    ],
)
def test_ranges_across_brackets_and_pointers(text: str, expected: str) -> None:
    assert dates_in(text)[0].endswith(expected)


def test_hours_after_a_word_for_the_year() -> None:
    assert dates_in("14 ธ.ค. ปีนี้ เวลา 13.30 น.") == ["14 ธ.ค. = 2023-12-14 13:30, inferred"]
    assert dates_in("14 เม.ย. นี้ เวลา 13.30 น.") == ["14 เม.ย. = 2023-04-14 13:30, inferred"]


@pytest.mark.parametrize(
    ("text", "hours", "until_24"),
    [
        ("5 มีนาคม 2566 เวลา 18.00-24.00 น.", "18:00-23:59", True),
        ("5 มีนาคม 2566 เวลา 18.00 น. ถึง 24:00 น.", "18:00-23:59", True),
        ("5 มีนาคม 2566 เวลา 18 - 24 นาฬิกา", "18:00-23:59", True),
        ("1 มีนาคม 2566 เวลา 00.01 น. ถึงวันที่ 5 มีนาคม 2566 เวลา 24.00 น.", "00:01-23:59", True),
        # alone it is a point of time, and so is the start of a night
        ("5 มีนาคม 2566 เวลา 24.00 น.", "23:59", False),
        ("ถึงวันที่ 5 มีนาคม 2566 เวลา 24.00 น.", "23:59", False),
        ("5 มีนาคม 2566 เวลา 24.00-06.00 น.", "23:59-06:00", False),
        ("5 มีนาคม 2566 เวลา 18.00-23.59 น.", "18:00-23:59", False),
    ],
)
def test_24_00_at_the_end_of_a_range(text: str, hours: str, *, until_24: bool) -> None:
    (mention,) = find_dates(text, PUBLISHED)
    times = (mention.start_time, mention.end_time)
    assert "-".join(f"{moment:%H:%M}" for moment in times if moment) == hours
    assert mention.until_24 is until_24
    assert ("midnight" in mention.flags) is ("24" in text)
