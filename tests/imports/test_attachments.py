"""Attachments in files, such as our own WARC files, are stored as a crawl stores them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.prepared import PreparedCapture, prepare
from scraper.imports.ingest import ingest
from scraper.model import Attachment, Incoming
from tests.attachments.conftest import SHARED, add_articles
from tests.attachments.small_archive import document
from tests.attachments.stored import attachment_capture
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.archive.writer import ArchiveWriter

LINKS = (
    "SELECT f.article_id, f.url, t.digest FROM attachment_files f "
    "JOIN attachment_texts t ON t.id = f.file ORDER BY 1, 2"
)


def test_imported_files_are_linked_to_their_articles(writer: ArchiveWriter) -> None:
    add_articles(writer)
    captures = [attachment_capture(document(n)) for n in (16, *SHARED)]
    ingest(writer, map(Incoming, captures), workers=0)
    assert writer.db.execute(LINKS).fetchall() == [
        (number, file.attachment, file.digest) for number, file in enumerate(captures, 1)
    ]
    assert writer.counts["attachments"] == 3
    found = writer.db.execute(
        "SELECT outcome, count(text) FROM captures c JOIN attachment_texts t USING (digest)"
    )
    assert found.fetchall() == [("attachment", 3)]
    visited = writer.db.execute("SELECT count(*) FROM frontier WHERE last_outcome = 'attachments'")
    assert visited.fetchone() == (3,)


def test_an_article_imported_after_its_file_finds_it(writer: ArchiveWriter) -> None:
    file = attachment_capture(document(16))
    ingest(writer, [Incoming(file)], workers=0)
    capture = make_capture(1)
    attachment = Attachment(kind="document", url=document(16))
    page = make_page(capture, make_article(1, attachments=(attachment,)))
    prepared = PreparedCapture(prepare(page, writer.articles.shapes))
    writer.store([(Incoming(capture), prepared)])
    assert writer.db.execute(LINKS).fetchall() == [(1, document(16), file.digest)]


def test_the_same_bytes_under_another_address_refer_to_the_first(writer: ArchiveWriter) -> None:
    add_articles(writer)
    for number in SHARED:
        ingest(writer, [Incoming(attachment_capture(document(number)))], workers=0)
    ids = writer.db.execute(
        "SELECT id, warc_length < 1000 FROM captures WHERE attachment_url NOTNULL ORDER BY id"
    ).fetchall()
    assert [is_small for _, is_small in ids] == [0, 1]
    first, second = (writer.captures.load(number) for number, _ in ids)
    assert first.body == second.body
