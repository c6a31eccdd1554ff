"""An archive of invented articles with documents of the practice site, not fetched yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.writer import ArchiveWriter
from scraper.model import Attachment, Incoming
from scraper.practice.prose.drafts import MEDIA
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def document(number: int, suffix: str = "pdf") -> str:
    """Return the address of a practice document."""
    return f"{MEDIA}/document/1/2025/08/{suffix}/เอกสารแนบ_{number}.{suffix}"


def write_articles(path: Path, files: Iterable[tuple[Attachment, ...]]) -> None:
    """Write an archive with one article for each tuple of attachments, numbered from 1."""
    with ArchiveWriter(path, "test", {}) as writer:
        for number, attachments in enumerate(files, 1):
            body = f"<p>{number}</p>".encode()
            (capture,) = writer.capture([Incoming(make_capture(number, body))])
            writer.save([make_page(capture, make_article(number, attachments=attachments))])


def with_documents(path: Path, *addresses: str) -> None:
    """Write an archive with one article for each document."""
    write_articles(path, [(Attachment(kind="document", url=url),) for url in addresses])
