"""News are told once, none are lost, and only a change on the site counts as a change."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from scraper.archive.database import open_for_writing
from scraper.search.engine import Filters
from scraper.search.query import QueryError
from scraper.watches.news import find_news, mark_told
from scraper.watches.saved import (
    WatchError,
    add_watch,
    find_watch,
    remove_watch,
    saved_watches,
    watch_filters,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.watches.news import WatchNews
    from tests.watches.conftest import Store


@pytest.fixture
def db(store: Store, db_path: Path) -> Iterator[Database]:
    del store
    archive = open_for_writing(db_path)
    yield archive
    archive.close()


def news_of(db: Database, name: str = "factories") -> WatchNews:
    return find_news(db, find_watch(db, name))


def told(news: WatchNews) -> list[tuple[int, tuple[str, ...]]]:
    return [(item.hit.site_id, item.fields) for item in news.items]


def test_articles_of_the_day_count_as_told(db: Database) -> None:
    assert add_watch(db, "factories", "โรงงาน", Filters()) == 2
    assert news_of(db).states == ()
    assert add_watch(db, "all", "โรงงาน", Filters(), existing=True) == 2
    assert told(news_of(db, "all")) == [(2, ()), (1, ())]


def test_new_and_changed_articles_are_told_once(store: Store, db: Database) -> None:
    add_watch(db, "factories", "โรงงาน", Filters())
    store(4, body="โรงงานแก้วเปิด")
    store(5, body="ตลาดบกเปิด")
    store(1, day=1, body="โรงงานน้ำตาลปิด", title="หัวข้อใหม่")
    news = news_of(db)
    assert told(news) == [(4, ()), (1, ("title", "body"))]
    assert (news.new, news.changed) == (1, 1)
    assert news.summary == "factories: 1 new, 1 changed"
    assert told(news_of(db)) == told(news)  # until it is confirmed
    mark_told(db, [news])
    assert news_of(db).states == ()
    assert news_of(db).summary == "factories: nothing new"
    assert find_watch(db, "factories").told_at is not None


def test_what_changed_after_the_question_was_asked_is_told_next_time(
    store: Store, db: Database
) -> None:
    add_watch(db, "factories", "โรงงาน", Filters())
    store(1, day=1, body="โรงงานน้ำตาลปิด")
    news = news_of(db)
    store(1, day=2, body="โรงงานน้ำตาลย้าย")
    mark_told(db, [news])
    assert told(news_of(db)) == [(1, ("body",))]


def test_fields_are_compared_with_the_text_that_was_told(store: Store, db: Database) -> None:
    add_watch(db, "factories", "โรงงาน", Filters())
    store(1, day=1, body="โรงงานน้ำตาลเปิด", title="ชั่วคราว")
    store(1, day=2, body="โรงงานน้ำตาลปิด")
    assert told(news_of(db)) == [(1, ("body",))]


def test_an_article_that_answers_after_an_edit_is_new(store: Store, db: Database) -> None:
    add_watch(db, "factories", "โรงงาน", Filters())
    store(3, day=1, body="ตลาดน้ำข้างโรงงาน")
    assert told(news_of(db)) == [(3, ())]


def test_an_article_that_answers_no_longer_is_not_new_when_it_does_again(
    store: Store, db: Database
) -> None:
    add_watch(db, "factories", "โรงงาน", Filters())
    store(1, day=1, body="ตลาดน้ำตาลเปิด")
    assert news_of(db).states == ()
    store(1, day=2, body="โรงงานน้ำตาลเปิด")
    assert news_of(db).items == ()


def test_an_older_version_found_later_is_not_a_change(store: Store, db: Database) -> None:
    add_watch(db, "factories", "โรงงาน", Filters())
    store(1, day=-5, body="โรงงานน้ำตาลก่อสร้าง")
    assert db.execute("SELECT revision FROM articles WHERE site_id = 1").fetchone() == (2,)
    assert news_of(db).items == ()


def test_a_fixed_parser_is_not_a_change(store: Store, db: Database) -> None:
    add_watch(db, "factories", "โรงงาน", Filters())
    for table, url in (("articles", "url"), ("captures", "article_url")):
        db.execute(
            f"UPDATE {table} SET content_hash = 'mended' "
            f"WHERE {url} = (SELECT url FROM articles WHERE site_id = 1)"
        )
    db.conn.commit()
    news = news_of(db)
    assert (news.items, len(news.states)) == ((), 1)
    mark_told(db, [news])
    assert news_of(db).states == ()
    assert find_watch(db, "factories").told_at is None
    store(1, day=1, body="โรงงานน้ำตาลปิด")
    assert told(news_of(db)) == [(1, ("body",))]


def test_questions_are_independent(store: Store, db: Database) -> None:
    add_watch(db, "factories", "โรงงาน", Filters())
    add_watch(db, "open", "เปิด", Filters())
    store(4, body="โรงงานแก้วเปิด")
    mark_told(db, [news_of(db)])
    assert told(news_of(db, "open")) == [(4, ())]
    remove_watch(db, "factories")
    assert [watch.name for watch in saved_watches(db)] == ["open"]
    assert db.execute("SELECT DISTINCT watch_id FROM watch_seen").fetchall() == [(2,)]


def test_filters_are_kept_with_their_days(db: Database) -> None:
    filters = Filters(since=date(2025, 8, 1), person="สมใจ ใจดี", ministry="industry")
    add_watch(db, "filtered", None, filters)
    watch = find_watch(db, "filtered")
    assert watch_filters(watch) == filters
    assert watch.question == "ministry industry · since 2025-08-01 · person สมใจ ใจดี"


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "\x1b[31m", "\udcff", "x" * 101])
def test_a_name_is_one_line(db: Database, name: str) -> None:
    with pytest.raises(WatchError, match="cannot name a watch"):
        add_watch(db, name, "โรงงาน", Filters())


def test_a_wrong_question_saves_nothing(db: Database) -> None:
    add_watch(db, "factories", "โรงงาน", Filters())
    with pytest.raises(WatchError, match="exists"):
        add_watch(db, "factories", "ตลาด", Filters())
    with pytest.raises(QueryError):
        add_watch(db, "empty", " ", Filters())
    with pytest.raises(WatchError, match="no watch is named 'empty'"):
        remove_watch(db, "empty")
    assert len(saved_watches(db)) == 1


def test_a_filter_of_a_newer_version_is_named(db: Database) -> None:
    add_watch(db, "factories", "โรงงาน", Filters())
    db.execute("""UPDATE watches SET filters = '{"planet": "mars"}'""")
    db.conn.commit()
    with pytest.raises(WatchError, match="'planet'"):
        news_of(db)
