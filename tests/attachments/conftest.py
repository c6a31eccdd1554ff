"""An archive with stored attachments, made without a crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.model import Attachment, Incoming
from tests.attachments.small_archive import document
from tests.attachments.stored import attachment_capture, store
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from pathlib import Path

SHARED = (30, 46)  # two addresses of one file


def add_articles(writer: ArchiveWriter) -> None:
    """Store four articles: with a document, one each of a shared file, and with a scan."""
    files = ((16, 20), (30,), (46,), (29,))
    for number, documents in enumerate(files, 1):
        attachments = tuple(Attachment(kind="document", url=document(n)) for n in documents)
        article = make_article(
            number, attachments=attachments, published_on=f"2025-08-{10 + number}"
        )
        (capture,) = writer.capture([Incoming(make_capture(number, f"{number}".encode()))])
        writer.save([make_page(capture, article)])


@pytest.fixture(scope="session")
def stored_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive whose attachments are stored, but for document 20. Not to be changed."""
    path = tmp_path_factory.mktemp("stored") / "thaigov.db"
    with ArchiveWriter(path, "test", {}) as writer:
        add_articles(writer)
        store(writer, *(attachment_capture(document(n)) for n in (16, *SHARED, 29)))
    return path
