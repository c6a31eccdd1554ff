"""Deliberate damage of every kind is found, named, and repaired if possible."""

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

from scraper.archive.database import open_for_writing
from scraper.archive.digests import write_digests
from scraper.archive.opening import WARC_FOLDER
from scraper.archive.writer import ArchiveWriter
from scraper.cli import main
from scraper.imports.ingest import ingest
from scraper.model import Incoming
from scraper.practice.site.still import PracticeSite
from scraper.warc.record import digest_of
from scraper.warc.writer import WarcWriter
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
    """Return an archive of files, a page seen twice, and an article with two versions."""
    db = tmp_path_factory.mktemp("whole") / "thaigov.db"
    page = next(number for number in SITE.numbers())
    runs = (
        [make_corpus_file(900 + n) for n in range(5)],
        [crawled(page), make_corpus_file(900, SECOND, day=3)],
        [crawled(page, day=2)],
    )
    for captures in runs:
        with ArchiveWriter(db, "test", {}) as writer:
            ingest(writer, map(Incoming, captures), workers=0)
    return db


@pytest.fixture
def db(whole: Path, tmp_path: Path) -> Path:
    """Return a copy of that archive, to be damaged."""
    shutil.copytree(whole.parent, tmp_path / "copy")
    return tmp_path / "copy" / whole.name


