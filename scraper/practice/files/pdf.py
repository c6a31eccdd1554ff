"""Writes small PDF files with Thai text, as an office program does: glyphs, and a table of them.

A viewer has no font to draw the glyphs with; the table (``ToUnicode``) gives them their characters,
and programs that read the text need no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE_HEIGHT, _SIZE, _LEFT, _TOP = 22, 14, 56, 780  # points; A4 is 595 by 842
_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Practice def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{maps}
endcmap
end
end"""
_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Practice /Encoding /Identity-H "
    b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Practice /DW 500 "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] "
    b"/ToUnicode 4 0 R >>"
)
_MOST_IN_A_MAP = 100  # entries of one bfchar section, by the standard
_PICTURE = b"q 483 0 0 700 56 71 cm /Scan Do Q"


def pdf_file(pages: Sequence[Sequence[str]], *, locked: bool = False) -> bytes:
    """Return a PDF file.

    Args:
        pages: the lines of each page; a page without lines is a scanned picture.
        locked: whether it declares to be encrypted with a password.
    """
    characters = sorted({character for page in pages for line in page for character in line})
    codes = {character: number for number, character in enumerate(characters, 1)}
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _FONT,
        _stream(_character_map(codes).encode()),
        _stream(
            b"\x80", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
            "/BitsPerComponent 8",
        ),
    ]  # fmt: skip
    for number, lines in enumerate(pages):
        objects += (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> /XObject << /Scan 5 0 R >> >> >>".encode(),
            _stream(_drawn(lines, codes) if lines else _PICTURE),
        )
    lock = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <{0}> /U <{0}> >> /ID [<{1}> <{1}>]"
    return _joined(objects, lock.format("5c" * 32, "5c" * 16) if locked else "")


def _drawn(lines: Sequence[str], codes: dict[str, int]) -> bytes:
    """Return the operators that draw lines from the top of a page."""
    shown = "".join(
        f"<{''.join(f'{codes[character]:04X}' for character in line)}> Tj T*\n" for line in lines
    )
    return f"BT /F1 {_SIZE} Tf {_LINE_HEIGHT} TL {_LEFT} {_TOP} Td\n{shown}ET".encode()


def _character_map(codes: dict[str, int]) -> str:
    entries = [
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for character, code in codes.items()
    ]
    sections = (
        entries[start : start + _MOST_IN_A_MAP] for start in range(0, len(entries), _MOST_IN_A_MAP)
    )
    maps = (
        f"{len(section)} beginbfchar\n" + "\n".join(section) + "\nendbfchar" for section in sections
    )
    return _CMAP.format(maps="\n".join(maps))


def _stream(content: bytes, entries: str = "") -> bytes:
    head = f"<< {entries} /Length {len(content)} >>\nstream\n".encode()
    return head + content + b"\nendstream"


def _joined(objects: Sequence[bytes], trailer: str) -> bytes:
    """Return a file of objects, numbered from 1, with the table of their offsets."""
    body, offsets = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    entries = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{entries}"
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n"
    return body + f"{table}{end}startxref\n{len(body)}\n%%EOF\n".encode()
