"""Stores attachments in an archive without a crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.attachments.reading import read_attachment
from scraper.model import Incoming
from scraper.practice.files.attached import sent_file
from scraper.warc.record import digest_of
from tests.factories import make_capture

if TYPE_CHECKING:
    from scraper.archive.writer import ArchiveWriter
    from scraper.model import Capture, Page


def attachment_capture(address: str, body: bytes | None = None, **fields: Any) -> Capture:
    """Return a live capture of an attachment; by default of the practice site's file."""
    if body is None:
        file = sent_file(address)
        assert file is not None
        body = file.content
    defaults = {
        "url": address, "attachment": address, "content_type": "application/pdf",
        "digest": digest_of(body),
    }  # fmt: skip
    return make_capture(body=body, **{**defaults, **fields})


def store(writer: ArchiveWriter, *captures: Capture) -> list[Page]:
    """Capture and read attachments."""
    pages = []
    for capture in captures:
        (stored,) = writer.capture([Incoming(capture)])
        pages.append(read_attachment(stored))
        writer.save(pages[-1:])
    return pages
