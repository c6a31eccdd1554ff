"""Charset detection: the order of evidence, and damaged bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.pages.charset import decode_page

CHINESE = "測試頁面的內容是用來檢查字元編碼的, 這一句話沒有其他的意思。"
THAI = "กรมทดสอบ เปิดศูนย์ซ่อมว่าว"


@pytest.mark.parametrize(
    ("body", "content_type", "charset"),
    [
        (THAI.encode(), "", "utf-8"),
        (THAI.encode(), "text/html; charset=ISO-8859-1", "utf-8"),
        (b"\xef\xbb\xbf" + THAI.encode(), "", "utf-8-sig"),
        (THAI.encode("utf-16"), "text/html", "utf-16"),
        (THAI.encode("cp874"), "text/html; charset=tis-620", "cp874"),
        (THAI.encode("cp874"), "text/html; charset=utf-8", "cp874"),
        (THAI.encode("cp874"), "text/html; charset=gbk", "cp874"),
        (THAI.encode("cp874"), "text/html; charset=windows-1251", "cp874"),
        (CHINESE.encode("big5"), "text/html; charset=big5", "big5hkscs"),
        ("<p>Minister’s visit".encode("cp1252"), "text/html; charset=latin1", "cp1252"),
        (f"<html>{THAI}".encode("utf-16-le"), "text/html", "utf-16-le"),
        (f"<html>{THAI}".encode("utf-16-be"), "text/html; charset=utf-16", "utf-16-be"),
        (THAI.encode("cp874"), "text/html", "cp874"),
        (THAI.encode("cp874"), "text/html; charset=windows-1252", "cp874"),
        (THAI.encode("cp874"), "text/html; charset=no-such-charset", "cp874"),
        (b'<meta charset="windows-874">' + THAI.encode("cp874"), "text/html", "cp874"),
        (b"", "", "utf-8"),
    ],
)
def test_charset_is_detected(body: bytes, content_type: str, charset: str) -> None:
    decoded = decode_page(body, content_type)
    assert (decoded.charset, decoded.undecodable) == (charset, 0)
    assert decoded.text.endswith((THAI, CHINESE, "Minister’s visit")) or not body


def test_undecodable_bytes_are_counted_and_the_rest_is_kept() -> None:
    body = THAI.encode() + b" \xff " + "\ufffd".encode() + b" \xe0\xb8"
    decoded = decode_page(body, "text/html; charset=utf-8")
    assert decoded.text == THAI + " \ufffd \ufffd \ufffd"
    assert decoded.undecodable == 2, "one U+FFFD is in the page itself"


@pytest.mark.parametrize(
    "label", ["utf-7", "idna", "rot13", "unicode_escape", "punycode", "zlib", "undefined", "mbcs"]
)
@pytest.mark.parametrize("charset", ["utf-8", "cp874"])
def test_labels_known_only_to_python_are_ignored(label: str, charset: str) -> None:
    decoded = decode_page(THAI.encode(charset), f"text/html; charset={label}")
    assert decoded == (THAI, charset, 0, label)


@pytest.mark.parametrize(
    ("body", "content_type", "label"),
    [
        (THAI.encode(), "text/html; charset=utf-8", ""),
        (THAI.encode(), "text/html", ""),
        (THAI.encode(), "text/html; charset=windows-874", "windows-874"),
        (b"<meta charset=tis-620>" + THAI.encode(), "text/html", "tis-620"),
        (b"<meta charset=tis-620>" + THAI.encode(), "text/html; charset=UTF-8", ""),
        (THAI.encode("cp874"), "text/html; charset=UTF-8", "UTF-8"),
        (THAI.encode("cp874"), "text/html; charset=dos-874", ""),
        (b"plain ASCII", "text/html; charset=windows-874", ""),
    ],
)
def test_false_labels_are_reported(body: bytes, content_type: str, label: str) -> None:
    assert decode_page(body, content_type).false_label == label


@pytest.mark.parametrize("label", ["windows-874", "utf-8", "no-such-charset"])
def test_undefined_byte_becomes_one_replacement_character(label: str) -> None:
    body = THAI.encode("cp874").replace(b" ", b"\xfc", 1)
    decoded = decode_page(body, f"text/html; charset={label}")
    assert decoded.text == THAI.replace(" ", "\ufffd", 1)
    assert (decoded.charset, decoded.undecodable) == ("cp874", 1)


@pytest.mark.parametrize("damage", [b"\xff", b"\xe9", b"\xe0\xb8", b"\x92"])
def test_damaged_utf_8_is_not_decoded_as_windows_874(damage: bytes) -> None:
    decoded = decode_page(THAI.encode() + damage + b" end", "text/html; charset=utf-8")
    assert (decoded.text, decoded.charset) == (f"{THAI}\ufffd end", "utf-8")


@given(st.binary(), st.text(max_size=40))
def test_any_bytes_can_be_decoded(body: bytes, content_type: str) -> None:
    decoded = decode_page(body, content_type)
    assert decoded.undecodable <= decoded.text.count("\ufffd")
