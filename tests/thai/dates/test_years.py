"""Years by words such as ปีหน้า, years at the head of a list, and days called past."""

from __future__ import annotations

from datetime import date

import pytest

from tests.thai.dates import PUBLISHED, dates_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("วันที่ 5 ธันวาคมปีนี้", "5 ธันวาคม = 2023-12-05"),
        ("วันที่ 5 ธันวาคม ปีนี้", "5 ธันวาคม = 2023-12-05"),
        ("วันที่ 5 ธันวาคมของปีนี้", "5 ธันวาคม = 2023-12-05"),
        ("วันที่ 5 ธ.ค.ในปีนี้", "5 ธ.ค. = 2023-12-05"),
        ("(5 ธ.ค.) ปีนี้", "5 ธ.ค. = 2023-12-05"),
        ("ถึง 31 มี.ค.ปีหน้า", "31 มี.ค. = 2024-03-31"),
        ("ถึงวันที่ 31 มีนาคมของปีหน้า", "31 มีนาคม = 2024-03-31"),
        ("วันที่ 20 มีนาคมปีที่แล้ว", "20 มีนาคม = 2022-03-20"),
        ("วันที่ 20 มีนาคม ปีที่ผ่านมา", "20 มีนาคม = 2022-03-20"),
        ("วันที่ 20 มีนาคมปีก่อน", "20 มีนาคม = 2022-03-20"),
        ("วันที่ 20 มีนาคมปีกลาย", "20 มีนาคม = 2022-03-20"),
        ("since 6 January of this year", "6 January = 2023-01-06"),
        ("on August 15 last year", "August 15 = 2022-08-15"),
        ("on February 3, next year", "February 3 = 2024-02-03"),
        # the previous year of another year, a duty, every year
        ("วันที่ 20 มีนาคมปีก่อนหน้า", "20 มีนาคม = 2023-03-20"),
        ("วันที่ 20 มีนาคม ปีหน้าที่", "20 มีนาคม = 2023-03-20"),
    ],
)
def test_words_for_a_year_decide_it(text: str, expected: str) -> None:
    assert dates_in(text) == [f"{expected}, inferred"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("เปิดใช้ ต.ค.ปีนี้", "ต.ค. = 2023-10-01..2023-10-31"),
        ("เดือนมกราคมปีหน้า", "มกราคม = 2024-01-01..2024-01-31"),
        ("ตั้งแต่กรกฎาคมปีที่แล้ว", "กรกฎาคม = 2022-07-01..2022-07-31"),
        ("ม.ค.-ก.ย. ปีนี้", "ม.ค.-ก.ย. = 2023-01-01..2023-09-30"),
        ("ต.ค. ถึง ม.ค. ปีหน้า", "ต.ค. ถึง ม.ค. = 2023-10-01..2024-01-31"),
        ("in November this year", "November = 2023-11-01..2023-11-30"),
        ("in mid-June of last year", "June = 2022-06-01..2022-06-30"),
        ("in July to August next year", "July to August = 2024-07-01..2024-08-31"),
    ],
)
def test_words_for_a_year_make_a_month_certain(text: str, expected: str) -> None:
    assert dates_in(text) == [f"{expected}, month, inferred"]


def test_a_word_for_a_year_applies_to_the_whole_phrase() -> None:
    assert dates_in("พ.ย. และ ธ.ค. ปีที่แล้ว") == [
        "พ.ย. = 2022-11-01..2022-11-30, month, inferred",
        "ธ.ค. = 2022-12-01..2022-12-31, month, inferred",
    ]
    assert dates_in("เดือนมิถุนายนหรือพฤษภาคมปีนี้") == [
        "มิถุนายน = 2023-06-01..2023-06-30, month, inferred",
        "พฤษภาคม = 2023-05-01..2023-05-31, month, inferred",
    ]
    assert dates_in("1 ธ.ค.นี้ไปจนถึง 14 ก.พ.ปีหน้า") == [
        "1 ธ.ค.นี้ไปจนถึง 14 ก.พ. = 2023-12-01..2024-02-14, inferred"
    ]


def test_a_written_year_outweighs_a_word() -> None:
    assert dates_in("5 ธันวาคม 2564 ปีนี้") == ["5 ธันวาคม 2564 = 2021-12-05"]


def test_a_text_of_december_may_be_published_in_january() -> None:
    text = "ราคาในเดือนธันวาคมปีนี้"
    assert dates_in(text, date(2023, 1, 4)) == ["ธันวาคม = 2022-12-01..2022-12-31, month, inferred"]
    assert dates_in(text, date(2023, 1, 11)) == ["ธันวาคม = 2023-12-01..2023-12-31, month, inferred"]


def test_without_a_publication_date_words_for_a_year_mean_nothing() -> None:
    assert dates_in("5 ธันวาคมปีนี้", None) == ["5 ธันวาคม = unknown, no-year"]


