"""Texts and problems of attachments, by their bytes."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document

from scraper.attachments import texts
from scraper.attachments.reading import read_attachment
from scraper.model import Outcome
from scraper.practice.files.attached import FileDelivery, sent_file
from scraper.practice.files.office import docx_file, xlsx_file
from scraper.practice.files.pdf import pdf_file
from scraper.stages.bounds import PageBounds
from scraper.stages.jobs import ReadPages
from scraper.stages.pool import WorkerPool
from tests.attachments.small_archive import document
from tests.attachments.stored import attachment_capture

LOCKED_OFFICE = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40 + "EncryptedPackage".encode("utf-16-le")
)


def problems(address: str, body: bytes, **fields: Any) -> list[str]:
    return [problem.kind for problem in read_attachment(
        attachment_capture(address, body, **fields)
    ).problems]  # fmt: skip


@pytest.mark.parametrize("number", range(16, 32))
def test_pdf_files_give_the_text_they_have(number: int) -> None:
    file = sent_file(document(number))
    assert file is not None
    if not file.content:
        return
    page = read_attachment(attachment_capture(document(number)))
    assert page.outcome is Outcome.ATTACHMENT
    assert page.file is not None
    assert (page.file.text, page.file.pages) == (file.text, file.pages)
    assert bool(page.problems) is (
        file.delivery in {FileDelivery.LOCKED, FileDelivery.DAMAGED, FileDelivery.SCAN}
    )


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_office_files_give_the_text_they_have(suffix: str) -> None:
    file = sent_file(document(16, suffix))
    assert file is not None
    page = read_attachment(attachment_capture(document(16, suffix), content_type=""))
    assert page.file is not None
    assert (page.file.text, page.problems) == (file.text, [])


def test_tables_of_word_files_are_read_in_their_place() -> None:
    made = Document()
    made.add_paragraph("ก่อน")
    table = made.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "หัวตาราง"
    table.cell(1, 0).text, table.cell(1, 1).text = "อ้อย", "100"
    made.add_paragraph("หลัง")
    body = BytesIO()
    made.save(body)
    page = read_attachment(attachment_capture(document(16, "docx"), body.getvalue()))
    assert page.file is not None
    assert page.file.text == "ก่อน\nหัวตาราง\nอ้อย 100\nหลัง"


def test_the_text_is_cleaned() -> None:
    page = read_attachment(attachment_capture(document(16), pdf_file([["น\u0e4d\u0e49า  ตาล"]])))
    assert page.file is not None
    assert page.file.text == "น้ำ ตาล"


@pytest.mark.parametrize(
    ("address", "body", "kinds"),
    [
        (document(1), b"<!DOCTYPE html><html></html>", ["not-a-file"]),
        (document(1), b"", ["not-a-file"]),
        (document(1), LOCKED_OFFICE, ["other-format", "encrypted"]),
        (document(1, "docx"), pdf_file([["ก"]]), ["other-format"]),
        (document(1, "docx"), b"PK\x03\x04word/", ["damaged"]),
        (document(1, "xlsx"), b"PK\x03\x04xl/", ["damaged"]),
        (document(1), pdf_file([["\ufffd\ufffdก"]]), ["unreadable-text"]),
        (document(1), b"%PDF-1.4 1 0 obj", ["damaged"]),
    ],
)
def test_each_problem_has_its_name(address: str, body: bytes, kinds: list[str]) -> None:
    assert problems(address, body) == kinds


@pytest.mark.parametrize(
    ("fields", "outcome", "kinds"),
    [
        ({"status": 404}, Outcome.MISSING, []),
        ({"status": 302}, Outcome.REDIRECT, []),
        ({"status": 500}, Outcome.UNPARSED, ["http-status"]),
        ({"cut": "it ends early"}, Outcome.UNPARSED, ["truncated"]),
    ],
)
def test_answers_without_a_file(fields: dict[str, Any], outcome: Outcome, kinds: list[str]) -> None:
    page = read_attachment(attachment_capture(document(16), **fields))
    assert page.outcome is outcome
    assert [problem.kind for problem in page.problems] == kinds
    assert page.file is None


def test_a_long_file_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MAX_PAGES", 2)
    page = read_attachment(attachment_capture(document(1), pdf_file([["ก"], ["ข"], ["ค"]])))
    assert page.file is not None
    assert (page.file.text, page.file.pages) == ("ก\nข", 3)
    (problem,) = page.problems
    assert problem.kind == "text-cut"
    assert "first 2 of its 3 pages" in problem.detail


def test_a_long_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MAX_CHARACTERS", 6)
    page = read_attachment(attachment_capture(document(1), pdf_file([["กขค"], ["งจฉ"], ["ช"]])))
    assert page.file is not None
    assert page.file.text == "กขค\nง"
    assert [problem.kind for problem in page.problems] == ["text-cut"]


def test_without_the_library_the_file_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    page = read_attachment(attachment_capture(document(16)))
    assert page.outcome is Outcome.ATTACHMENT
    (problem,) = page.problems
    assert problem.kind == "no-reader"
    assert "pypdf is not installed" in problem.detail


def test_a_picture_has_no_text_and_no_problem() -> None:
    page = read_attachment(
        attachment_capture("https://a.example/uploads/1_ภาพ.jpg", b"\xff\xd8\xff")
    )
    assert page.file is not None
    assert (page.file.format, page.file.text, page.problems) == ("jpg", "", [])


@pytest.mark.parametrize(
    ("suffix", "size", "bounds", "kind"),
    [
        ("xlsx", 40_000_000, PageBounds(0.2, 60.0, 1 << 30), "over-time-limit"),
        ("docx", 150_000_000, PageBounds(30.0, 60.0, 128 << 20), "over-memory-limit"),
    ],
)
def test_a_bomb_costs_its_text_and_not_the_run(
    suffix: str, size: int, bounds: PageBounds, kind: str
) -> None:
    body = bomb(suffix, size)
    pool = WorkerPool(ReadPages(("pipelines.parse.Parse",)), 1, bounds)
    try:
        (page,) = pool.submit([attachment_capture(document(1, suffix), body, id=1)]).result()
    finally:
        pool.close()
    assert page.outcome is Outcome.ATTACHMENT
    assert [problem.kind for problem in page.problems] == [kind]
    assert page.file is not None
    assert (page.file.size, page.file.text) == (len(body), "")


def bomb(suffix: str, size: int) -> bytes:
    """Return a small Word or Excel file that becomes large when it is read."""
    made = {"docx": lambda: docx_file([""]), "xlsx": lambda: xlsx_file("ตาราง", [])}
    place, cell = {
        "docx": (b"</w:body>", b"<w:p/>"),
        "xlsx": (b"</sheetData>", b'<row><c t="inlineStr"><is><t>1</t></is></c></row>'),
    }[suffix]
    packed = BytesIO()
    with ZipFile(BytesIO(made[suffix]())) as small, ZipFile(packed, "w", ZIP_DEFLATED) as large:
        for name in small.namelist():
            content = small.read(name).replace(place, cell * (size // len(cell)) + place)
            large.writestr(name, content)
    return packed.getvalue()
