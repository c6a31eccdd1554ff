"""Tests for URLs, mail, Facebook pages and LINE names. All addresses are invented."""

from __future__ import annotations

import pytest

from scraper.thai.contacts import find_contacts
from scraper.thai.contacts.addresses import address_value
from scraper.thai.text import fold


def addresses(text: str) -> list[tuple[str, str]]:
    """Return kind and value of each address in a text that is its own fold but for case."""
    found = find_contacts(fold(text))
    return [(c.kind, address_value(c.kind, text[c.start : c.end])) for c in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ที่ https://Example.go.th/Aa?b=C.", [("url", "https://example.go.th/Aa?b=C")]),
        ("(http://example.com/a_(b))", [("url", "http://example.com/a_(b)")]),
        ("เว็บ www.example.or.th/", [("url", "https://www.example.or.th")]),
        ("www.น้ำใสใจดี.com ได้", [("url", "https://www.น้ำใสใจดี.com")]),
        ("ที่ example.co.th, เท่านั้น", [("url", "https://example.co.th")]),
        ("bit.ly/3Abc", [("url", "https://bit.ly/3Abc")]),
        ("https://example.com/.../news", []),
        ("ครั้งที่ 5.com ก.พ.ร. v2.0 e.g. ok", [("url", "https://5.com")]),
        ("Email: Somjai.J@Example.go.th", [("email", "somjai.j@example.go.th")]),
        ("[email protected] และ 30@30", []),
        # Facebook
        ("www.facebook.com/Namjai", [("facebook", "https://www.facebook.com/Namjai")]),
        ("https://www.facebook.com/น้ำใจ ครับ", [("facebook", "https://www.facebook.com/น้ำใจ")]),
        ("Facebook : @Namjai", [("facebook", "https://www.facebook.com/Namjai")]),
        ("เพจเฟซบุ๊ก “น้ำใจ ไทย”", [("facebook", "น้ำใจ ไทย")]),
        ("Facebook : กรมน้ำใจ (NJ)\nอื่น", [("facebook", "กรมน้ำใจ")]),
        ("เฟซบุ๊กของกรมน้ำใจ", []),
        # LINE
        ("LINE @Namjai", [("line", "@namjai")]),
        ("ไลน์กรมน้ำใจ “@namjai” ได้", [("line", "@namjai")]),
        ("LINE ID. namjai151 โทร", [("line", "namjai151")]),
        ("Line OA: @nj.th.", [("line", "@nj.th")]),
        ("https://lin.ee/AbC", [("line", "https://lin.ee/AbC")]),
        ("ออนไลน์ @namjai", []),
        ("Line หรือ Twitter @namjai", []),
    ],
)
def test_addresses(text: str, expected: list[tuple[str, str]]) -> None:
    assert addresses(text) == expected