@pytest.mark.parametrize(
    ("text", "published_on", "expected"),
    [
        ("ม.ค. - ต.ค. ที่ผ่านมา", date(2021, 10, 12), "2021-01-01..2021-10-31"),
        ("มกราคมถึงกันยายนที่ผ่านมา", date(2022, 11, 9), "2022-01-01..2022-09-30"),
        ("ตุลาคม - มกราคมที่ผ่านมา", date(2023, 12, 20), "2022-10-01..2023-01-31"),
        ("พ.ย. ถึง ธ.ค. ที่แล้ว", date(2022, 1, 1), "2021-11-01..2021-12-31"),
        ("ม.ค. - มี.ค. นี้", date(2022, 12, 20), "2023-01-01..2023-03-31"),
    ],
)
def test_a_range_of_months_that_is_over_lies_in_the_past(
    text: str, published_on: date, expected: str
) -> None:
    months = text.removesuffix("ที่ผ่านมา").removesuffix("ที่แล้ว").removesuffix("นี้").strip()
    assert dates_in(text, published_on) == [f"{months} = {expected}, month, inferred"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ตั้งแต่ 1 ส.ค. ถึงปัจจุบัน", "1 ส.ค. = 2022-08-01"),
        ("ตั้งแต่ 1 ส.ค. - ปัจจุบัน", "1 ส.ค. = 2022-08-01"),
        ("(1 ส.ค.) จนถึงขณะนี้", "1 ส.ค. = 2022-08-01"),
        ("หลังวันที่ 1 ส.ค. เป็นต้นมา", "1 ส.ค. = 2022-08-01"),
        ("เมื่อคืนวันที่ 1 ส.ค.", "1 ส.ค. = 2022-08-01"),
        ("วันที่ 1 ส.ค. เป็นต้นไป", "1 ส.ค. = 2023-08-01"),
    ],
)
def test_days_from_which_something_lasts_are_past(text: str, expected: str) -> None:
    assert dates_in(text) == [f"{expected}, inferred"]


@pytest.mark.parametrize(
    "text",
    [
        "วันหยุดปี 2567 ได้แก่ {}, {} และ {}",
        "วันหยุดประจำปี 2567 จำนวน 3 วัน มีดังนี้ {} วันขึ้นปีใหม่, {} วันเด็ก, {} วันแม่",
        "ในปี พ.ศ. 2567 ดังต่อไปนี้ {} ที่บึงหนึ่ง {} ที่บึงสอง {} ที่บึงสาม",
        "กำหนดการปี 2567: {} {} {}",
        "ปี 2567 ({} บึงหนึ่ง, {} บึงสอง, {} บึงสาม)",
        "วันหยุดปี 2567 ได้แก่\n{} วันขึ้นปีใหม่\n2) วันเด็ก {}\n- วันแม่ {}",
        "วันหยุดปี 2567\n1. {}\n2. {}\n3. {}",
        "วันหยุดปี 2567 ได้แก่ {} วันขึ้นปีใหม่,\nวันเด็ก {}\nวันแม่ {}",
        "วันหยุดปี 2567 ได้แก่ {}, {}\nวันคล้ายวันเกิดของผู้ก่อตั้งชมรมว่าวแห่งจังหวัดสมมติและผู้ประดิษฐ์ว่าวจุฬาหางห้าสี {}",
        "The holidays in 2024 are as follows: {}, {} and {}.",
        "The holidays of 2024:\n{}\n{}\n{}",
    ],
)
def test_a_list_headed_with_its_year_takes_it_throughout(text: str) -> None:
    days = ("1 มกราคม", "13 มกราคม", "12 สิงหาคม")
    if "The" in text:
        days = ("January 1", "13 January", "August 12")
    published = date(2023, 8, 1)
    assert dates_in(text.format(*days), published) == [
        f"{days[0]} = 2024-01-01",
        f"{days[1]} = 2024-01-13",
        f"{days[2]} = 2024-08-12",
    ]


@pytest.mark.parametrize(
    "text",
    [
        # the year of a law, a budget, accounts; one long ago; no list
        "ตาม พ.ร.บ. พ.ศ. 2565 ดังนี้ 20 มีนาคม",
        "ปีงบประมาณ 2565 ได้แก่ 20 มีนาคม",
        "พ.ร.บ.งบประมาณรายจ่ายประจำปี 2565 ดังนี้ 20 มีนาคม",
        "รอบบัญชีปี 2565 (ยื่นภายใน 20 มีนาคม)",
        "ปี 2475 ได้แก่ 20 มีนาคม",
        "ปี 2565 และวันที่ 20 มีนาคม",
        # another year is nearer, or the list is over
        "ปี 2565 ได้แก่ 5 เมษายน 2564, 20 มีนาคม",
        "ปี 2565 ได้แก่ ว่าวและโคม\nทั้งนี้ วันที่ 20 มีนาคม",
        "ปี 2565 (ว่าว) 20 มีนาคม",
        f"{'ผู้ลงทะเบียนร่วมงานแข่งว่าว' * 2} ปี 2565\n20 มีนาคม",
        # the day says itself when it is
        "ปี 2565 ได้แก่ 20 มีนาคมนี้",
        "ปี 2565 ได้แก่ 20 มีนาคมที่ผ่านมา",
        "ปี 2565 ได้แก่ วันจันทร์ที่ 20 มีนาคม",
    ],
)
def test_other_years_do_not_head_a_list(text: str) -> None:
    assert dates_in(text)[-1] == "20 มีนาคม = 2023-03-20, inferred"
    assert PUBLISHED.year == 2023
