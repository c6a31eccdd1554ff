"""Tests for amounts of money: shapes, ranges, units, and what does not count. All invented."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reference import read_table
from scraper.thai.money import find_money
from scraper.thai.text import fold

Amount = tuple[float, float | None, str]


def amounts(text: str) -> list[Amount]:
    return [(m.low, m.high, m.currency) for m in find_money(fold(text))]


def baht(*values: float) -> list[Amount]:
    return [(value, None, "THB") for value in values]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ราคา 5 บาท", baht(5)),
        ("๑,๒๕๐.๕๐ บาท", baht(1250.5)),
        ("1.500.000 บาท", baht(1_500_000)),
        ("9 แสนล้านบาท และ 2 หมื่นล้านบาท", baht(9e11, 2e10)),
        ("3.75 ล้านล้านบาท", baht(3.75e12)),
        ("17.4 ล้านล้านบาท", baht(17_400_000_000_000)),
        ("535,914.42 ล้านบาท", baht(535_914_420_000)),
        ("1.2 ล้าน ล้านบาท", baht(1.2e12)),
        ("5 พันบาท", baht(5000)),
        ("วงเงิน 93.9 ลบ. และ 1.5 พันลบ.", baht(93.9e6, 1.5e9)),
        ("330 million Baht, Baht 20 billion, THB 5", baht(330e6, 20e9, 5)),
        ("ค่าไฟ 39.72 สตางค์ และ 5 บาท 50 สตางค์", baht(0.3972, 5.5)),
        ("ไฟเขียวงบ 6.9 ล้าน เดินหน้า", baht(6.9e6)),
        ("งบ 6.9 ล้าน ไร่ และผู้มีรายได้ 2 ล้าน คน", []),
        # another currency
        ("US$25.5 million", [(25.5e6, None, "USD")]),
        ("$5 และ € 1,000 และ 20 ยูโร", [(5, None, "USD"), (1000, None, "EUR"), (20, None, "EUR")]),
        ("2 ล้านดอลลาร์ สรอ.", [(2e6, None, "USD")]),
        ("2 ล้านเหรียญ", [(2e6, None, "USD")]),
        ("30 ล้านเยน 4 หยวน 7 ล้านวอน", [(30e6, None, "JPY"), (4, None, "CNY"), (7e6, None, "KRW")]),
        ("5 ดอลลาร์สิงคโปร์", [(5, None, "SGD")]),
        # ranges
        ("20-30 ล้านบาท", [(20e6, 30e6, "THB")]),
        ("5,000 – 1 ล้านบาท", [(5000, 1e6, "THB")]),
        ("ตั้งแต่ 1 แสนบาท ไปจนถึง 2 ล้านบาท", [(1e5, 2e6, "THB")]),
        ("1 ล้านบาท ถึงสูงสุดไม่เกิน 20 ล้านบาท", [(1e6, 20e6, "THB")]),
        ("US$1-2 million", [(1e6, 2e6, "USD")]),
        ("ข้อ 9 - 5 บาท", baht(5)),
        ("900 บาท - 800 บาท", baht(900, 800)),
        # words
        ("ปรับหนึ่งแสนสองหมื่นบาท", baht(120_000)),
        ("ยี่สิบเอ็ดล้านบาท", baht(21e6)),
        ("100 บาทถ้วน (หนึ่งร้อยบาทถ้วน)", baht(100)),
        ("หนึ่งร้อยบาท (100 บาท)", baht(100)),
        ("2 ล้านบาท (2,000,000 บาท) และ 2 ล้านบาท", baht(2e6, 2e6)),
        ("ขุดคลองหกบาท", []),
        # none
        ("บทบาท 5 ข้อ ของพระบาทสมเด็จ", []),
        ("น้ำ 50 ลบ.ม. หรือ 2 ล้าน ลบ.ม.", []),
        ("เหรียญทอง 5 เหรียญ เงิน 2 เหรียญ", []),
        ("มาตรฐานยูโร 6 และ Euro 5", []),
        ("ตายแล้ว 20 วอนช่วย", []),
        ("สร้อยทองคำหนัก 2 บาท", []),
        ("ร้อยละ 5-10 เพิ่มขึ้น 2 เท่า 90 อันดับ 2 ใน 5", []),
        ("เลขที่ 12345678901234567 บาท", []),
        # names of schemes, and the same amount as a price
        ("30 บาทรักษาทุกโรค และ 30 บาท รักษาทุกที่", []),
        ("โครงการ 20 บาทตลอดสาย", []),
        ("จ่ายค่าโดยสาร 20 บาทตลอดสาย", baht(20)),
        ("ค่าโดยสารไม่เกิน 20 บาท", baht(20)),
    ],
)
def test_amounts(text: str, expected: list[Amount]) -> None:
    assert amounts(text) == expected


@pytest.mark.parametrize(
    ("text", "approximate"),
    [
        ("กว่า 5 บาท", True),
        ("มูลค่าไม่น้อยกว่า 5 บาท", True),
        ("ประมาณปีละ 5 บาท", True),
        ("5 หมื่นกว่าล้านบาท", True),
        ("5 ล้านบาทเศษ", True),
        ("5 ล้านบาทขึ้นไป", True),
        ("about 5 million baht", True),
        ("ต่ำกว่า 5 บาท", False),
        ("งบประมาณ 5 บาท", False),
        ("ไม่เกิน 5 บาท", False),
    ],
)
def test_approximate_amounts(text: str, approximate: bool) -> None:
    (money,) = find_money(fold(text))
    assert money.approximate is approximate


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("900 บาทต่อตัน", "ตัน"),
        ("900 บาท / กก.", "กิโลกรัม"),
        ("ตันละ 900 บาท", "ตัน"),
        ("คนละไม่เกิน 900 บาท", "คน"),
        ("ต่อราย 900 บาท", "ราย"),
        ("300 baht per day", "วัน"),
        ("21 บาทต่อคนต่อวัน", "คน/วัน"),
        ("ปีละ 40 บาทต่อห้องพัก", "ปี/ห้อง"),
        ("900 บาทต่อไป", None),
        ("900 บาท", None),
        ("34 บาทต่อดอลลาร์สหรัฐ", "ดอลลาร์สหรัฐ"),
    ],
)
def test_units(text: str, per: str | None) -> None:
    (money,) = find_money(fold(text))
    assert money.per == per


def test_the_passage_is_number_and_currency() -> None:
    text = fold("ให้กว่า 1,000 - 2,000 บาทต่อคน")
    (money,) = find_money(text)
    assert text[money.start : money.end] == "1,000 - 2,000 บาท"


def test_every_word_of_the_table_is_money() -> None:
    for row in read_table("currencies.csv"):
        number = "5 million" if row["needs"] else "5"
        text = f"{number} {row['word']}" if row["place"] == "after" else f"{row['word']} {number}"
        assert [m.currency for m in find_money(fold(text))] == [row["currency"]], row


talk = st.text("0123456789,.- ()บาทล้านพันกว่าต่อ/ละตันหนึ่งสอง$usd\n", max_size=60)


@given(st.one_of(st.text(max_size=60), talk))
def test_amounts_of_any_text_are_consistent(text: str) -> None:
    text = fold(text)
    found = find_money(text)
    assert found == sorted(found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    for money in found:
        assert 0 <= money.start < money.end <= len(text)
        assert money.high is None or money.high > money.low
