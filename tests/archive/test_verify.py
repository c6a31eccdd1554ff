"""Deliberate damage of every kind: found, named, and mended where that is possible."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from click.testing import CliRunner

from scraper.archive.captures import Incoming
from scraper.archive.session import WARC_FOLDER, Session
from scraper.archive.warc import WarcWriter, digest_of
from scraper.cli import main
from scraper.imports.ingest import ingest
from scraper.practice.site import PracticeSite
from tests.archive_dump import assert_sound, content
from tests.factories import MOMENT, SECOND, make_capture, make_corpus_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.model import Capture

SITE = PracticeSite(size=20)


def crawled(number: int, day: int = 0) -> Capture:
    body = SITE.html(number)
    seen_at = MOMENT + timedelta(days=day)
    return make_capture(number, body=body, digest=digest_of(body), fetched_at=seen_at)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of files, a page seen twice, and an article of two versions."""
    db = tmp_path_factory.mktemp("whole") / "thaigov.db"
    page = next(number for number in SITE.numbers())
    runs = (
        [make_corpus_file(900 + n) for n in range(5)],
        [crawled(page), make_corpus_file(900, SECOND, day=3)],
        [crawled(page, day=2)],
    )
    for captures in runs:
        with Session(db, "test", {}) as session:
            ingest(session, map(Incoming, captures), workers=0)
    return db


@pytest.fixture
def db(whole: Path, tmp_path: Path) -> Path:
    """Return a copy of that archive, to be damaged."""
    shutil.copytree(whole.parent, tmp_path / "copy")
    return tmp_path / "copy" / whole.name


