"""``verify``, ``verify --repair``, ``reparse`` and ``status`` know attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.archive.database import warc_folder
from scraper.archive.writer import ArchiveWriter
from scraper.upkeep.repair import captures_to_reread, repair
from scraper.upkeep.reparse import CaptureSelection, reparse
from scraper.upkeep.status import archive_status
from scraper.upkeep.verify import verify
from tests.attachments.conftest import SHARED, add_articles
from tests.attachments.small_archive import document
from tests.attachments.stored import attachment_capture, store

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.upkeep.verify import Damage


FOREIGN_LINK = """
    INSERT INTO attachment_files SELECT 4, 'https://x.example/', fetched_at, file
    FROM attachment_files LIMIT 1
"""


@pytest.fixture
def stored(db_path: Path) -> Path:
    with ArchiveWriter(db_path, "test", {}) as writer:
        add_articles(writer)
        store(writer, *(attachment_capture(document(n)) for n in (16, *SHARED, 29)))
    return db_path


def links(writer: ArchiveWriter) -> list[tuple[object, ...]]:
    return writer.db.execute("SELECT * FROM attachment_files ORDER BY article_id").fetchall()


def damages(path: Path) -> list[Damage]:
    return verify(path, warc_folder(path), lambda _: None).damages


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE captures SET attachment_url = 'x' WHERE attachment_url NOTNULL", "wrong-row"),
        ("UPDATE attachment_texts SET id = 5 WHERE text = ''", "attachment-capture"),
        ("UPDATE attachment_files SET fetched_at = '2020-01-01'", "attachment-links"),
        ("DELETE FROM attachment_files WHERE article_id = 1", "attachment-links"),
        (FOREIGN_LINK, "attachment-links"),
        (
            "INSERT INTO attachment_texts VALUES (1, '0000000000001', 'pdf', 1, 1, '', '')",
            "attachment-capture",
        ),
        ("DELETE FROM attachment_texts WHERE text = ''", "attachment-text"),
    ],
)
def test_damage_is_found(stored: Path, statement: str, check: str) -> None:
    assert damages(stored) == []
    with ArchiveWriter(stored, "damage", {}) as writer:
        writer.db.execute("PRAGMA foreign_keys = OFF")
        writer.db.execute(statement)
    assert check in {damage.check for damage in damages(stored)}


def test_damage_is_repaired(stored: Path) -> None:
    with ArchiveWriter(stored, "damage", {}) as writer:
        before = links(writer)
        writer.db.execute("UPDATE attachment_texts SET text = 'x', pages = 9 WHERE text <> ''")
        writer.db.execute("DELETE FROM attachment_files WHERE article_id > 1")
        writer.db.execute("UPDATE captures SET attachment_url = 'x' WHERE attachment_url NOTNULL")
    found = damages(stored)
    with ArchiveWriter(stored, "repair", {}) as writer:
        repair(writer, warc_folder(stored), found)
        chosen = captures_to_reread(writer.db, found)
        reparse(writer, CaptureSelection(ids=chosen).groups(writer.db), workers=0)
        assert links(writer) == before
        texts = {text for (text,) in writer.db.execute("SELECT text FROM attachment_texts")}
    assert "x" not in texts
    assert damages(stored) == []


def test_reparse_reports_what_it_reads_differently(stored: Path) -> None:
    with ArchiveWriter(stored, "reparse", {}) as writer:
        writer.db.execute("UPDATE attachment_texts SET reader = 'pypdf 1' WHERE text <> ''")
        ids = {
            i for (i,) in writer.db.execute("SELECT id FROM captures WHERE attachment_url NOTNULL")
        }
        report = reparse(
            writer, CaptureSelection(ids=frozenset(ids)).groups(writer.db), workers=0, examples=9
        )
        assert report.changes.counts == {"attachment reader": 2}
        again = reparse(writer, CaptureSelection(ids=frozenset(ids)).groups(writer.db), workers=0)
    assert not again.changes.counts


def test_status_counts_files(stored: Path) -> None:
    with ArchiveWriter(stored, "status", {}) as writer:
        (row,) = archive_status(writer.db, stored)["attachments"]
        sizes = "SELECT sum(size) FROM attachment_texts"
        (size,) = writer.db.execute(sizes).fetchone()
    assert row == {
        "kind": "document", "addresses": 5, "files": 3, "with_text": 2, "bytes": size,
    }  # fmt: skip
