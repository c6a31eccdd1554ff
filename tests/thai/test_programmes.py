"""Tests for named programmes. Names are invented, except those of the table."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reference import read_table
from scraper.thai.programmes import find_programmes
from scraper.thai.text import fold


def programmes(text: str) -> list[tuple[str, str]]:
    text = fold(text)
    return [
        (p.kind, p.known or text[slice(*(p.whole or (p.start, p.end)))])
        for p in find_programmes(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("เปิดโครงการ “น้ำใส ใจดี” แล้ว", [("project", "น้ำใส ใจดี")]),
        ('โครงการ "น้ำใส ใจดี" และแคมเปญ ‘ยิ้มไว้’', [("project", "น้ำใส ใจดี"), ("campaign", "ยิ้มไว้")]),
        ("“โครงการน้ำใส ใจดี”", [("project", "น้ำใส ใจดี")]),
        ("โครงการ “โครงการน้ำใส ใจดี”", [("project", "น้ำใส ใจดี")]),
        ("โครงการภายใต้ชื่อ “น้ำใส”", [("project", "น้ำใส")]),
        ("ตามนโยบาย “น้ำใส สร้างไทย”", [("policy", "น้ำใส สร้างไทย")]),
        # without marks
        ("โครงการอ่างเก็บน้ำคลองใส จังหวัดใด", [("project", "อ่างเก็บน้ำคลองใส")]),
        ("โครงการบ้านน้ำใสใจดี ระยะที่ 2 แล้ว", [("project", "บ้านน้ำใสใจดี ระยะที่ 2")]),
        ("โครงการบ้านน้ำใสใจดีซึ่งจะ", [("project", "บ้านน้ำใสใจดี")]),
        ("โครงการบ้านน้ำใสเพื่อคนลอง ประจำปี", [("project", "บ้านน้ำใสเพื่อคนลอง")]),
        ("โครงการตลาดน้ำใสลองจนสำเร็จลุล่วง", [("project", "ตลาดน้ำใสลอง")]),
        ("โครงการตลาดน้ำใสลองแห่งนี้", [("project", "ตลาดน้ำใสลอง")]),
        ("โครงการประกันรายได้ ประจำ", [("project", "ประกันรายได้")]),
        ("โครงการตลาดน้ำใสลองมีเพียง 5", [("project", "ตลาดน้ำใสลอง")]),
        ("โครงการพัฒนาน้ำใสในพื้นที่ 5 จังหวัด", [("project", "พัฒนาน้ำใสในพื้นที่")]),
        # a name goes on behind a space
        ("โครงการพัฒนาน้ำใสระยะที่ 2 แล้ว", [("project", "พัฒนาน้ำใสระยะที่ 2")]),
        ("โครงการทางพิเศษน้ำใส สายลอง - ทดสอบ ของกรม", [("project", "ทางพิเศษน้ำใส สายลอง - ทดสอบ")]),
        ("โครงการสวนลองทดสอบ Test Park เพื่อ", [("project", "สวนลองทดสอบ test park")]),
        ("โครงการรถรางลองเชื่อม 3 ตลาด ตาม", [("project", "รถรางลองเชื่อม 3 ตลาด")]),
        ("โครงการอุโมงค์ลองน้ำจากบึงลองถึง คลองใส ของ", [("project", "อุโมงค์ลองน้ำจากบึงลองถึง คลองใส")]),
        # shortened with ฯ
        (
            "โครงการอ่างเก็บน้ำคลองใส (โครงการอ่างเก็บน้ำฯ) และโครงการสะพานลองฯ",
            [("project", "อ่างเก็บน้ำคลองใส"), ("project", "อ่างเก็บน้ำคลองใส")],
        ),
        # in marks, beginning like a word that begins no name
        ("โครงการ “ที่ดินน้ำใส”", [("project", "ที่ดินน้ำใส")]),
        ("โครงการ “เพื่อนน้ำใส”", [("project", "เพื่อนน้ำใส")]),
        # known
        ("โครงการแลนด์บริดจ์มากขึ้น", [("project", "แลนด์บริดจ์")]),
        ("โครงการคนละครึ่ง ระยะที่ 5 จะ", [("project", "คนละครึ่ง ระยะที่ 5")]),
        ("ใช้สิทธิ ม33เรารักกัน", [("project", "ม.33 เรารักกัน")]),
        ("โครงการ “คนละครึ่ง”", [("project", "คนละครึ่ง")]),
        ("30 บาทรักษาทุกที่", [("policy", "30 บาทรักษาทุกที่")]),
        # none
        ("โครงการต่าง ๆ โครงการดังกล่าว โครงการนี้ โครงการฯ โครงการที่ดี", []),
        ("โครงการพัฒนา โครงการก่อสร้าง 5 โครงการ", []),
        ("โครงการพัฒนาแห่งสหประชาชาติ", []),
        ("บรรยายเรื่อง “นโยบายน้ำใสเพื่อคนลอง”", []),
        ("โครงการประสบความสำเร็จเป็นอย่างดี โครงการเดือนกันยายน โครงการสำหรับผู้ประกอบการ", []),
        ("โครงการปลูกน้ำใสอื่น ๆ โครงการก่อสร้างสะพานลองต่าง ๆ โครงการประจำปีงบประมาณ", []),
        ("โครงการ “นี้ต้องขอบคุณทุกคน”", []),
        ("โครงการ “น้ำใส ใจดี\nไม่ปิด”", []),
        ("โครงการ “น้ำใส ใจดี ไม่ปิด", []),
        ("มอบนโยบาย “สมใจ”", []),
        ("กล่าวว่า “เราจะทำโครงการให้ดี”", []),
    ],
)
def test_programmes(text: str, expected: list[tuple[str, str]]) -> None:
    assert programmes(text) == expected


def test_every_known_programme_is_found() -> None:
    for row in read_table("programmes.csv"):
        for name in (row["name"], *filter(None, row["also"].split("|"))):
            assert programmes(f"ตาม {name} แล้ว") == [(row["kind"], row["name"])]


@given(st.one_of(st.text(max_size=60), st.text('โครงการ“”" ก น้ำใส\nฯ', max_size=60)))
def test_programmes_of_any_text_are_consistent(text: str) -> None:
    text = fold(text)
    found = find_programmes(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= p.start < p.end <= len(text) for p in found)