def verify(db: Path, *options: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(main, ["verify", "--db", str(db), "--json", *options])
    assert result.exit_code in {0, 3}, result.output
    return result.exit_code, json.loads(result.stdout)


def found(report: dict[str, Any]) -> dict[str, int]:
    return {damage["check"]: damage["count"] for damage in report["damages"]}


def warc(db: Path, serial: int = 0) -> Path:
    return sorted((db.parent / WARC_FOLDER).glob("*.warc.gz"))[serial]


def sql(*statements: str) -> Callable[[Path], None]:
    """Return damage that a hand in the database does."""

    def damage(db: Path) -> None:
        with closing(sqlite3.connect(db)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return damage


def place(db: Path, capture_id: int) -> tuple[int, int]:
    with closing(sqlite3.connect(db)) as connection:
        columns = "SELECT warc_offset, warc_length FROM captures WHERE id = ?"
        offset, length = connection.execute(columns, [capture_id]).fetchone()
    return offset, length


def flip_a_byte(db: Path) -> None:
    data = bytearray(warc(db).read_bytes())
    offset, length = place(db, 2)
    data[offset + length // 2] ^= 0xFF
    warc(db).write_bytes(data)


def put_garbage_between(db: Path) -> None:
    """Insert bytes before the third capture: it and those behind it stand elsewhere now."""
    data = warc(db).read_bytes()
    offset, _ = place(db, 3)
    warc(db).write_bytes(data[:offset] + b"\x1f\x8b\x08garbage" + data[offset:])


def cut_the_end(db: Path) -> None:
    warc(db).write_bytes(warc(db).read_bytes()[:-10])


def forget(db: Path) -> None:
    """Lose what the archive knows of an article, but not its record."""
    sql(
        "PRAGMA foreign_keys = ON",
        "DELETE FROM problems WHERE capture_id = 4",
        "DELETE FROM articles WHERE capture_id = 4",
        "DELETE FROM captures WHERE id = 4",
    )(db)


def swap_two_records(db: Path) -> None:
    (one, one_length), (two, two_length) = place(db, 2), place(db, 3)
    sql(
        "UPDATE captures SET warc_offset = -1 WHERE id = 2",
        f"UPDATE captures SET warc_offset = {one}, warc_length = {one_length} WHERE id = 3",
        f"UPDATE captures SET warc_offset = {two}, warc_length = {two_length} WHERE id = 2",
    )(db)


def add_an_orphan(db: Path) -> None:
    out = WarcWriter(db.parent / WARC_FOLDER, 99, MOMENT)
    capture = make_corpus_file(950)
    out.write(capture, capture.body, ())
    out.close()


def add_a_strangers_file(db: Path) -> None:
    add_an_orphan(db)
    path = next((db.parent / WARC_FOLDER).glob("*-000099-*"))
    members = gzip.decompress(path.read_bytes()).replace(b"X-Thaigov-Origin", b"X-Another-Origin")
    path.write_bytes(gzip.compress(members[members.index(b"WARC/1.1", 1) :]))


def leave_open(db: Path) -> None:
    path = warc(db, 1)
    path.write_bytes(path.read_bytes() + b"\x1f\x8b\x08torn")
    path.rename(f"{path}.open")


class Case(NamedTuple):
    """Damage, the names it is found under with their counts, and those a repair leaves."""

    damage: Callable[[Path], None]
    found: dict[str, int]
    left: dict[str, int]


CASES = {
    "a file is gone": Case(lambda db: warc(db).unlink(), {"missing-file": 5}, {"missing-file": 5}),
    "the file of a page that is repeated": Case(
        lambda db: warc(db, 1).unlink(),
        {"missing-file": 2, "lost-original": 1},
        {"missing-file": 2, "lost-original": 1},
    ),
    "a byte is flipped": Case(flip_a_byte, {"unreadable-record": 1}, {"unreadable-record": 1}),
    "the end is cut off": Case(cut_the_end, {"unreadable-record": 1}, {"unreadable-record": 1}),
    "garbage between records": Case(
        put_garbage_between,
        {"unreadable-record": 3, "unknown-record": 3},
        {"stray-bytes": 1},
    ),
    "rows of another time": Case(
        sql("UPDATE captures SET fetched_at = '2020-01-01T00:00:00Z' WHERE id = 2"),
        {"wrong-row": 1, "article-history": 1},
        {},
    ),
    "another address": Case(
        sql("UPDATE captures SET url = url || '9', article_url = article_url || '9' WHERE id = 2"),
        {"wrong-row": 1, "article-capture": 1, "missing-article": 1},
        {},
    ),
    "another row altogether": Case(
        sql("UPDATE captures SET url = url || '9', digest = 'beef' WHERE id = 2"),
        {"wrong-record": 1},
        {"wrong-record": 1},
    ),
    "swapped records": Case(swap_two_records, {"wrong-record": 2}, {}),
    "a wrong offset": Case(
        sql("UPDATE captures SET warc_offset = warc_offset + 7 WHERE id = 3"),
        {"unreadable-record": 1, "unknown-record": 1},
        {},
    ),
    "a wrong length": Case(
        sql("UPDATE captures SET warc_length = warc_length - 7 WHERE id = 3"),
        {"wrong-record": 1},
        {},
    ),
    "a wrong digest": Case(
        sql("UPDATE captures SET digest = 'beef' WHERE id = 3"), {"wrong-row": 1}, {}
    ),
    "the digest of a page that is repeated": Case(
        sql("UPDATE captures SET digest = 'beef' WHERE id = 6"),
        {"wrong-row": 1, "lost-original": 1},
        {},
    ),
    "a forgotten capture": Case(forget, {"unknown-record": 1}, {}),
    "an orphan": Case(add_an_orphan, {"unknown-record": 1}, {}),
    "a stranger's file": Case(add_a_strangers_file, {"foreign-record": 1}, {"foreign-record": 1}),
    "a run that was killed": Case(leave_open, {"unfinished-file": 1}, {}),
    "a text index out of step": Case(
        sql(
            "INSERT INTO articles_fts(articles_fts, rowid, title, lead, body) "
            "SELECT 'delete', id, title, lead, body FROM articles WHERE id = 2"
        ),
        {"text-index": 1},
        {},
    ),
    "a trigger is gone": Case(
        sql(
            "DROP TRIGGER article_words_fts_update",
            "INSERT INTO article_words_fts(article_words_fts, rowid, words) "
            "SELECT 'delete', article_id, words FROM article_words WHERE article_id = 1",
        ),
        {"schema": 1, "text-index": 1},
        {},
    ),
    "an index is gone": Case(sql("DROP INDEX articles_by_day"), {"schema": 1}, {}),
    "a view is altered": Case(
        sql("DROP VIEW industry_articles", "CREATE VIEW industry_articles AS SELECT 1 AS id"),
        {"schema": 1},
        {},
    ),
    "another article's capture": Case(
        sql("UPDATE articles SET capture_id = 3 WHERE id = 2"), {"article-capture": 1}, {}
    ),
    "no capture": Case(
        sql("UPDATE articles SET capture_id = 999 WHERE id = 2"),
        {"foreign-keys": 1, "article-capture": 1},
        {},
    ),
    "an earlier version is gone": Case(
        sql("DELETE FROM article_revisions"), {"article-history": 2}, {}
    ),
    "a gap in the numbers": Case(
        sql("UPDATE articles SET revision = 3 WHERE revision = 2"), {"article-history": 1}, {}
    ),
    "a changed text": Case(
        sql("UPDATE articles SET body = body || 'x' WHERE id = 3"), {"article-text": 1}, {}
    ),
    "a changed earlier text": Case(
        sql("UPDATE article_revisions SET body = 'x'"), {"article-text": 1}, {}
    ),
    "words are gone": Case(
        sql("DELETE FROM article_words WHERE article_id = 2"), {"article-words": 1}, {}
    ),
    "an article is gone": Case(
        sql("PRAGMA foreign_keys = ON", "DELETE FROM articles WHERE id = 2"),
        {"missing-article": 1},
        {},
    ),
}


def test_a_sound_archive(whole: Path) -> None:
    before = {path: path.read_bytes() for path in whole.parent.rglob("*") if path.is_file()}
    assert verify(whole) == (
        0,
        {"db": str(whole), "captures": 8, "sound": True, "repaired": {}, "damages": []},
    )
    after = {path: path.read_bytes() for path in whole.parent.rglob("*") if path.is_file()}
    assert {path.name: path for path in after if after[path] != before.get(path)} == {}
    assert verify(whole, "--repair") == verify(whole)


def test_the_files_of_a_neighbour_are_none_of_its_business(db: Path) -> None:
    with Session(db.with_name("neighbour.db"), "test", {}) as session:
        ingest(session, [Incoming(make_corpus_file(1))], workers=0)
    assert verify(db) == verify(db, "--repair")
    assert verify(db)[1]["sound"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_damage_is_found_and_mended(whole: Path, db: Path, case: Case) -> None:
    case.damage(db)
    code, report = verify(db)
    assert (code, found(report)) == (3, case.found)
    assert all(damage["examples"] for damage in report["damages"])
    code, report = verify(db, "--repair")
    assert (code, found(report)) == (3 if case.left else 0, case.left)
    assert verify(db)[0] == code
    if not case.left:
        assert_sound(db)
        assert content(db) == content(whole) or "unknown-record" in case.found
