"""Tests for wrong and doubtful dates, which are flagged, and for text that is not a date."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.reference import read_table
from scraper.thai.dates import find_dates
from scraper.thai.dates.names import month_resembling
from tests.thai.dates import PUBLISHED, dates_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # dots left out
        ("16 มี.ค 66", "16 มี.ค 66 = 2023-03-16"),
        ("14 ตค 66", "14 ตค 66 = 2023-10-14"),
        ("27 กพ.นี้", "27 กพ. = 2023-02-27, inferred"),
        # misspelt, by table and by likeness
        ("16 กรกฏาคม 2566", "16 กรกฏาคม 2566 = 2023-07-16, misspelt-month"),
        ("วันที่ 16 กรกฏาคม", "16 กรกฏาคม = 2023-07-16, inferred, misspelt-month"),
        ("16 ก.ยง64", "16 ก.ยง64 = 2021-09-16, misspelt-month"),
        ("16 กรฏกาคม 2566", "16 กรฏกาคม 2566 = 2023-07-16, misspelt-month"),
        ("16 พฤศจิกยน พ.ศ. 2566", "16 พฤศจิกยน พ.ศ. 2566 = 2023-11-16, misspelt-month"),
        # between two months
        ("7 ต.ต. 67", "7 ต.ต. 67 = unknown, ambiguous-month"),
        ("26 มี.ย.64", "26 มี.ย.64 = unknown, ambiguous-month"),
        ("18 มี.คน68", "18 มี.คน68 = unknown, ambiguous-month"),
        # impossible days
        ("29 กุมภาพันธ์ 2564", "29 กุมภาพันธ์ 2564 = unknown, impossible"),
        ("31 เม.ย. 2567", "31 เม.ย. 2567 = unknown, impossible"),
        ("31 ก.พ.68", "31 ก.พ.68 = unknown, impossible"),
        ("1-31 กันยายน 2565", "1-31 กันยายน 2565 = unknown, impossible"),
        ("25-3 มีนาคม 2566", "25-3 มีนาคม 2566 = unknown, reversed"),
        ("22 ม.ค. 66 - 21 ม.ค. 66", "22 ม.ค. 66 - 21 ม.ค. 66 = unknown, reversed"),
        # impossible years
        ("1 เมษายน 256)", "1 เมษายน 256 = unknown, implausible-year"),
        ("28 พฤศจิกายน 2657", "28 พฤศจิกายน 2657 = unknown, implausible-year"),
        ("เดือนมีนาคม 25657", "มีนาคม 25657 = unknown, month, implausible-year"),
        ("5 มีนาคม พ.ศ. 2023", "5 มีนาคม พ.ศ. 2023 = unknown, implausible-year"),
        ("5 มีนาคม ค.ศ. 0000", "5 มีนาคม ค.ศ. 0000 = unknown, implausible-year"),
        ("11 ก.ค. 23", "11 ก.ค. 23 = 2023-07-11, ce-two-digit"),
        # other eras, and Buddhist years before 1941, which began in April
        ("5 เมษายน ร.ศ. 112", "5 เมษายน ร.ศ. 112 = unknown, other-era"),
        ("5 เม.ย. ร.ศ.๑๑๒", "5 เม.ย. ร.ศ.๑๑๒ = unknown, other-era"),
        ("5 เมษายน รัตนโกสินทร์ศก 112", "5 เมษายน รัตนโกสินทร์ศก 112 = unknown, other-era"),
        ("5 เมษายน จ.ศ. 1255", "5 เมษายน จ.ศ. 1255 = unknown, other-era"),
        ("5 เมษายน มหาศักราช 1815", "5 เมษายน มหาศักราช 1815 = unknown, other-era"),
        ("5 เมษายน ฮิจเราะห์ศักราช 1446", "5 เมษายน ฮิจเราะห์ศักราช 1446 = unknown, other-era"),
        (
            "5 เมษายน ปีมะเส็ง เบญจศก จุลศักราช 1255",
            "5 เมษายน ปีมะเส็ง เบญจศก จุลศักราช 1255 = unknown, other-era",
        ),
        ("5 เมษายน 1255 จ.ศ.", "5 เมษายน 1255 จ.ศ. = unknown, other-era"),
        ("5 เมษายน กรุงรัตนโกสินทร์ 112", "5 เมษายน กรุงรัตนโกสินทร์ 112 = unknown, other-era"),
        ("5 เมษายน ปีจอ", "5 เมษายน ปีจอ = unknown, other-era"),
        ("5 เมษายน ปีขาล โทศก", "5 เมษายน ปีขาล โทศก = unknown, other-era"),
        ("5 เมษายน ปีมะโรง พ.ศ. 2411", "5 เมษายน ปีมะโรง พ.ศ. 2411 = 1868-04-05"),
        ("5 เมษายน พุทธศก 2568", "5 เมษายน พุทธศก 2568 = 2025-04-05"),
        ("5 เมษายน ปี 12", "5 เมษายน ปี 12 = unknown, implausible-year"),
        ("5 เม.ย. ’01", "5 เม.ย. ’01 = unknown, implausible-year"),
        ("5 April ’12", "5 April ’12 = unknown, implausible-year"),
        ("5 Apr 68.", "5 Apr 68 = 2025-04-05"),
        ("5 Apr 12.", "5 Apr 12 = unknown, implausible-year"),
        ("5 April 68 boats", "5 April = 2023-04-05, inferred"),
        ("เดือนเมษายน ร.ศ. 112", "เมษายน ร.ศ. 112 = unknown, month, other-era"),
        ("5 เมษายน ค ศ 1893", "5 เมษายน ค ศ 1893 = 1893-04-05"),
        ("5 เมษายน คริสตศักราช 1893", "5 เมษายน คริสตศักราช 1893 = 1893-04-05"),
        ("(5 มี.ค. 15)", "5 มี.ค. 15 = unknown, implausible-year"),
        ("5 เมษายน 1255", "5 เมษายน 1255 = unknown, implausible-year"),
        ("5 เมษายน 112,", "5 เมษายน 112 = unknown, implausible-year"),
        ("5 มีนาคม 2470", "5 มีนาคม 2470 = 1927-03-05, old-new-year"),
        ("5 มีนาคม 2483", "5 มีนาคม 2483 = 1940-03-05, old-new-year"),
        ("5 มีนาคม 2484", "5 มีนาคม 2484 = 1941-03-05"),
        ("5 เมษายน 2470", "5 เมษายน 2470 = 1927-04-05"),
        ("5 มีนาคม ค.ศ. 1927", "5 มีนาคม ค.ศ. 1927 = 1927-03-05"),
        # a weekday that does not match
        ("วันพุธที่ 5 มีนาคม 2566", "5 มีนาคม 2566 = 2023-03-05, wrong-weekday"),
        ("วันอาทิตย์ที่ 5 มีนาคม 2566", "5 มีนาคม 2566 = 2023-03-05"),
        ("จันทร์ - ศุกร์ที่ 6-10 มีนาคม 2566", "6-10 มีนาคม 2566 = 2023-03-06..2023-03-10"),
        ("Friday, May 14, 2022", "May 14, 2022 = 2022-05-14, wrong-weekday"),
        # said to be today
        ("วันนี้ (23 มีนาคม 2566)", "23 มีนาคม 2566 = 2023-03-23"),
        ("วันนี้ (20 มีนาคม 2566)", "20 มีนาคม 2566 = 2023-03-20"),
        ("วันนี้ (23 มีนาคม 2565)", "23 มีนาคม 2565 = 2022-03-23, far-from-publication"),
        ("วันนี้ (วันที่ 23 เม.ย. 66)", "23 เม.ย. 66 = 2023-04-23, far-from-publication"),
        ("เมื่อ (23 มีนาคม 2565)", "23 มีนาคม 2565 = 2022-03-23"),
    ],
)
def test_flags(text: str, expected: str) -> None:
    assert dates_in(text) == [expected]


def test_the_year_of_another_era_is_that_of_the_dates_before_it() -> None:
    assert dates_in("5 เมษายน และ 6 พฤษภาคม ร.ศ. 112") == [
        "5 เมษายน = unknown, other-era",
        "6 พฤษภาคม ร.ศ. 112 = unknown, other-era",
    ]


@pytest.mark.parametrize(
    "row", read_table("month_misspellings.csv"), ids=lambda row: row["written"]
)
def test_every_measured_misspelling(row: dict[str, str]) -> None:
    (mention,) = find_dates(f"วันที่ 5 {row['written']} 2566", PUBLISHED)
    if row["month"]:
        assert mention.start_on == date(2023, int(row["month"]), 5)
        assert mention.flags == ("misspelt-month",)
    else:
        assert mention.start_on is None
        assert mention.flags == ("ambiguous-month",)


@pytest.mark.parametrize(
    ("word", "month"),
    [
        ("กุมภาพันธ", 2),
        ("มิถุนยายน", 6),
        ("กันยา", 9),
        ("มากคม", None),  # มกราคม or มีนาคม
        ("คมนาคม", None),  # transport, at distance 2 of มีนาคม
        ("สมาคม", None),
        ("", None),
    ],
)
def test_resemblance(word: str, month: int | None) -> None:
    assert month_resembling(word) == month


@pytest.mark.parametrize(
    "text",
    [
        # numbers that are not dates
        "ครั้งที่ 1/2568",
        "ไตรมาส 4/2566",
        "มาตรา 33/39/40",
        "พ.ศ. 2535 มาตรา 61",
        "พระราชบัญญัติโรงงาน (ฉบับที่ 2) พ.ศ. 2562",
        "สายด่วน 1567 หรือ 0 2123 4567 ต่อ 5",
        "02-123-4567",
        "31/02/2566",
        "12/5/66",
        "news/2564-13-19",
        "เปิดทุกวัน เวลา 08.30-16.30 น.",
        # years alone, fiscal and others
        "ปี 2566",
        "ปีงบประมาณ พ.ศ. 2568",
        "ปีการศึกษา 2566",
        "ปีการผลิต 2566/67",
        "ปี 2566-2570",
        "ไตรมาสที่ 3 ของปี 2566",
        "ไตรมาสแรก ครึ่งปีแรก 9 เดือนแรก และสิ้นปี 2566",
        "ปี 66 และปีภาษี 2566",
        "ร.ศ. 112 และ ฮ.ศ. 1445",
        "ร่างพระราชบัญญัติโรงงาน (ฉบับที่ ..) พ.ศ. ....",
        # words relative to publication
        "วันนี้ เมื่อวาน พรุ่งนี้ เดือนหน้า ปีที่ผ่านมา",
        # abbreviations of other things
        "สำนักงาน ก.พ. 2566",
        "สำนักงาน ก.พ.ร. 5 ก.พ.ร.",
        "อ.ก.พ. กระทรวง",
        "ถนนสาย กพ.3042",
        "ฝุ่น 35 มคก./ลบ.ม.",
        "5 มค./ลบ.ม.",
        "คณะกรรมการ ส.พ.ค. 5",
        # no particular month
        "มีนาคม",
        "มี.ค.",
        "May",
    ],
)
def test_text_without_dates(text: str) -> None:
    assert dates_in(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("74\nกุมภาพันธ์ 2566", ["กุมภาพันธ์ 2566 = 2023-02-01..2023-02-28, month"]),
        ("5 มีนาคม\n2566", ["5 มีนาคม = 2023-03-05, inferred"]),
        ("1/\n1 เมษายน 2566", ["1 เมษายน 2566 = 2023-04-01"]),
        ("21 เม.ย. 66 จำนวน 45 คน", ["21 เม.ย. 66 = 2023-04-21"]),
        ("21 เม.ย. 45 คน", ["21 เม.ย. = 2023-04-21, inferred"]),
        ("13 ก.พ. 48 ครั้งที่ 2", ["13 ก.พ. 48 = 2005-02-13"]),
        ("13 ก.พ. 48 รายงานว่า", ["13 ก.พ. 48 = 2005-02-13"]),
        (
            "พ.ย. 66 ถึง 15 ม.ค. 67",
            ["พ.ย. 66 = 2023-11-01..2023-11-30, month", "15 ม.ค. 67 = 2024-01-15"],
        ),
        ("ปี 2566 5 ธันวาคม", ["5 ธันวาคม = 2022-12-05, inferred"]),
        ("5 ก.พ. 12 มี.ค.", ["5 ก.พ. = 2023-02-05, inferred", "12 มี.ค. = 2023-03-12, inferred"]),
        ("โควิด-19 มีนาคม 2566", ["มีนาคม 2566 = 2023-03-01..2023-03-31, month"]),
        ("ครั้งที่ 1/2566 5 มีนาคม 2566", ["5 มีนาคม 2566 = 2023-03-05"]),
        ("ข้อ 1.5 มีนาคม 2566", ["มีนาคม 2566 = 2023-03-01..2023-03-31, month"]),
        (
            "ปีงบประมาณ 2566 (ตุลาคม - มีนาคม)",
            ["ตุลาคม - มีนาคม = 2022-10-01..2023-03-31, month, inferred"],
        ),
        ("13 กันยายน 2564 ก.พ. ได้พิจารณา", ["13 กันยายน 2564 = 2021-09-13"]),
        ("เดือนตุลาคม 12,500 ราย", ["ตุลาคม = 2022-10-01..2022-10-31, month, inferred"]),
    ],
)
def test_numbers_around_dates(text: str, expected: list[str]) -> None:
    assert dates_in(text) == expected
