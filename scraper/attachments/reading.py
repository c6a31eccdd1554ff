"""Reads the capture of an attachment: what the bytes are, their text, and what is wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from scraper.attachments.formats import (
    file_name,
    format_named,
    format_of,
    is_locked_office,
    media_type_of,
)
from scraper.attachments.texts import UnreadableFileError, read_text
from scraper.model import AttachedFile, Outcome, Page
from scraper.thai.text import clean

if TYPE_CHECKING:
    from scraper.attachments.formats import FileFormat
    from scraper.model import Capture

STAGE = "attachments"  # the stage that the problems name
_MAX_LOST = 0.1  # share of a text's characters that may be U+FFFD


def read_attachment(capture: Capture) -> Page:
    """Return the page of an attachment's capture: its outcome, file and problems.

    A file whose text cannot be read is stored all the same, with a problem that says why.

    Raises:
        MemoryError: reading it takes too much memory.
    """
    page = Page(capture=capture)
    status = capture.status or HTTPStatus.OK
    found = format_of(capture.body)
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        page.outcome = Outcome.MISSING
    elif 300 <= status < 400:
        page.outcome = Outcome.REDIRECT
    elif not 200 <= status < 300:
        _unread(page, "http-status", f"expected a file, found HTTP {status}")
    elif capture.cut:
        _unread(page, "truncated", f"a part of the file is missing: {capture.cut}")
    elif found is None:
        _unread(page, "not-a-file", f"expected {_expected(capture)}, found {_found(capture)}")
    else:
        _read_file(page, found)
    return page


def unread_file(capture: Capture) -> AttachedFile | None:
    """Return a file's format and size without reading its text; None if it is not a file."""
    found = None if capture.cut else format_of(capture.body)
    return None if found is None else AttachedFile(format=found.name, size=len(capture.body))


def _read_file(page: Page, found: FileFormat) -> None:
    capture = page.capture
    page.outcome = Outcome.ATTACHMENT
    page.file = AttachedFile(format=found.name, size=len(capture.body))
    declared, named = media_type_of(capture.content_type), format_named(capture.attachment or "")
    if named is not None and named is not found:
        _add_problem(
            page, "other-format", f"its address ends in .{named.name}, its bytes are {found.title}"
        )
    elif declared in {"text/html", "text/plain"}:
        _add_problem(
            page, "other-format", f"it was sent as {declared}, its bytes are {found.title}"
        )
    if found.kind == "image":
        return
    if is_locked_office(capture.body):
        _add_problem(page, "encrypted", "it needs a password")
        return
    try:
        read = read_text(found.name, capture.body)
    except UnreadableFileError as error:
        _add_problem(page, error.kind, str(error))
        return
    if read is None:
        _add_problem(page, "no-reader", f"the text of {found.title} is not read")
        return
    text = clean(read.text)
    page.file = page.file.model_copy(
        update={"text": text, "pages": read.pages, "reader": read.reader}
    )
    if read.cut:
        _add_problem(page, "text-cut", read.cut)
    if not any(map(str.isalnum, text)):
        page.file = page.file.model_copy(update={"text": ""})
        _add_problem(
            page, "no-text", "it has no text, as a scan has none; the picture may have some"
        )
    elif (lost := text.count("\ufffd")) > _MAX_LOST * len(text):
        detail = f"{lost:,} of its {len(text):,} characters cannot be told from the font"
        _add_problem(page, "unreadable-text", detail)


def _expected(capture: Capture) -> str:
    named = format_named(capture.attachment or "")
    return named.title if named else "a file"


def _found(capture: Capture) -> str:
    body = capture.body.lstrip()[:64].lower()
    if not capture.body:
        return "nothing"
    if body.startswith((b"<!doctype html", b"<html")):
        return f"a web page ({len(capture.body):,} bytes, sent as {_declared(capture)})"
    return f"{len(capture.body):,} other bytes, sent as {_declared(capture)}"


def _declared(capture: Capture) -> str:
    return media_type_of(capture.content_type) or "no type"


def _unread(page: Page, kind: str, detail: str) -> None:
    page.outcome = Outcome.UNPARSED
    _add_problem(page, kind, detail)


def _add_problem(page: Page, kind: str, detail: str) -> None:
    page.add_problem(STAGE, kind, f"{file_name(page.capture.attachment or '')}: {detail}")
