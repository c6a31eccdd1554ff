"""Tests for dates in prose: every measured form, inferred years, hours."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.thai.dates import find_dates
from tests.thai.dates import PUBLISHED, dates_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("เมื่อวันที่ 16 กุมภาพันธ์ 2566 ที่", "16 กุมภาพันธ์ 2566 = 2023-02-16"),
        ("(23 มี.ค. 66)", "23 มี.ค. 66 = 2023-03-23"),
        ("20 มี.ค.66", "20 มี.ค.66 = 2023-03-20"),
        ("31ม.ค.68", "31ม.ค.68 = 2025-01-31"),
        ("23 มี.ค. 2566", "23 มี.ค. 2566 = 2023-03-23"),
        ("28 มีนาคม 66", "28 มีนาคม 66 = 2023-03-28"),
        ("23 มีนาคม พ.ศ. 2566", "23 มีนาคม พ.ศ. 2566 = 2023-03-23"),
        ("23 มีนาคม พุทธศักราช 2566", "23 มีนาคม พุทธศักราช 2566 = 2023-03-23"),
        ("12 สิงหาคม ปี 2564", "12 สิงหาคม ปี 2564 = 2021-08-12"),
        ("วันที่ 5 เดือนมีนาคม ปี พ.ศ. 2566", "5 เดือนมีนาคม ปี พ.ศ. 2566 = 2023-03-05"),
        ("6 เมษายน 2325", "6 เมษายน 2325 = 1782-04-06"),
        ("20 มี.ค. 2376", "20 มี.ค. 2376 = 1833-03-20, old-new-year"),
        ("31 มีนาคม 2023", "31 มีนาคม 2023 = 2023-03-31"),
        ("12 สิงหาคม ค.ศ. 1949", "12 สิงหาคม ค.ศ. 1949 = 1949-08-12"),
        ("วันพุธ\u200bที่\u200b ๒๒\xa0มีนาคม\u200b ๒๕๖๖", "๒๒\xa0มีนาคม\u200b ๒๕๖๖ = 2023-03-22"),
        ("15/03/2566", "15/03/2566 = 2023-03-15"),
    ],
)
def test_days(text: str, expected: str) -> None:
    assert dates_in(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25-26 มีนาคม 2566", "2023-03-25..2023-03-26"),
        ("25 – 26 มีนาคม 2566", "2023-03-25..2023-03-26"),
        ("25—26 มี.ค. 66", "2023-03-25..2023-03-26"),
        ("25 ถึง 26 มี.ค. 2566", "2023-03-25..2023-03-26"),
        ("25 ถึงวันที่ 26 มี.ค. 2566", "2023-03-25..2023-03-26"),
        ("14 – วันอาทิตย์ที่ 15 ตุลาคม 2566", "2023-10-14..2023-10-15"),
        # across months: the year at both ends, at the end, at the start
        ("27 มี.ค. 66 - 26 เม.ย. 66", "2023-03-27..2023-04-26"),
        ("1 มีนาคม - 1 พฤษภาคม 2566", "2023-03-01..2023-05-01"),
        ("27 มี.ค. จนถึงวันที่ 26 เม.ย. 66", "2023-03-27..2023-04-26"),
        ("31 พฤษภาคม 2566 - 1 มิถุนายน", "2023-05-31..2023-06-01"),
        ("31 ธันวาคม 2566 - 1 มกราคม", "2023-12-31..2024-01-01"),
        ("12 ธันวาคม – 9 เมษายน 2567", "2023-12-12..2024-04-09"),
        # mixed widths and styles
        ("5 ธ.ค.67-14 ก.พ. 2568", "2024-12-05..2025-02-14"),
        ("1 ตุลาคม 2566 – 31 พ.ค. 2567", "2023-10-01..2024-05-31"),
        ("1 พ.ย. ถึง 31 ธันวาคม 2566", "2023-11-01..2023-12-31"),
        ("1 พ.ย. 66 ถึง 15 ม.ค. 67", "2023-11-01..2024-01-15"),
    ],
)
def test_ranges_are_one_mention(text: str, expected: str) -> None:
    assert dates_in(f"ตั้งแต่วันที่ {text} รวม") == [f"{text} = {expected}"]


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


BEFORE = (
    "วันที่ |วันที่|เมื่อวันที่ |ในวันที่ |ตั้งแต่วันที่ |ถึงวันที่ |จนถึงวันที่ |ภายในวันที่ |ก่อนวันที่ |"
    "ประจำวันที่ |ณ วันที่ |ข้อมูล ณ |ในวันอาทิตย์ที่ |อาทิตย์ที่ |("
)


@pytest.mark.parametrize("before", BEFORE.split("|"))
def test_a_mention_starts_at_the_number_of_the_day(before: str) -> None:
    assert dates_in(f"{before}5 มีนาคม 2566 ที่") == ["5 มีนาคม 2566 = 2023-03-05"]


def test_a_range_without_a_year() -> None:
    assert dates_in("10-11 มี.ค.") == ["10-11 มี.ค. = 2023-03-10..2023-03-11, inferred"]
    assert dates_in("14 – 17 มีนาคม") == ["14 – 17 มีนาคม = 2023-03-14..2023-03-17, inferred"]
    assert dates_in("30 มี.ค. - 2 เม.ย.") == ["30 มี.ค. - 2 เม.ย. = 2023-03-30..2023-04-02, inferred"]
    assert dates_in("28 ธ.ค. - 3 ม.ค.") == ["28 ธ.ค. - 3 ม.ค. = 2022-12-28..2023-01-03, inferred"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 และ 5 มีนาคม 2566", ["3 = 2023-03-03", "5 มีนาคม 2566 = 2023-03-05"]),
        ("3 / 5 มีนาคม 2566", ["5 มีนาคม 2566 = 2023-03-05"]),
        (
            "1, 8, 15 และ 22 ธันวาคม 2566",
            ["1 = 2023-12-01", "8 = 2023-12-08", "15 = 2023-12-15", "22 ธันวาคม 2566 = 2023-12-22"],
        ),
        (
            "15,17 ,20 และวันที่ 24 สิงหาคม 2563",
            [
                "15 = 2020-08-15",
                "17 = 2020-08-17",
                "20 = 2020-08-20",
                "24 สิงหาคม 2563 = 2020-08-24",
            ],
        ),
        (
            "2 - 4 และ 9-11 มีนาคม 2566",
            ["2 - 4 = 2023-03-02..2023-03-04", "9-11 มีนาคม 2566 = 2023-03-09..2023-03-11"],
        ),
        (
            "2 เม.ย. 66 และ 9 เม.ย. 66",
            ["2 เม.ย. 66 = 2023-04-02", "9 เม.ย. 66 = 2023-04-09"],
        ),
        (
            "30 ธันวาคม และ 2 มกราคม 2567",
            ["30 ธันวาคม = 2023-12-30", "2 มกราคม 2567 = 2024-01-02"],
        ),
        (
            "28, 30 พฤศจิกายน",
            ["28 = 2022-11-28, inferred", "30 พฤศจิกายน = 2022-11-30, inferred"],
        ),
        (
            "วันเสาร์ที่ 14 และวันอาทิตย์ที่ 15 ตุลาคม 2566",
            ["14 = 2023-10-14", "15 ตุลาคม 2566 = 2023-10-15"],
        ),
        # a number larger than the next is not a day
        ("รุ่นที่ 25, 3 และ 5 มีนาคม 2566", ["3 = 2023-03-03", "5 มีนาคม 2566 = 2023-03-05"]),
    ],
)
def test_each_day_of_a_list_is_a_mention(text: str, expected: list[str]) -> None:
    assert dates_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("เดือนมีนาคม 2566", "มีนาคม 2566 = 2023-03-01..2023-03-31"),
        ("ยอดกุมภาพันธ์ 2567", "กุมภาพันธ์ 2567 = 2024-02-01..2024-02-29"),
        ("ช่วง มี.ค. 66", "มี.ค. 66 = 2023-03-01..2023-03-31"),
        ("ม.ค.-พ.ย. 64", "ม.ค.-พ.ย. 64 = 2021-01-01..2021-11-30"),
        ("ตุลาคม 2565 ถึง มีนาคม 2566", "ตุลาคม 2565 ถึง มีนาคม 2566 = 2022-10-01..2023-03-31"),
        ("ต.ค. - มี.ค. 66", "ต.ค. - มี.ค. 66 = 2022-10-01..2023-03-31"),
        ("ปี 2564 (ม.ค. - พ.ย.)", "ม.ค. - พ.ย. = 2021-01-01..2021-11-30"),
        ("ไตรมาสหนึ่ง (เดือนมกราคม-มีนาคม) ปี 2564", "มกราคม-มีนาคม = 2021-01-01..2021-03-31"),
    ],
)
def test_months_with_a_year(text: str, expected: str) -> None:
    assert dates_in(text) == [f"{expected}, month"]


@pytest.mark.parametrize("text", ["เดือน{}", "เดือน {}ที่ผ่านมา", "{}นี้", "{} ที่ผ่านมา"])
def test_months_without_a_year(text: str) -> None:
    assert dates_in(text.format("มีนาคม")) == ["มีนาคม = 2023-03-01..2023-03-31, month, inferred"]


@pytest.mark.parametrize(
    ("text", "published_on", "expected"),
    [
        ("ในวันที่ 20 มีนาคม", PUBLISHED, date(2023, 3, 20)),
        ("ในวันที่ 30 สิงหาคม", PUBLISHED, date(2023, 8, 30)),  # announced
        ("ในวันที่ 30 ธันวาคม", PUBLISHED, date(2022, 12, 30)),
        ("เมื่อวันที่ 30 สิงหาคม", PUBLISHED, date(2022, 8, 30)),
        ("ในวันที่ 30 สิงหาคมที่ผ่านมา", PUBLISHED, date(2022, 8, 30)),
        ("ในวันที่ 16 ต.ค.นี้", PUBLISHED, date(2023, 10, 16)),
        ("เมื่อวันที่ 30 ธันวาคม", date(2023, 1, 3), date(2022, 12, 30)),
        ("ในวันที่ 4 มกราคม", date(2022, 12, 28), date(2023, 1, 4)),
        ("ในวันที่ 29 กุมภาพันธ์", PUBLISHED, date(2024, 2, 29)),
        # by its weekday, a holiday of next year
        ("วันเสาร์ที่ 20 กรกฎาคม", date(2023, 10, 24), date(2024, 7, 20)),
    ],
)
def test_a_missing_year_is_inferred_from_publication(
    text: str, published_on: date, expected: date
) -> None:
    (mention,) = find_dates(text, published_on)
    assert (mention.start_on, mention.end_on) == (expected, expected)
    assert mention.inferred
    assert not mention.flags


def test_each_day_of_a_list_is_marked_as_inferred_by_itself() -> None:
    assert dates_in("5 มีนาคม 2566 และ 20 มกราคม") == [
        "5 มีนาคม 2566 = 2023-03-05",
        "20 มกราคม = 2023-01-20, inferred",
    ]
    assert dates_in("5 มีนาคม 2565 และ 7 มีนาคม") == [
        "5 มีนาคม 2565 = 2022-03-05",
        "7 มีนาคม = 2022-03-07",
    ]


def test_without_a_publication_date_a_missing_year_is_unknown() -> None:
    assert dates_in("ในวันที่ 20 มีนาคม", None) == ["20 มีนาคม = unknown, no-year"]


def test_yearly_days() -> None:
    for text in ("วันที่ 22 มีนาคมของทุกปี", "ทุกวันที่ 22 มีนาคม", "22 มีนาคม ทุก ๆ ปี"):
        assert dates_in(text) == ["22 มีนาคม = 2023-03-22, inferred, yearly"]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("วันที่ 5 มีนาคม 2566 เวลา 09.30 น. ณ", "09:30"),
        ("วันนี้ (5 มีนาคม 2566) เวลา 13.00น.", "13:00"),
        ("5 มีนาคม 2566 เมื่อเวลาประมาณ 10:50  น.", "10:50"),
        ("5 มีนาคม 2566 เวลา 09.30-12.00 น.", "09:30-12:00"),
        ("5 มีนาคม 2566 ตั้งแต่เวลา 10.00 น. - 20.00 น.", "10:00-20:00"),
        ("5 มีนาคม 2566 เวลา 9 นาฬิกา", "09:00"),
        ("วันนี้ (5 มีนาคม 2566) เวลา 0800 น.", "08:00"),
        ("5 มีนาคม 2566 เวลา 25.00 น.", ""),
        ("5 มีนาคม 2566 นี้ เวลา 13.30 น.", "13:30"),
        ("5 มีนาคม 2566 ที่ผ่านมา ช่วงเวลา 13.30 น.", "13:30"),
        ("5 มีนาคม 2566 นี้ เริ่มตั้งแต่เวลา 13.30-15.00 น.", "13:30-15:00"),
        ("เมื่อเวลา 16.00 น. วันที่ 5 มีนาคม 2566", "16:00"),
        ("เวลา 16.00 น. ของวันอาทิตย์ที่ 5 มีนาคม 2566", "16:00"),
        ("5 มีนาคม 2566 เวลา 24.00 น.", "23:59, midnight"),
        ("5 มีนาคม 2566 เวลา 2 โมง", ""),  # morning or night depends on the words around it
    ],
)
def test_hours(text: str, hours: str) -> None:
    assert dates_in(text) == [f"5 มีนาคม 2566 = 2023-03-05 {hours}".rstrip()]


def test_hours_at_both_ends_of_a_range() -> None:
    text = "5 มีนาคม 2566 เวลา 08.30 น. ถึงวันที่ 6 มีนาคม 2566"
    assert dates_in(f"{text} เวลา 16.30 น.") == [f"{text} = 2023-03-05..2023-03-06 08:30-16:30"]


def test_hours_behind_a_word_for_the_year() -> None:
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


def test_hours_belong_to_one_date() -> None:
    assert dates_in("5 มีนาคม 2566 เวลา 09.00 น. วันที่ 6 มีนาคม 2566") == [
        "5 มีนาคม 2566 = 2023-03-05 09:00",
        "6 มีนาคม 2566 = 2023-03-06",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("May 13, 2022", "2022-05-13"),
        ("15 August 2024", "2024-08-15"),
        ("15th of August 2024", "2024-08-15"),
        ("Sept. 1, 2021", "2021-09-01"),
        ("July 21-25, 2022", "2022-07-21..2022-07-25"),
        ("21 – 25 July 2022", "2022-07-21..2022-07-25"),
        ("June 30 - July 2, 2023", "2023-06-30..2023-07-02"),
        ("June 30 - 2 July 2023", "2023-06-30..2023-07-02"),
        ("April 1, 2021 to March 31, 2025", "2021-04-01..2025-03-31"),
        ("3 July 2566 – 30 October", "2023-07-03..2023-10-30"),
        ("16 August B.E. 2567", "2024-08-16"),
        ("August 15", "2023-08-15, inferred"),
        ("May 2022", "2022-05-01..2022-05-31, month"),
    ],
)
def test_english(text: str, expected: str) -> None:
    assert dates_in(f"held on {text}.") == [f"{text} = {expected}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("August 1 and 8", ["August 1 = 2023-08-01, inferred", "8 = 2023-08-08, inferred"]),
        (
            "August 1, 8 and 15, 2022",
            ["August 1 = 2022-08-01", "8 = 2022-08-08", "15, 2022 = 2022-08-15"],
        ),
        (
            "March 1, 8; April 3-5, 7, May 2",
            [
                "March 1 = 2023-03-01, inferred",
                "8 = 2023-03-08, inferred",
                "April 3-5 = 2023-04-03..2023-04-05, inferred",
                "7 = 2023-04-07, inferred",
                "May 2 = 2023-05-02, inferred",
            ],
        ),
        # the number after the comma is a count, or belongs to another month
        ("March 1, 8 boats", ["March 1 = 2023-03-01, inferred"]),
        ("March 1, 8 April 2023", ["March 1 = 2023-03-01", "8 April 2023 = 2023-04-08"]),
        ("March 1, 5.30 pm", ["March 1 = 2023-03-01, inferred"]),
    ],
)
def test_english_lists(text: str, expected: list[str]) -> None:
    assert dates_in(f"on {text}.") == expected


def test_english_hours() -> None:
    assert dates_in("Friday, May 13, 2022, at 1600hrs, at") == ["May 13, 2022 = 2022-05-13 16:00"]
    assert dates_in("5 June 2025 at 17.00 hrs.") == ["5 June 2025 = 2025-06-05 17:00"]


def test_english_months_need_a_capital() -> None:
    assert dates_in("you may 5 times march 6 miles") == []
