"""Answers of a practice site for its attachments."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import unquote

from scraper.attachments.formats import FORMATS
from scraper.practice.files.attached import FileDelivery, sent_file
from scraper.practice.html.contents import page
from scraper.practice.server.answers import Answer, html_answer, moved_answer

HUGE = 100_000_000  # bytes that an answer declares; it breaks off after the first
CHANGED_AT = datetime(2025, 8, 1, tzinfo=UTC)  # when all files were put there


def file_answer(path: str) -> Answer | None:
    """Return the answer for an attachment, None for any other path."""
    file = sent_file(unquote(path))
    if file is None or file.delivery is FileDelivery.MISSING:
        return None
    if file.moved_to is not None:
        return moved_answer(file.moved_to)
    if file.delivery is FileDelivery.WEB_PAGE:
        return html_answer(page("ขออภัย", "<h1>ขออภัย ระบบขัดข้องชั่วคราว</h1>"))
    kind = FORMATS[file.format].media_types[0]
    if file.delivery is FileDelivery.HUGE:
        length = (("Content-Length", str(HUGE)),)
        return Answer(HTTPStatus.OK, b"%PDF-1.5\n", kind, length, cut=True)
    return Answer(HTTPStatus.OK, file.content, kind, changed_at=CHANGED_AT)
