"""Tests for telephone numbers and hotlines. Names and numbers are invented or public."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.thai.contacts import find_contacts
from scraper.thai.text import fold


def numbers(text: str) -> list[str]:
    found = find_contacts(fold(text))
    return [c.value for c in found if c.kind in ("phone", "hotline")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("โทร. 02-555-0123", ["025550123"]),
        ("โทร. 0 2555 0123", ["025550123"]),
        ("โทร 02555 0123 ต่อ 1345", ["025550123"]),
        ("๐-๒๕๕๕-๐๑๒๓", ["025550123"]),
        ("โทร (02) 555 0123", ["025550123"]),
        ("02.555.0123", ["025550123"]),
        ("044 555123", ["044555123"]),
        ("081-555-0123 หรือ 09-5555-0123", ["0815550123", "0955550123"]),
        ("+66 2-555-0123 และ (+66)8-1555-0123", ["025550123", "0815550123"]),
        ("+66 (0) 2555 0123", ["025550123"]),
        ("+855 23 555 012", ["85523555012"]),
        ("1800 555 012", ["1800555012"]),
        # a range of lines is one number, listed ones are several
        ("0 2555 0123-4", ["025550123"]),
        ("0-2555-0123 ถึง 30", ["025550123"]),
        ("0 2555 0123, 0456 และ 0789", ["025550123", "025550456", "025550789"]),
        ("02-555-0123-4, 02-555-0456", ["025550123", "025550456"]),
        ("0 2555 0123, 1567", ["025550123"]),
        # incomplete, but said to be a number
        ("โทร. 0 2555 012", ["02555012"]),
        # no telephones
        ("แฟกซ์ 02-555-0123", []),
        ("โทรสาร 0 2555 0123, 0 2555 0124", []),
        ("โทร/โทรสาร 0 2555 0123", ["025550123"]),
        ("บัญชีเลขที่ 067-0-12345-6", []),
        ("ศูนย์น้ำใจ กรมบัญชีกลาง 0 2555 0123", ["025550123"]),
        ("โทรศัพท์ฉุกเฉิน 090-9555-0123 หรือ 080-2555-0124", ["09095550123", "08025550124"]),
        ("เลขทะเบียน 0105535134278", []),
        ("เวลา 08.00-16.30 น.", []),
        ("กม. ที่ 10+050 - 10+400 และ 200,000 - 400,000", []),
    ],
)
def test_phones(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("สายด่วน 1569", ["1569"]),
        ("สายด่วนศูนย์น้ำใจ โทร. 1567", ["1567"]),
        ("สายด่วน ๑๗๖๕", ["1765"]),
        ("โทร. 1111 ต่อ 87", ["1111"]),
        ("Call Center 1357", ["1357"]),
        ("แจ้งหมายเลข 191 และ 1599", ["191", "1599"]),
        ("สายด่วน 1506 กด 3 หรือ 1546", ["1506", "1546"]),
        ("สายด่วน 1567 และสายด่วนน้ำใจ 1784", ["1567", "1784"]),
        ("สายด่วนกรมทางหลวงชนบท โทร. 1146", ["1146"]),
        ("ศูนย์ดำรงธรรม 1567", ["1567"]),
        ("ศูนย์ AOC (1441)", ["1441"]),
        ("โทรขอความช่วยเหลือจากเจ้าหน้าที่ได้ทันทีที่ หมายเลข 1669", ["1669"]),
        # years, roads, standards, counts, meetings
        ("ปี 1999 มีผู้โทรเข้ามา 1567 สาย", []),
        ("ทางหลวงหมายเลข 1148", []),
        ("มอก. 1227", []),
        ("สายด่วนรับเรื่องจำนวน 1567 เรื่อง", []),
        ("สายด่วนรับแจ้ง 1,567 ครั้ง", []),
        ("การประชุมครั้งที่ 1567", []),
        ("โทรทัศน์ช่อง 1567", []),
        ("สายด่วนเริ่มเมื่อ พ.ศ. 1567", []),
        ("เว็บ www.1111.go.th โทรสาร 1567", []),
        ("ติดต่อ ต่อ 1567", []),
    ],
)
def test_hotlines(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


@given(st.one_of(st.text(max_size=60), st.text("0123456789+-() ,.โทรสายด่วนต่อ\n", max_size=60)))
def test_contacts_of_any_text_are_consistent(text: str) -> None:
    text = fold(text)
    found = find_contacts(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= contact.start < contact.end <= len(text) for contact in found)
    assert all(c.value.isdecimal() for c in found if c.kind in ("phone", "hotline"))
