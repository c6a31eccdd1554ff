"""Files, texts and links of attachments, and which are asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scraper.archive.attachment_rows import file_id, link_files
from scraper.archive.writer import ArchiveWriter
from scraper.model import AttachedFile, Attachment, Incoming, Outcome
from scraper.practice.files.pdf import pdf_file
from scraper.sources import PRACTICE, THAIGOV
from tests.attachments.conftest import SHARED, add_articles
from tests.attachments.small_archive import document
from tests.attachments.stored import attachment_capture, store
from tests.factories import MOMENT, make_article, make_capture, make_page

if TYPE_CHECKING:
    from pathlib import Path


def links(writer: ArchiveWriter) -> list[tuple[Any, ...]]:
    return writer.db.execute(
        "SELECT f.article_id, f.url, t.digest FROM attachment_files f "
        "JOIN attachment_texts t ON t.id = f.file ORDER BY 1, 2"
    ).fetchall()


def wanted(writer: ArchiveWriter, **options: bool) -> list[str]:
    return [file.address for file in writer.attachments.wanted(PRACTICE, ["document"], **options)]


def test_a_file_is_linked_to_every_article_that_has_it(writer: ArchiveWriter) -> None:
    add_articles(writer)
    captures = [attachment_capture(document(n)) for n in SHARED]
    store(writer, *captures)
    assert links(writer) == [
        (number, document(n), captures[0].digest) for number, n in zip((2, 3), SHARED, strict=True)
    ]
    (row,) = writer.db.execute("SELECT id, digest FROM attachment_texts").fetchall()
    assert row == (file_id(captures[0].digest), captures[0].digest)


def test_an_article_that_is_stored_later_finds_the_file(writer: ArchiveWriter) -> None:
    (page,) = store(writer, attachment_capture(document(16)))
    add_articles(writer)
    assert links(writer) == [(1, document(16), page.capture.digest)]


def test_an_attachment_that_an_edit_removes_is_no_longer_linked(writer: ArchiveWriter) -> None:
    add_articles(writer)
    store(writer, attachment_capture(document(16)))
    later = make_capture(1, b"later", fetched_at=MOMENT + timedelta(days=1))
    (capture,) = writer.capture([Incoming(later)])
    writer.save([make_page(capture, make_article(1, title="ใหม่"))])
    assert links(writer) == []


def test_the_newest_file_of_an_address_is_shown(writer: ArchiveWriter) -> None:
    add_articles(writer)
    newer = attachment_capture(
        document(16), pdf_file([["ใหม่"]]), fetched_at=MOMENT + timedelta(days=1)
    )
    store(writer, newer, attachment_capture(document(16)))
    assert links(writer) == [(1, document(16), newer.digest)]


def test_a_text_is_kept_when_it_can_no_longer_be_read(writer: ArchiveWriter) -> None:
    add_articles(writer)
    (page,) = store(writer, attachment_capture(document(16)))
    assert page.file is not None
    page.file = AttachedFile(format="pdf", size=page.file.size)
    writer.save([page])
    ((text,),) = writer.db.execute("SELECT text FROM attachment_texts").fetchall()
    assert text


def test_which_attachments_are_wanted(db_path: Path) -> None:
    every = [document(n) for n in (29, 46, 30, 16, 20)]
    with ArchiveWriter(db_path, "first", {}) as writer:
        add_articles(writer)
        assert wanted(writer) == every  # of the newest article first
        assert writer.attachments.wanted(THAIGOV, ["document"]) == []
        store(writer, attachment_capture(document(16)), attachment_capture(document(29)))
        writer.attachments.leave_out(document(30), "too_large")
        store(writer, attachment_capture(document(46), b"", status=404))
        assert wanted(writer) == wanted(writer, again=True) == [document(20)]  # not twice in a run
    with ArchiveWriter(db_path, "second", {}) as writer:
        assert wanted(writer) == [document(20)]
        assert wanted(writer, larger=True) == [document(30), document(20)]
        assert wanted(writer, again=True) == every
        writer.db.execute("UPDATE frontier SET due_at = '2025-01-01' WHERE due_at IS NOT NULL")
        assert wanted(writer) == [document(46), document(20)]


def test_the_bytes_of_a_file_are_read_back_under_each_address(writer: ArchiveWriter) -> None:
    add_articles(writer)
    pages = store(writer, *(attachment_capture(document(n)) for n in SHARED))
    (kinds,) = zip(
        *writer.db.execute("SELECT warc_length < 1000 FROM captures WHERE attachment_url NOTNULL"),
        strict=True,
    )
    assert kinds == (0, 1)  # the second is a revisit
    first, second = (writer.captures.load(page.capture.id or 0) for page in pages)
    assert first.body == second.body
    assert (first.attachment, second.attachment) == (document(30), document(46))
    newest = writer.captures.latest_file(document(46))
    assert newest is not None
    assert newest.id == second.id


def test_linking_twice_changes_nothing(writer: ArchiveWriter) -> None:
    add_articles(writer)
    store(writer, attachment_capture(document(16)))
    before = links(writer)
    link_files(writer.db, "1", ())
    assert links(writer) == before


def test_a_killed_run_leaves_a_file_for_the_next_one(writer: ArchiveWriter) -> None:
    """A capture of an attachment is marked as one even before it is read."""
    add_articles(writer)
    writer.capture([Incoming(attachment_capture(document(16)))])
    (pending,) = writer.pending()
    assert pending.attachment == document(16)
    (article_url,) = writer.db.execute(
        "SELECT article_url FROM captures WHERE id = ?", [pending.id]
    ).fetchone()
    assert article_url is None


def test_no_file_is_a_capture_of_an_article(writer: ArchiveWriter) -> None:
    url = "https://practice.example/news/contents/details/5"
    odd = attachment_capture(document(16), url=url)
    (capture,) = writer.capture([Incoming(odd)])
    writer.save([make_page(capture, None, outcome=Outcome.ATTACHMENT)])
    assert writer.db.execute("SELECT article_url FROM captures").fetchall() == [(None,)]


def test_attachments_without_an_original_have_their_own_address(writer: ArchiveWriter) -> None:
    proxied = "https://media.practice.example/x=/https://archives.practice.example/uploads/a.pdf"
    original = proxied.partition("/x=/")[2]
    (capture,) = writer.capture([Incoming(make_capture(1))])
    attachment = Attachment(kind="document", url=proxied, original=original)
    writer.save([make_page(capture, make_article(1, attachments=(attachment,)))])
    (file,) = writer.attachments.wanted(PRACTICE, ["document"])
    assert (file.address, file.url) == (original, proxied)
