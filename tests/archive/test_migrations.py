"""Archives of released versions open, keep their rows and prove sound."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from scraper import facts
from scraper.archive.database import open_for_writing
from scraper.archive.digests import altered_tables
from scraper.archive.schema import migrations
from scraper.archive.writer import ArchiveWriter
from tests.factories import MOMENT

if TYPE_CHECKING:
    from pathlib import Path

RELEASED = {"0.1.0": "m002_digests", "0.2.0": "m003_facts"}  # release: its first missing migration
ROWS = f"""
    INSERT INTO ministries VALUES ('industry', 'กระทรวงอุตสาหกรรม', 'Ministry of Industry', 'อก.');
    INSERT INTO agencies VALUES ('diw', 'กรมโรงงานอุตสาหกรรม', 'DIW', 'กรอ.', 'industry');
    INSERT INTO runs (id, command, arguments, started_at, versions) VALUES (1, 'c', '[]', '', '{{}}');
    INSERT INTO captures (id, url, fetched_at, origin, content_type, digest, warc_file, warc_offset,
        warc_length, outcome, run_id)
    VALUES (1, 'u', '{MOMENT}', 'live', '', '', 'w', 0, 1, 'article', 1);
    INSERT INTO articles (id, url, site, layout, site_id, title, language, content_hash,
        first_seen_at, last_seen_at, changed_at, capture_id, parser, tail, body)
    VALUES (1, 'u', 'thaigov', 'contents', 1, 'หัวข้อ', 'th', 'h', '', '', '', 1, 'contents/1', '', 'ข่าว');
    INSERT INTO article_agencies VALUES (1, 'diw', 2, 'title: กรอ. ×2');
"""  # noqa: E501


@pytest.fixture(params=RELEASED)
def released(db_path: Path, request: pytest.FixtureRequest) -> Path:
    """Return an archive with one article, as a released version left it."""
    db_path.parent.mkdir(parents=True)
    db = Database(sqlite3.connect(db_path))
    migrations.apply(db, stop_before=RELEASED[request.param])
    db.executescript(ROWS)
    if request.param == "0.2.0":
        db.execute('INSERT INTO _article_digests VALUES (1, \'{"articles": "x"}\')')
    db.conn.commit()
    db.close()
    return db_path


def test_a_released_archive_opens_with_its_rows(released: Path) -> None:
    db = open_for_writing(released)
    assert db.execute("SELECT agency, mentions FROM article_agencies").fetchall() == [("diw", 2)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_empty_tables_do_not_count_as_altered(released: Path) -> None:
    db = open_for_writing(released)
    new = {kind.table for kind in facts.KINDS} - {"article_agencies", "article_ministries"}
    altered = set(altered_tables(db, 1))
    assert not altered & {table for table in new if table.endswith(("_mentions", "contacts"))} - {
        "date_mentions"
    }


def test_an_agency_may_belong_to_no_ministry(released: Path) -> None:
    db = open_for_writing(released)
    db.execute("UPDATE agencies SET ministry = NULL WHERE slug = 'diw'")
    assert db.execute("SELECT ministry FROM agencies WHERE slug = 'diw'").fetchone() == (None,)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        db.execute("UPDATE agencies SET ministry = 'nowhere' WHERE slug = 'diw'")


def test_migrated_and_new_archives_have_the_same_schema(released: Path, tmp_path: Path) -> None:
    ArchiveWriter(tmp_path / "new" / "thaigov.db", "test", {}).close("done", 0)
    schemas = [
        set(db.execute("SELECT type, name, sql FROM sqlite_schema").fetchall())
        for db in (open_for_writing(released), open_for_writing(tmp_path / "new" / "thaigov.db"))
    ]
    assert schemas[0] == schemas[1]
