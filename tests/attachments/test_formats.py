"""Formats by suffix, media type and bytes."""

from __future__ import annotations

import pytest

from scraper.attachments.formats import file_name, format_named, format_of, may_be_file
from scraper.practice.files.attached import sent_file
from tests.attachments.small_archive import document

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://a.example/ก ข#1.PDF", "pdf"),
        ("https://a.example/a.docx?v=1.2", "docx"),
        ("https://a.example/a.JPEG ", "jpg"),
        ("https://a.example/a.svg", None),
        ("https://a.example/pdf", None),
        ("https://a.example/a.pdf/b", None),
    ],
)
def test_the_suffix_of_an_address_names_its_format(address: str, name: str | None) -> None:
    found = format_named(address)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"\n\n%PDF-1.4", "pdf"),
        (b" " * 2000 + b"%PDF-1.4", None),
        (OLE + "WordDocument".encode("utf-16-le"), "doc"),
        (OLE + "Workbook".encode("utf-16-le"), "xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "docx"),
        (OLE, None),
        (b"PK\x03\x04 ppt/slides", None),
        (JPEG, "jpg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"GIF89a", "gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"<html>%PDF", None),
        (b"", None),
    ],
)
def test_the_bytes_decide_what_a_file_is(body: bytes, name: str | None) -> None:
    found = format_of(body)
    assert (found and found.name) == name


@pytest.mark.parametrize("suffix", ["pdf", "docx", "xlsx"])
def test_practice_files_are_what_their_suffix_says(suffix: str) -> None:
    file = sent_file(document(16, suffix))
    assert file is not None
    found = format_of(file.content)
    assert found is not None
    assert found.name == suffix


@pytest.mark.parametrize(
    ("declared", "is_possible"),
    [
        ("application/pdf; charset=binary", True),
        ("", True),
        ("text/html", True),
        ("video/mp4", False),
        ("image/svg+xml", False),
    ],
)
def test_declared_types(declared: str, is_possible: bool) -> None:
    assert may_be_file(declared) is is_possible


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://a.example/%E0%B8%81#1.pdf?x=1", "ก#1.pdf"),
        ("https://a.example/", "file"),
        ("http://[", "["),
    ],
)
def test_the_name_of_a_file(address: str, name: str) -> None:
    assert file_name(address) == name
