"""Writes small Word and Excel files, the same bytes each time."""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MOMENT = (2025, 1, 1, 0, 0, 0)


def docx_file(lines: Iterable[str]) -> bytes:
    """Return a Word file with one paragraph a line."""
    paragraphs = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines
    )
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{paragraphs}</w:body></w:document>'
    return _package("word/document.xml", f"{_TYPE}.wordprocessingml.document", {}, document)


def xlsx_file(title: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Return an Excel file with one sheet."""
    cells = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
        + "</row>"
        for row in rows
    )
    sheet = f'<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData></worksheet>'
    book = (
        f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    parts = {
        "xl/worksheets/sheet1.xml": (f"{_TYPE}.spreadsheetml.worksheet+xml", sheet),
        "xl/_rels/workbook.xml.rels": ("", _relation("worksheet", "worksheets/sheet1.xml")),
    }
    return _package("xl/workbook.xml", f"{_TYPE}.spreadsheetml.sheet", parts, book)


def _package(main: str, kind: str, parts: Mapping[str, tuple[str, str]], content: str) -> bytes:
    typed = {main: f"{kind}.main+xml"} | {name: type_ for name, (type_, _) in parts.items()}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{type_}"/>'
        for name, type_ in typed.items()
        if type_
    )
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    files = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relation("officeDocument", main),
        main: content,
        **{name: text for name, (_, text) in parts.items()},
    }
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, text in files.items():
            entry = ZipInfo(name, _MOMENT)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, _XML + text)
    return packed.getvalue()


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )
