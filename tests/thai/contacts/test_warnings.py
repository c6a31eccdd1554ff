"""Tests for warnings of contacts. All names and numbers are invented."""

from __future__ import annotations

import pytest

from scraper.thai.contacts import find_contacts
from scraper.thai.contacts.warnings import is_warned_of
from scraper.thai.text import fold


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("มิจฉาชีพใช้ไลน์ @namjai99 ชวนลงทุน", [True]),
        ("พบเพจปลอม www.namjai99.com", [True]),
        ("www.namjai99.com เป็นเว็บไซต์ปลอม", [True]),
        ("แอบอ้างเบอร์ 081-555-0123 และ 081-555-0124", [True, True]),
        ("หากถูกหลอก แจ้งได้ที่ www.example.go.th", [False]),
        ("มิจฉาชีพ\nLINE @namjai", [False]),
        ("ศูนย์ต่อต้านข่าวปลอม LINE @namjai", [False]),
        ("ใช้ไลน์ @namjai99 หลอกลวงประชาชน สอบถาม 02-555-0123", [True, False]),
    ],
)
def test_warned_contacts(text: str, warned: list[bool]) -> None:
    text = fold(text)
    assert [is_warned_of(text, c.start, c.end) for c in find_contacts(text)] == warned
