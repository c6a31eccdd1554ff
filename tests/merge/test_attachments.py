"""Attached files of joined archives: one archive's file is linked to the articles of all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.merge.join import join_archives
from scraper.upkeep.verify import verify
from tests.attachments.conftest import SHARED, add_articles
from tests.attachments.small_archive import document
from tests.attachments.stored import attachment_capture, store

if TYPE_CHECKING:
    from pathlib import Path

LINKED = "SELECT url, fetched_at, digest, pages, text FROM attachment_files JOIN attachment_texts t"


@pytest.fixture(scope="module")
def crawlers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return archives: with articles alone, with some files, and with others of their files."""
    made = {}
    fetched = {"articles": (), "first": (16, SHARED[0]), "second": (29, SHARED[1])}
    for name, numbers in fetched.items():
        made[name] = tmp_path_factory.mktemp(name) / "thaigov.db"
        with ArchiveWriter(made[name], name, {}) as writer:
            if name != "second":
                add_articles(writer)
            store(writer, *(attachment_capture(document(n)) for n in numbers))
    return made


def linked(path: Path, *sources: Path) -> list[tuple[object, ...]]:
    """Join archives, check the result and return its links with their files."""
    assert not join_archives(sources, path).faults
    assert verify(path, path.parent / "warc", lambda _: None).damages == []
    with closing(sqlite3.connect(path)) as db:
        return db.execute(f"{LINKED} ON t.id = file ORDER BY url").fetchall()


def test_files_of_every_archive_are_linked(crawlers: dict[str, Path], tmp_path: Path) -> None:
    one_way = linked(tmp_path / "one" / "all.db", *crawlers.values())
    assert [row[0] for row in one_way] == sorted(document(n) for n in (16, 29, *SHARED))
    assert one_way == linked(tmp_path / "other" / "all.db", *reversed(crawlers.values()))


@pytest.mark.parametrize("is_first", [True, False])
def test_a_text_that_one_archive_could_read_is_kept(
    crawlers: dict[str, Path], tmp_path: Path, *, is_first: bool
) -> None:
    unread = tmp_path / "unread.db"
    with ArchiveWriter(unread, "unread", {}) as writer:
        store(writer, attachment_capture(document(16)))
        writer.db.execute("UPDATE attachment_texts SET text = '', reader = '', pages = NULL")
    pair = [unread, crawlers["first"]] if is_first else [crawlers["first"], unread]
    target = tmp_path / "all" / "thaigov.db"
    join_archives(pair, target)
    with closing(sqlite3.connect(target)) as db:
        texts = [text for (text,) in db.execute("SELECT text FROM attachment_texts")]
        assert all(texts)
        longest = max(texts[0].split(), key=len)
        found = db.execute("SELECT rowid FROM attachment_texts_fts(?)", [f'"{longest}"'])
        assert found.fetchall()
