"""The attachments of a practice site: which there are, what they hold, and how they are sent.

A file is known by its address alone, so every site serves the same ones. The number in the name
decides what goes wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote

from scraper.practice.files.office import docx_file, xlsx_file
from scraper.practice.files.pdf import pdf_file
from scraper.practice.html.news import ARCHIVES
from scraper.practice.prose.drafts import MEDIA
from scraper.practice.prose.scenes import Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

UPLOADS = "/uploads"
_ADDRESS = re.compile(
    rf"(?:/[\w=-]+/{re.escape(ARCHIVES.removesuffix(UPLOADS))})?"
    rf"(?P<path>{UPLOADS}/.*?(?P<number>\d+)[^/\d]*[^/]*\.(?P<suffix>pdf|docx|xlsx|jpg))"
)
_MOVED_FROM, _MOVED_TO = f"{UPLOADS}/document/", f"{UPLOADS}/moved/"
_LINE, _LINES_A_PAGE = 60, 24  # characters, lines
_SHARED = 0  # the number of the file that several addresses have


class FileDelivery(StrEnum):
    """How the file of an address is sent.

    ``SHARED`` is a file that other addresses serve too; ``MOVED`` is served from another address,
    after a redirect. ``LOCKED``, ``DAMAGED`` and ``SCAN`` are files without readable text.
    ``MISSING``, ``WEB_PAGE`` and ``HUGE`` are not files: a 404, a web page, and an answer that
    declares a length of 100 MB.
    """

    PLAIN = "plain"
    SHARED = "shared"
    MOVED = "moved"
    LOCKED = "locked"
    DAMAGED = "damaged"
    SCAN = "scan"
    MISSING = "missing"
    WEB_PAGE = "web-page"
    HUGE = "huge"


_DELIVERIES = {
    3: FileDelivery.MISSING, 5: FileDelivery.WEB_PAGE, 7: FileDelivery.HUGE,
    9: FileDelivery.LOCKED, 11: FileDelivery.DAMAGED, 13: FileDelivery.SCAN,
    14: FileDelivery.SHARED, 15: FileDelivery.MOVED,
}  # fmt: skip
_ROUND = 16  # numbers after which the deliveries repeat


@dataclass(frozen=True)
class SentFile:
    """A file that a practice site has, and the truth about it.

    Attributes:
        format: its suffix.
        delivery: how it is sent.
        moved_to: path to which a request is sent on; None if the file is here.
        content: the bytes of the file; empty if there is none.
        text: the text that can be read in it, clean.
        pages: its pages or sheets; None if the format has none.
    """

    format: str
    delivery: FileDelivery
    moved_to: str | None
    content: bytes
    text: str
    pages: int | None


def delivery_of(number: int, suffix: str) -> FileDelivery:
    """Return how the document with a number is sent; only PDF files go wrong."""
    known = _DELIVERIES if suffix == "pdf" else {}
    return known.get(number % _ROUND, FileDelivery.PLAIN)


def sent_file(path: str) -> SentFile | None:
    """Return the file of a path or URL, None if it is not that of a file.

    Args:
        path: decoded, with or without a proxy's signature.
    """
    found = _ADDRESS.fullmatch(path.removeprefix(MEDIA.removesuffix(UPLOADS)))
    if found is None:
        return None
    number, suffix = int(found["number"]), found["suffix"]
    if suffix == "jpg":
        return SentFile("jpg", FileDelivery.PLAIN, None, _picture(number), "", None)
    delivery = delivery_of(number, suffix)
    moved_to = None
    if delivery is FileDelivery.MOVED and found["path"].startswith(_MOVED_FROM):
        moved_to = quote(found["path"].replace(_MOVED_FROM, _MOVED_TO, 1))
    content, text, pages = _document(number, suffix, delivery)
    return SentFile(suffix, delivery, moved_to, content, text, pages)


@cache
def _document(number: int, suffix: str, delivery: FileDelivery) -> tuple[bytes, str, int | None]:
    """Return the bytes of a document, the text that can be read in it, and its pages."""
    if delivery in {FileDelivery.MISSING, FileDelivery.WEB_PAGE, FileDelivery.HUGE}:
        return b"", "", None
    lines = _lines(_SHARED if delivery is FileDelivery.SHARED else number)
    if suffix == "docx":
        return docx_file(lines), "\n".join(lines), None
    if suffix == "xlsx":
        rows = [[str(n), line] for n, line in enumerate(lines, 1)]
        told = ("ตาราง", *(" ".join(row) for row in rows))
        return xlsx_file("ตาราง", rows), "\n".join(told), 1
    return _pdf(lines, delivery)


def _pdf(lines: list[str], delivery: FileDelivery) -> tuple[bytes, str, int | None]:
    if delivery is FileDelivery.SCAN:
        return pdf_file([[]]), "", 1
    pages = [lines[at : at + _LINES_A_PAGE] for at in range(0, len(lines), _LINES_A_PAGE)]
    if delivery is FileDelivery.LOCKED:
        return pdf_file(pages, locked=True), "", None
    if delivery is FileDelivery.DAMAGED:
        return pdf_file(pages)[:200], "", None
    return pdf_file(pages), "\n".join(lines), len(pages)


def _lines(number: int) -> list[str]:
    """Return the lines of a document, as an office program breaks them: at any character."""
    rng = Random(f"document:{number}")
    scene = Scene(rng, "industry", date(2025, 1, 1 + number % 28))
    told = [f"เอกสารประกอบหมายเลข {number}"]
    told += (scene.sentence("body").string for _ in range(rng.randint(3, 12)))
    return [piece for text in told for piece in _broken(text)]


def _broken(text: str) -> Sequence[str]:
    """Return a text in lines that end at a space, or within a long word."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= _LINE:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _picture(number: int) -> bytes:
    """Return a JPEG picture of one pixel, with a comment that makes it different from others."""
    comment = f"practice picture {number}".encode()
    head = b"\xff\xd8\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
    return head + _PIXEL


_PIXEL = bytes.fromhex(
    "ffdb004300"
    + "01" * 64
    + "ffc9000b080001000101011100ffcc000600101005ffda0008010100003f00d2cf20"
    "ffd9"
)
