"""``thaigov merge`` as a user runs it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from scraper.archive.writer import ArchiveWriter
from scraper.imports.ingest import ingest
from scraper.model import Incoming
from tests.archive_dump import assert_sound
from tests.commands import thaigov, thaigov_json
from tests.factories import make_corpus_file

if TYPE_CHECKING:
    from pathlib import Path


def test_archives_are_joined_and_pages_in_doubt_read_again(tmp_path: Path) -> None:
    archives = [tmp_path / name / "thaigov.db" for name in "ab"]
    for archive in archives:
        with ArchiveWriter(archive, "test", {}) as writer:
            ingest(writer, [Incoming(make_corpus_file(1))], workers=0)
    with closing(sqlite3.connect(archives[1])) as connection, connection:
        connection.execute("DELETE FROM date_mentions")
        connection.execute("UPDATE _article_digests SET digests = '{}'")
    target = tmp_path / "all" / "thaigov.db"
    done = thaigov_json("merge", *archives, "--db", target)
    assert [done[name] for name in ("articles", "captures", "unread")] == [1, 1, 1]
    assert len(done["conflicts"]) == 1
    assert_sound(target)
    thaigov("verify", "--db", target)


def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database, but longer than a header of one" * 9)
    refused = thaigov("merge", tmp_path / "notes.txt", "--db", tmp_path / "all.db", expect=1)
    assert "notes.txt" in refused.stderr
    assert not (tmp_path / "all.db").exists()