def verify(db: Path, *options: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(
        main, ["verify", "--db", str(db), "--json", "--workers", "0", *options]
    )
    assert result.exit_code in {0, 3}, result.output
    return result.exit_code, json.loads(result.stdout)


def found(report: dict[str, Any]) -> dict[str, int]:
    return {damage["check"]: damage["count"] for damage in report["damages"]}


def warc(db: Path, serial: int = 0) -> Path:
    return sorted((db.parent / WARC_FOLDER).glob("*.warc.gz"))[serial]


def sql(*statements: str) -> Callable[[Path], None]:
    """Return a function that damages an archive with SQL statements."""

    def damage(db: Path) -> None:
        with closing(sqlite3.connect(db)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return damage


def place_of(db: Path, capture_id: int) -> tuple[int, int]:
    with closing(sqlite3.connect(db)) as connection:
        columns = "SELECT warc_offset, warc_length FROM captures WHERE id = ?"
        offset, length = connection.execute(columns, [capture_id]).fetchone()
    return offset, length


def flip_a_byte(db: Path) -> None:
    data = bytearray(warc(db).read_bytes())
    offset, length = place_of(db, 2)
    data[offset + length // 2] ^= 0xFF
    warc(db).write_bytes(data)


def put_garbage_between(db: Path) -> None:
    """Insert bytes before the third capture, so that it and those after it are elsewhere."""
    data = warc(db).read_bytes()
    offset, _ = place_of(db, 3)
    warc(db).write_bytes(data[:offset] + b"\x1f\x8b\x08garbage" + data[offset:])


def cut_the_end(db: Path) -> None:
    warc(db).write_bytes(warc(db).read_bytes()[:-10])


def forget(db: Path) -> None:
    """Delete the rows of an article and its capture, but not the record."""
    sql(
        "PRAGMA foreign_keys = ON",
        "DELETE FROM problems WHERE capture_id = 4",
        "DELETE FROM articles WHERE capture_id = 4",
        "DELETE FROM captures WHERE id = 4",
    )(db)


def swap_two_records(db: Path) -> None:
    (one, one_length), (two, two_length) = place_of(db, 2), place_of(db, 3)
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
    """Damage, the checks that find it with their counts, and those that still do after repair."""

    damage: Callable[[Path], None]
    found: dict[str, int]
    left: dict[str, int]


CASES = {
    "a file is missing": Case(
        lambda db: warc(db).unlink(), {"missing-file": 5}, {"missing-file": 5}
    ),
    "the file of a repeated page": Case(
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
    "a wrong time": Case(
        sql("UPDATE captures SET fetched_at = '2020-01-01T00:00:00Z' WHERE id = 2"),
        {"wrong-row": 1, "article-history": 1},
        {},
    ),
    "a wrong address": Case(
        sql("UPDATE captures SET url = url || '9', article_url = article_url || '9' WHERE id = 2"),
        {"wrong-row": 1, "article-capture": 1, "missing-article": 1},
        {},
    ),
    "a wrong address and digest": Case(
        sql("UPDATE captures SET url = url || '9', digest = 'beef' WHERE id = 2"),
        {"wrong-record": 1},
        {"wrong-record": 1},
    ),
    "a fingerprint is missing": Case(
        sql(
            "DELETE FROM _fingerprints "
            "WHERE fingerprint = (SELECT min(fingerprint) FROM _fingerprints)"
        ),
        {"related": 1},
        {},
    ),
    "a pair that is not related": Case(
        sql("INSERT INTO related_articles VALUES (1, 2, 'near', 0.9)"), {"related": 1}, {}
    ),
    "the fingerprints are lost": Case(sql("DROP TABLE _fingerprints"), {"schema": 1}, {}),
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
    "the digest of a repeated page": Case(
        sql("UPDATE captures SET digest = 'beef' WHERE id = 6"),
        {"wrong-row": 1, "lost-original": 1},
        {},
    ),
    "a forgotten capture": Case(forget, {"unknown-record": 1}, {}),
    "an orphan": Case(add_an_orphan, {"unknown-record": 1}, {}),
    "a stranger's file": Case(add_a_strangers_file, {"foreign-record": 1}, {"foreign-record": 1}),
    "a killed run": Case(leave_open, {"unfinished-file": 1}, {}),
    "a text index that does not match": Case(
        sql(
            "INSERT INTO articles_fts(articles_fts, rowid, title, lead, body) "
            "SELECT 'delete', id, title, lead, body FROM articles WHERE id = 2"
        ),
        {"text-index": 1},
        {},
    ),
    "a trigger is missing": Case(
        sql(
            "DROP TRIGGER article_words_fts_update",
            "INSERT INTO article_words_fts(article_words_fts, rowid, words) "
            "SELECT 'delete', article_id, words FROM article_words WHERE article_id = 1",
        ),
        {"schema": 1, "text-index": 1},
        {},
    ),
    "an index is missing": Case(sql("DROP INDEX articles_by_day"), {"schema": 1}, {}),
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
    "an earlier version is missing": Case(
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
    "words are missing": Case(
        sql("DELETE FROM article_words WHERE article_id = 2"), {"article-words": 1}, {}
    ),
    "an article is missing": Case(
        sql("PRAGMA foreign_keys = ON", "DELETE FROM articles WHERE id = 2"),
        {"missing-article": 1},
        {},
    ),
}


def test_a_sound_archive(whole: Path) -> None:
    before = {path: path.read_bytes() for path in whole.parent.rglob("*") if path.is_file()}
    code, report = verify(whole)
    unchecked = report.pop("unchecked")
    expected = {"db": str(whole), "captures": 8, "sound": True, "repaired": {}, "damages": []}
    assert (code, report) == (0, expected)
    assert any("--deep" in sentence for sentence in unchecked)
    after = {path: path.read_bytes() for path in whole.parent.rglob("*") if path.is_file()}
    assert {path.name: path for path in after if after[path] != before.get(path)} == {}
    assert verify(whole, "--repair") == verify(whole)


def falsified(column: str, value: str, rows: str = "id = 2") -> Case:
    """Return the case of a column of ``captures`` that differs from the record."""
    return Case(sql(f"UPDATE captures SET {column} = {value} WHERE {rows}"), {"wrong-row": 1}, {})


def rows_of(statement: str, articles: int = 1, **also: int) -> Case:
    """Return the case of derived rows that were changed."""
    return Case(sql(statement), {"article-rows": articles, **also}, {})


# Values that can be changed without contradicting another row.
FALSIFIED = {
    "status": falsified("status", "404", "id = 6"),
    "status of a file": falsified("status", "200"),
    "status of a repeat": falsified("status", "404", "id = 8"),
    "media type": falsified("content_type", "'image/png'"),
    "origin": falsified("origin", "'live'"),
    "origin of a repeat": falsified("origin", "'wayback'", "id = 8"),
    "source": falsified("source", "'elsewhere.txt'"),
    "no source": falsified("source", "NULL"),
    "source of a crawl": falsified("source", "'a.txt'", "id = 6"),
    "rendered": falsified("rendered", "1"),
    "an outcome without a text": Case(
        sql("UPDATE captures SET outcome = 'article' WHERE id = 8"), {"capture-outcome": 1}, {}
    ),
    "a duplicate without an original": Case(
        sql("UPDATE captures SET outcome = 'duplicate' WHERE id = 2"), {"capture-outcome": 1}, {}
    ),
    "dates deleted": rows_of("DELETE FROM date_mentions", 6),
    "a date changed": rows_of(
        "UPDATE date_mentions SET start_on = '2001-01-01' WHERE article_id = 2"
    ),
    "a flag": rows_of("UPDATE date_mentions SET flags = 'impossible' WHERE article_id = 2"),
    "a hashtag added": rows_of("INSERT INTO hashtags VALUES (2, 'ปลอม')"),
    "an attachment added": rows_of(
        "INSERT INTO attachments VALUES (2, 'image', 'https://example.org/a.png', NULL)"
    ),
    "a link added": rows_of(
        "INSERT INTO article_links VALUES (2, 'https://www.thaigov.go.th/news/contents/details/1')"
    ),
    "a ministry added": rows_of("INSERT INTO article_ministries VALUES (2, 'energy', 9.0, 'ก')"),
    "an agency added": rows_of("INSERT INTO article_agencies VALUES (2, 'diw', 9, 'ก')"),
    "other words": rows_of("UPDATE article_words SET words = 'อื่น' WHERE article_id = 2"),
    "another engine": rows_of("UPDATE article_words SET engine = 'other' WHERE article_id = 2"),
    "a category": rows_of("UPDATE articles SET category = 'อื่น' WHERE id = 2"),
    "a language": rows_of("UPDATE articles SET language = 'en' WHERE id = 2"),
    "a ministry of the article": rows_of("UPDATE articles SET ministry = 'energy' WHERE id = 2"),
    "a number": rows_of("UPDATE articles SET site_id = 7 WHERE id = 2"),
    "a date as written": rows_of("UPDATE articles SET published_raw = 'x' WHERE id = 2"),
    "a parser": rows_of("UPDATE articles SET parser = 'x/9' WHERE id = 2"),
    "no digest": Case(
        sql("DELETE FROM _article_digests WHERE article_id = 2"), {"article-rows": 1}, {}
    ),
    "an invalid digest": Case(
        sql("UPDATE _article_digests SET digests = '[1]' WHERE article_id = 2"),
        {"article-rows": 1},
        {},
    ),
    "gone although it is shown": Case(
        sql("UPDATE articles SET gone_at = '2025-09-01T00:00:00Z' WHERE id = 2"),
        {"article-dates": 1},
        {},
    ),
    "first seen later": Case(
        sql("UPDATE articles SET first_seen_at = '2025-09-01T00:00:00Z' WHERE id = 2"),
        {"article-dates": 1},
        {},
    ),
    "first seen earlier": Case(
        sql("UPDATE articles SET first_seen_at = '2001-09-01T00:00:00Z' WHERE id = 2"),
        {"article-dates": 1},
        {},
    ),
    "last seen before it was fetched": Case(
        sql("UPDATE articles SET last_seen_at = '2001-09-01T00:00:00Z' WHERE id = 2"),
        {"article-dates": 1},
        {},
    ),
    "a wrong overlap": Case(
        sql("UPDATE article_revisions SET kept = 0.987"), {"article-history": 1}, {}
    ),
}


@pytest.mark.parametrize("case", FALSIFIED.values(), ids=FALSIFIED)
def test_a_changed_value_is_found_and_repaired(whole: Path, db: Path, case: Case) -> None:
    case.damage(db)
    code, report = verify(db)
    assert (code, found(report)) == (3, case.found)
    code, report = verify(db, "--repair")
    assert (code, found(report)) == (0, {})
    assert content(db) == content(whole)
    assert every_row(db, "articles") == every_row(whole, "articles")
    assert every_row(db, "captures") == every_row(whole, "captures")


def every_row(db: Path, table: str) -> list[Any]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


def test_a_changed_name_of_a_person_is_found_and_repaired(db: Path) -> None:
    add_article(db, "นายสมใจ ใจดี ปลัดกระทรวงอุตสาหกรรม เปิดเผยว่า โรงงานเปิดแล้ว")
    before = every_row(db, "people")
    sql("UPDATE people SET name = 'คนอื่น ใจร้าย' WHERE name = 'สมใจ ใจดี'")(db)
    code, report = verify(db)
    assert (code, found(report)) == (3, {"fact-names": 1})
    assert verify(db, "--repair")[1]["sound"]
    assert every_row(db, "people") == before


def test_a_missing_pair_of_related_articles_is_found_and_repaired(db: Path) -> None:
    before = every_row(db, "related_articles")
    pairs = {frozenset(row[:2]) for row in before}
    sql("DELETE FROM related_articles")(db)
    assert verify(db)[1]["sound"]
    code, report = verify(db, "--deep")
    assert (code, found(report)) == (3, {"related": len(pairs)})
    assert verify(db, "--repair", "--deep")[1]["sound"]
    assert every_row(db, "related_articles") == before


def add_article(db: Path, text: str) -> None:
    with ArchiveWriter(db, "test", {}) as writer:
        ingest(writer, [Incoming(make_corpus_file(970, text))], workers=0)


DEEP = {
    "an outcome": sql("UPDATE captures SET outcome = 'missing' WHERE id = 8"),
    "an invented problem": sql(
        "INSERT INTO problems (run_id, capture_id, stage, kind, detail) VALUES (1, 2, 'a', 'b', '')"
    ),
    "rows and their digest": sql(
        "UPDATE articles SET category = 'อื่น' WHERE id = 2",
        "UPDATE article_words SET words = 'อื่น' WHERE article_id = 3",
    ),
}


@pytest.mark.parametrize("damage", DEEP.values(), ids=DEEP)
def test_deep_finds_what_only_reading_again_shows(
    whole: Path, db: Path, damage: Callable[[Path], None]
) -> None:
    damage(db)
    with open_for_writing(db) as archive:
        for number in (2, 3):
            write_digests(archive, number)
    assert verify(db)[1]["sound"]
    code, report = verify(db, "--deep")
    assert (code, set(found(report))) == (3, {"reading"})
    assert not any("--deep" in sentence for sentence in report["unchecked"])
    code, report = verify(db, "--repair", "--deep")
    assert (code, found(report)) == (0, {})
    assert content(db) == content(whole)


def test_an_unread_capture_is_reported_but_is_not_damage(db: Path) -> None:
    with ArchiveWriter(db, "test", {}) as writer:
        writer.capture([Incoming(make_corpus_file(960))])
    code, report = verify(db, "--deep")
    assert (code, found(report)) == (0, {})
    assert any(
        "1 captures that the next run will read" in sentence for sentence in report["unchecked"]
    )


def test_names_of_ministries_are_compared_with_the_reference_tables(db: Path) -> None:
    sql("UPDATE ministries SET name_th = 'กระทรวงอื่น' WHERE slug = 'energy'")(db)
    code, report = verify(db, "--deep")
    assert (code, found(report)) == (3, {"names": 1})
    assert verify(db, "--repair", "--deep")[1]["sound"]


def test_the_files_of_another_archive_are_ignored(db: Path) -> None:
    with ArchiveWriter(db.with_name("neighbour.db"), "test", {}) as writer:
        ingest(writer, [Incoming(make_corpus_file(1))], workers=0)
    assert verify(db) == verify(db, "--repair")
    assert verify(db)[1]["sound"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_damage_is_found_and_repaired(whole: Path, db: Path, case: Case) -> None:
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
