"""Searches in the texts of attached files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlite_utils import Database

from scraper.archive.database import open_for_reading
from scraper.practice.files.attached import sent_file
from scraper.search.attachments import search_attachments
from scraper.search.engine import Filters
from scraper.search.query import MAX_DEPTH, QueryError
from tests.attachments.conftest import SHARED
from tests.attachments.conftest import stored_db as stored_db  # noqa: PLC0414  a fixture
from tests.attachments.small_archive import document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def archive(stored_db: Path) -> Iterator[Database]:
    with open_for_reading(stored_db) as db:
        yield db


def found(db: Database, query: str, **options: Any) -> list[str]:
    return [hit.url for hit in search_attachments(db, query, **options).hits]


def test_a_piece_of_the_text_finds_the_file(archive: Database) -> None:
    results = search_attachments(archive, '"หมายเลข 16"')
    (hit,) = results.hits
    assert (hit.url, hit.article_id, hit.articles) == (document(16), 1, 1)
    file = sent_file(document(16))
    assert file is not None
    assert (hit.size, hit.pages) == (len(file.content), file.pages)
    start, end = hit.snippet.hits[0]
    assert hit.snippet.text[start:end] == "หมายเลข 16"


def test_a_file_of_two_articles_is_one_hit_with_the_newest(archive: Database) -> None:
    results = search_attachments(archive, '"หมายเลข 0"')
    (hit,) = results.hits
    assert (results.total, hit.articles, hit.article_id) == (1, 2, 3)
    assert hit.url == document(SHARED[1])


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("เอกสารประกอบ", 2),
        ('เอกสารประกอบ -"หมายเลข ๐"', 1),
        ("เอกสารประกอบ NOT ฆฆ", 2),
        ('"หมายเลข 16" OR ฆฆ', 1),
        ("ฆฆ", 0),
        ("ลข", 2),
        ("ลข -ฆฆ เอกสารประกอบ", 2),
        ("100%%", 0),
        ("ฆฆฆฆ", 0),
        ("!!", 0),
        ("NOT เอกสารประกอบ", 1),  # the scan
    ],
)
def test_the_query_language(archive: Database, query: str, count: int) -> None:
    assert search_attachments(archive, query).total == count


def test_filters_are_about_the_articles(archive: Database) -> None:
    since = Filters(since=date(2025, 8, 12))
    assert found(archive, "เอกสารประกอบ", filters=since) == [document(46)]
    until = Filters(until=date(2025, 8, 12))
    assert set(found(archive, "เอกสารประกอบ", filters=until)) == {document(16), document(30)}


def test_pages_of_hits(archive: Database) -> None:
    every = found(archive, "เอกสารประกอบ", by_date=True)
    assert every == [document(46), document(16)]
    assert found(archive, "เอกสารประกอบ", by_date=True, limit=1, offset=1) == every[1:]


def test_whole_words_cannot_be_searched_for(archive: Database) -> None:
    with pytest.raises(QueryError, match="without ="):
        search_attachments(archive, "=เอกสาร")


def test_an_archive_without_the_table_says_what_to_do() -> None:
    with pytest.raises(QueryError, match="crawl attachments"):
        search_attachments(Database(memory=True), "ก")


@pytest.mark.parametrize("nested", ["NOT " * MAX_DEPTH + "มี", "NOT " * (MAX_DEPTH - 1) + "มี"])
def test_sqlite_can_parse_the_most_nested_queries(archive: Database, nested: str) -> None:
    assert search_attachments(archive, nested).total >= 0
