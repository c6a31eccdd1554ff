"""Dates as they stand in texts: every shape that was measured, the way to years, hours."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scraper.reference import read_table
from scraper.thai.dates import find_dates
from scraper.thai.text import clean, to_thai_digits
from tests.thai.dates import PUBLISHED, told

MONTHS = {int(row["month"]): row for row in read_table("months.csv")}


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
        ("20 มี.ค. 2376", "20 มี.ค. 2376 = 1833-03-20"),
        ("31 มีนาคม 2023", "31 มีนาคม 2023 = 2023-03-31"),
        ("12 สิงหาคม ค.ศ. 1949", "12 สิงหาคม ค.ศ. 1949 = 1949-08-12"),
        ("วันพุธ\u200bที่\u200b ๒๒\xa0มีนาคม\u200b ๒๕๖๖", "๒๒\xa0มีนาคม\u200b ๒๕๖๖ = 2023-03-22"),
        ("15/03/2566", "15/03/2566 = 2023-03-15"),
    ],
)
def test_days(text: str, expected: str) -> None:
    assert told(text) == [expected]


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
    assert told(f"ตั้งแต่วันที่ {text} รวม") == [f"{text} = {expected}"]


def test_a_range_without_a_year() -> None:
    assert told("14 – 17 มีนาคม") == ["14 – 17 มีนาคม = 2023-03-14..2023-03-17, inferred"]
    assert told("30 มี.ค. - 2 เม.ย.") == ["30 มี.ค. - 2 เม.ย. = 2023-03-30..2023-04-02, inferred"]
    assert told("28 ธ.ค. - 3 ม.ค.") == ["28 ธ.ค. - 3 ม.ค. = 2022-12-28..2023-01-03, inferred"]


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
        # a number that is larger than the next was no day
        ("รุ่นที่ 25, 3 และ 5 มีนาคม 2566", ["3 = 2023-03-03", "5 มีนาคม 2566 = 2023-03-05"]),
    ],
)
def test_lists_are_one_mention_a_day(text: str, expected: list[str]) -> None:
    assert told(text) == expected


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
    assert told(text) == [f"{expected}, month"]


@pytest.mark.parametrize("text", ["เดือน{}", "เดือน {}ที่ผ่านมา", "{}นี้", "{} ที่ผ่านมา"])
def test_months_without_a_year(text: str) -> None:
    assert told(text.format("มีนาคม")) == ["มีนาคม = 2023-03-01..2023-03-31, month, inferred"]


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
        # the weekday tells that a list of holidays is next year's
        ("วันเสาร์ที่ 20 กรกฎาคม", date(2023, 10, 24), date(2024, 7, 20)),
    ],
)
def test_a_missing_year_is_taken_from_publication(
    text: str, published_on: date, expected: date
) -> None:
    (mention,) = find_dates(text, published_on)
    assert (mention.start_on, mention.end_on) == (expected, expected)
    assert mention.inferred
    assert not mention.flags


def test_what_is_inferred_is_said_of_each_day_of_a_list() -> None:
    assert told("5 มีนาคม 2566 และ 20 มกราคม") == [
        "5 มีนาคม 2566 = 2023-03-05",
        "20 มกราคม = 2023-01-20, inferred",
    ]
    assert told("5 มีนาคม 2565 และ 7 มีนาคม") == ["5 มีนาคม 2565 = 2022-03-05", "7 มีนาคม = 2022-03-07"]


def test_without_publication_a_missing_year_stays_unknown() -> None:
    assert told("ในวันที่ 20 มีนาคม", None) == ["20 มีนาคม = unknown, no-year"]


def test_days_of_every_year() -> None:
    for text in ("วันที่ 22 มีนาคมของทุกปี", "ทุกวันที่ 22 มีนาคม", "22 มีนาคม ทุก ๆ ปี"):
        assert told(text) == ["22 มีนาคม = 2023-03-22, inferred, yearly"]


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
        ("เมื่อเวลา 16.00 น. วันที่ 5 มีนาคม 2566", "16:00"),
        ("เวลา 16.00 น. ของวันอาทิตย์ที่ 5 มีนาคม 2566", "16:00"),
        ("5 มีนาคม 2566 เวลา 24.00 น.", "23:59, midnight"),
    ],
)
def test_hours(text: str, hours: str) -> None:
    assert told(text) == [f"5 มีนาคม 2566 = 2023-03-05 {hours}".rstrip()]


def test_hours_at_both_ends_of_a_range() -> None:
    text = "5 มีนาคม 2566 เวลา 08.30 น. ถึงวันที่ 6 มีนาคม 2566"
    assert told(f"{text} เวลา 16.30 น.") == [f"{text} = 2023-03-05..2023-03-06 08:30-16:30"]


def test_hours_belong_to_one_date() -> None:
    assert told("5 มีนาคม 2566 เวลา 09.00 น. วันที่ 6 มีนาคม 2566") == [
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
    assert told(f"held on {text}.") == [f"{text} = {expected}"]


def test_english_hours() -> None:
    assert told("Friday, May 13, 2022, at 1600hrs, at") == ["May 13, 2022 = 2022-05-13 16:00"]
    assert told("5 June 2025 at 17.00 hrs.") == ["5 June 2025 = 2025-06-05 17:00"]


def test_english_months_have_capitals() -> None:
    assert told("you may 5 times march 6 miles") == []


# --- properties ----------------------------------------------------------------------------------

SHAPES = [
    "{day} {month} {be}",
    "{day} {short} {yy}",
    "{day}{short}{yy}",
    "{day} {month} พ.ศ. {be}",
    "{day} {month} ค.ศ. {ce}",
    "{english} {day}, {ce}",
    "{day} {english} {be}",
]


@given(
    st.dates(date(1990, 1, 1), date(2042, 12, 31)),
    st.sampled_from(SHAPES),
    st.sampled_from(["", "เมื่อวันที่ ", "ความคืบหน้า (", "ครั้งที่ 1/2568 "]),
    st.sampled_from(["", ") เวลา", " จำนวน 45 คน", "\n12 มกราคม"]),
    st.booleans(),
)
def test_any_day_in_any_shape(day: date, shape: str, left: str, right: str, thai: bool) -> None:
    row = MONTHS[day.month]
    be = day.year + 543
    written = shape.format(
        day=day.day,
        month=row["thai"],
        short=row["thai_short"],
        english=row["english"].title(),
        be=be,
        yy=f"{be % 100:02}",
        ce=day.year,
    )
    text = left + written + right
    mention = find_dates(to_thai_digits(text) if thai else text, PUBLISHED)[0]
    assert (mention.start_on, mention.end_on, mention.flags) == (day, day, ())
    assert not mention.inferred


@given(st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.dates(date(2010, 1, 1), date(2040, 1, 1)))
def test_any_range(first: date, last: date) -> None:
    assume(first < last)
    one, two = (f"{d.day} {MONTHS[d.month]['thai']} {d.year + 543}" for d in (first, last))
    (mention,) = find_dates(f"ระหว่างวันที่ {one} - {two} ณ", PUBLISHED)
    assert (mention.start_on, mention.end_on) == (first, last)


# fmt: off
WORDS = [
    "5", "31", "66", "2566", "256", "มีนาคม", "ก.พ.", "มี.ค", "กรกฏาคม", "พฤษภาคน", "ต.ต.",
    "May", "July", "th", "ถึง", "และ", "วันที่", "วันพุธที่", "เดือน", "ปี", "พ.ศ.", "ค.ศ.",
    "น.", "เวลา", "09.30", "24.00", "นี้", "ที่ผ่านมา", "ทุกปี", "คน", "โควิด-19",
]
# fmt: on
PIECES = st.sampled_from([*"0123456789๑๒๓ .,-–()/:\n\xa0\u200b", *WORDS])
talk = st.lists(PIECES, max_size=30).map("".join) | st.text()
days_or_none = st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1))


@given(talk, days_or_none)
def test_any_text(text: str, published_on: date | None) -> None:
    mentions = find_dates(text, published_on)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
        assert "\n" not in mention.text
        assert (mention.start_on is None) == (mention.end_on is None)
        if mention.start_on and mention.end_on:
            assert mention.start_on <= mention.end_on
        else:
            assert mention.flags
        assert list(mention.flags) == sorted(set(mention.flags))
    assert all(one.end <= two.start for one, two in pairwise(mentions))


@given(talk, days_or_none)
def test_dirt_and_digits_make_no_difference(text: str, published_on: date | None) -> None:
    def meant(text: str) -> list[object]:
        return [
            m.model_dump(exclude={"start", "end", "text"}) for m in find_dates(text, published_on)
        ]

    assert meant(text) == meant(clean(text)) == meant(to_thai_digits(text))


@pytest.mark.parametrize(
    "pattern",
    [
        "ระหว่างวันที่ 27 มี.ค. - 26 เม.ย. 66 เวลา 09.00 น. และ ",
        "1, ",
        "1-2 ",
        "5 มีนาคม - ",
        "มีนาคม ",
        "5 ",
        "1 และ 2 ",
        "09.30-",
        "5 กกกกกก ",
        "June 3 - ",
        "1" * 50,
        "มีนาคม" + "2" * 5000,  # longer than int() takes
        "วันจันทร์ที่ ",
    ],
)
def test_long_texts_are_quick(pattern: str) -> None:
    # A cabinet résumé has 240,000 characters and some 80 dates; quadratic work would take minutes.
    started = time.perf_counter()
    find_dates(pattern * (240_000 // len(pattern)), PUBLISHED)
    assert time.perf_counter() - started < 10
