"""Deleted text is found in superseded versions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.model import Incoming, MinistryScore
from scraper.search.engine import Filters
from scraper.search.query import MAX_DEPTH, QueryError
from scraper.search.versions import VersionHit, has_word, search_versions
from tests.factories import MOMENT, make_article, make_capture, make_page

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.archive.writer import ArchiveWriter

TEXTS = {
    1: ("โรงงานเดิมปิดกิจการในปีนี้ที่จังหวัดตราด", "โรงงานเปิดใหม่"),
    2: ("อัตราดอกเบี้ยขึ้น ๓๐ บาท", "อัตราดอกเบี้ยลง"),
}


@pytest.fixture
def db(writer: ArchiveWriter) -> Database:
    """Return two articles, each edited after as many days as its number."""
    for number, texts in TEXTS.items():
        for day, body in enumerate(texts):
            moment = MOMENT + timedelta(days=day * number)
            capture = make_capture(number, body=body.encode(), fetched_at=moment)
            (stored,) = writer.capture([Incoming(capture)])
            industry = MinistryScore(ministry="industry", score=1, evidence=("ก",))
            article = make_article(number, body=body, ministries=(industry,) if number == 1 else ())
            writer.save([make_page(stored, article)])
    return writer.db


def numbers(db: Database, query: str | None, filters: Filters | None = None) -> set[int]:
    results = search_versions(db, query, filters)
    assert results.total == len(results.hits)
    return {hit.site_id for hit in results.hits}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ปิดกิจการ", {1}),
        ("เปิดใหม่", set()),  # in the present version only
        ("ตราด", {1, 2}),  # in อัตราดอกเบี้ย, too
        ("=ตราด", {1}),
        ("=อัตรา*", {2}),
        ("ปี", {1}),
        ("30บาท", {2}),
        ("30 บาท", {2}),
        ("อัตรา -ปี", {2}),
        ("NOT อัตรา", {1}),
        ("ปี OR บาท", {1, 2}),
        ("(ปี OR ลง) ตราด", {1}),
        ("–", set()),
        (None, {1, 2}),
    ],
)
def test_superseded_versions_are_searched(db: Database, query: str | None, found: set[int]) -> None:
    assert numbers(db, query) == found


def test_filters_are_those_of_the_article(db: Database) -> None:
    assert numbers(db, "ตราด", Filters(ministry="industry")) == {1}
    assert numbers(db, None, Filters(ministry="energy")) == set()


def test_a_hit_says_which_version_it_is(db: Database) -> None:
    (hit,) = search_versions(db, "ปิดกิจการ").hits
    assert isinstance(hit, VersionHit)
    assert (hit.revision, hit.seen_at, hit.is_current) == (1, "2025-08-21T03:00:00Z", False)
    assert "[ปิดกิจการ]" in hit.snippet.marked("[", "]")
    assert len(hit.digest) == 64
    (hit,) = search_versions(db, "โรงงาน").hits
    assert isinstance(hit, VersionHit)
    assert hit.is_current  # the present version has the word, too


def test_pages_follow_each_other(db: Database) -> None:
    first = search_versions(db, None, limit=1)
    assert first.total == 2
    assert first.next is not None
    second = search_versions(db, None, limit=1, after=first.next)
    assert second.next is None
    assert {first.hits[0].id, second.hits[0].id} == {1, 2}
    assert search_versions(db, None, offset=2).hits == ()
    with pytest.raises(QueryError, match="position"):
        search_versions(db, None, after="x")


def test_the_index_follows_the_versions(db: Database) -> None:
    db.execute("UPDATE article_revisions SET body = 'น้ำท่วม' WHERE article_id = 1")
    assert numbers(db, "น้ำท่วม") == {1}
    assert numbers(db, "ปิดกิจการ") == set()
    db.execute("DELETE FROM article_revisions WHERE article_id = 1")
    assert numbers(db, "น้ำท่วม") == set()
    db.execute("INSERT INTO article_revisions_fts(article_revisions_fts, rank) "
               "VALUES ('integrity-check', 1)")  # fmt: skip


def test_an_older_archive_says_what_is_missing(db: Database) -> None:
    db.execute("DROP TABLE article_revisions_fts")
    with pytest.raises(QueryError, match="next crawl"):
        search_versions(db, "ก")


@pytest.mark.parametrize(
    ("text", "word", "prefix", "expected"),
    [
        ("ที่จังหวัดตราดวันนี้", "ตราด", 0, True),
        ("อัตราดอกเบี้ย", "ตราด", 0, False),
        ("กระทรวงอุตสาหกรรม", "อุตสาห", 1, True),
        ("กระทรวงอุตสาหกรรม", "อุตสาห", 0, False),
        ("", "ตราด", 0, False),
    ],
)
def test_whole_words_are_found_by_the_words_around(
    text: str, word: str, prefix: int, expected: bool
) -> None:
    assert has_word(text, word, prefix) is expected


@pytest.mark.parametrize("nested", ["NOT " * MAX_DEPTH + "มี", "NOT " * (MAX_DEPTH - 1) + "มี"])
def test_sqlite_can_parse_the_most_nested_queries(db: Database, nested: str) -> None:
    assert search_versions(db, nested).total >= 0
