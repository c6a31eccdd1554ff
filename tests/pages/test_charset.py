"""Bytes to text: the order in which charsets are tried, and what damage costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.pages.charset import decode

THAI = "กรมทดสอบ เปิดศูนย์ซ่อมว่าว"


@pytest.mark.parametrize(
    ("body", "content_type", "charset"),
    [
        (THAI.encode(), "", "utf-8"),
        (THAI.encode(), "text/html; charset=ISO-8859-1", "utf-8"),
        (b"\xef\xbb\xbf" + THAI.encode(), "", "utf-8-sig"),
        (THAI.encode("utf-16"), "text/html", "utf-16"),
        (THAI.encode("cp874"), "text/html; charset=tis-620", "tis-620"),
        (THAI.encode("cp874"), "text/html", "cp874"),
        (THAI.encode("cp874"), "text/html; charset=windows-1252", "cp874"),
        (THAI.encode("cp874"), "text/html; charset=no-such-charset", "cp874"),
        (b'<meta charset="windows-874">' + THAI.encode("cp874"), "text/html", "cp874"),
        (b"", "", "utf-8"),
    ],
)
def test_the_charset_is_found(body: bytes, content_type: str, charset: str) -> None:
    decoded = decode(body, content_type)
    assert (decoded.charset, decoded.undecodable) == (charset, 0)
    assert decoded.text.endswith(THAI) or not body


def test_damaged_bytes_are_counted_and_the_rest_kept() -> None:
    body = THAI.encode() + b" \xff " + "\ufffd".encode() + b" \xe0\xb8"
    decoded = decode(body, "text/html; charset=utf-8")
    assert decoded.text == THAI + " \ufffd \ufffd \ufffd"
    assert decoded.undecodable == 2, "one U+FFFD stood in the page itself"


@given(st.binary(), st.text(max_size=40))
def test_any_bytes_become_text(body: bytes, content_type: str) -> None:
    decoded = decode(body, content_type)
    assert decoded.undecodable <= decoded.text.count("\ufffd")
