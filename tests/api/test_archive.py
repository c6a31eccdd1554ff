"""An archive opened from Python: search, articles and SQL, read-only."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing, suppress
from dataclasses import fields
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import api
from scraper.api import Passage, open_archive
from scraper.facts import KINDS
from tests.api.small_archive import BODY, NUMBER, OTHER, OTHER_TITLE, TITLE, write_archive
from tests.commands import thaigov_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.api import OpenArchive

FILTER_NAMES = (
    "ministry", "agency", "person", "province", "category", "tag", "since", "until", "after",
)  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library") / "news.db"
    write_archive(path)
    return path


@pytest.fixture
def archive(path: Path) -> Iterator[OpenArchive]:
    with open_archive(path) as archive:
        yield archive


# --- search ------------------------------------------------------------------------------------


def test_a_search_finds_what_the_command_finds(path: Path, archive: OpenArchive) -> None:
    printed = thaigov_json("search", "โรงงาน", "--db", path)
    page = archive.search("โรงงาน")
    assert page.total == printed["total"] == 2
    assert [found.url for found in page] == [hit["url"] for hit in printed["hits"]]
    assert [found.excerpt for found in page] == [hit["snippet"]["text"] for hit in printed["hits"]]


def test_hits_are_offsets(archive: OpenArchive) -> None:
    found = archive.search("น้ำตาล").articles[0]
    assert (found.number, found.title, found.published_on) == (NUMBER, TITLE, date(2025, 8, 21))
    assert [found.title[start:end] for start, end in found.title_hits] == ["น้ำตาล"]
    found = archive.search("ศรีราชา").articles[0]
    assert [found.excerpt[start:end] for start, end in found.excerpt_hits] == ["ศรีราชา"]


@pytest.mark.parametrize(
    "filters",
    [
        {"ministry": "industry"},
        {"agency": "diw"},
        {"agency": "กรอ."},
        {"agency": "กรมโรงงานอุตสาหกรรม"},
        {"person": "สมใจ ใจดี"},
        {"province": "TH-20"},
        {"province": "ชลบุรี"},
        {"until": date(2025, 8, 21)},
        {"until": datetime(2025, 8, 21, 12, tzinfo=UTC)},
        {"until": "21/8/68"},
        {"since": "ปีงบประมาณ 2568", "until": "21 ส.ค. 2568"},
    ],
    ids=str,
)
def test_filters_choose_articles(archive: OpenArchive, filters: dict[str, Any]) -> None:
    assert [found.number for found in archive.search(**filters)] == [NUMBER]
    assert [found.number for found in archive.search("โรงงาน", **filters)] == [NUMBER]


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"ministry": "nonsense"}, "not a ministry; there are"),
        ({"ministry": ""}, "not a ministry"),
        ({"agency": "ไม่มี"}, "not an agency"),
        ({"agency": ""}, "not an agency"),
        ({"province": "ไม่มี"}, "not a province"),
        ({"since": "เมื่อวาน"}, "เมื่อวาน"),
        ({"since": ""}, "date"),
        ({"since": "2569", "until": "2568"}, "swap the two dates"),
        ({"limit": 0}, "limit must be 1 or more"),
        ({"offset": -1}, "offset 0 or more"),
    ],
    ids=str,
)
def test_a_wrong_filter_is_named(
    archive: OpenArchive, filters: dict[str, Any], message: str
) -> None:
    with pytest.raises(api.FilterError, match=message):
        archive.search(**filters)


def test_pages_follow_each_other(archive: OpenArchive) -> None:
    first = archive.search(limit=1)
    second = archive.search(limit=1, after=first.next)
    assert [found.number for found in (*first, *second)] == [OTHER, NUMBER]
    assert (len(first), first.total, second.next) == (1, 2, None)
    assert [found.number for found in archive.search(limit=1, offset=1)] == [NUMBER]
    assert len(archive.search(limit=None)) == 2


WORDS = st.text(max_size=12) | st.sampled_from(
    ["โรงงาน", "=โรง", "(", '"', "\ud800", "ก OR", "NOT", "2568", "กรอ.", "ชลบุรี", "\0"]
)


@given(query=WORDS, name=st.sampled_from(FILTER_NAMES), value=WORDS)
def test_any_string_is_answered_or_refused(path: Path, query: str, name: str, value: str) -> None:
    filters: dict[str, Any] = {name: value}
    with open_archive(path) as archive:
        for ask in (
            lambda: archive.search(query).total,
            lambda: archive.search(None, **filters).total,
            lambda: archive.article(value),
            lambda: list(archive.rows(query, [value])),
        ):
            with suppress(api.ReportedError):
                ask()


def test_numbers_may_be_of_any_size(archive: OpenArchive) -> None:
    assert len(archive.search(limit=10**30)) == 2
    assert len(archive.search(offset=10**30)) == 0
    with pytest.raises(api.ArticleNotFoundError):
        archive.article(10**30)
    with pytest.raises(api.SqlError, match="cannot be stored"):
        archive.rows("SELECT ?", [10**30])


@pytest.mark.parametrize("query", ["", "   "])
def test_an_empty_query_is_refused(archive: OpenArchive, query: str) -> None:
    with pytest.raises(api.QueryError):
        archive.search(query)


# --- articles ----------------------------------------------------------------------------------


def test_an_article_has_its_facts(archive: OpenArchive) -> None:
    article = archive.article(NUMBER)
    assert (article.title, article.ministry) == (TITLE, "industry")
    assert f"{article.body}\n{article.tail}" == BODY
    assert article.published_on == date(2025, 8, 21)
    assert article.first_seen_at.tzinfo == UTC
    assert article.gone_at is None
    assert article.ministries == ("industry",)
    assert [(p.name, p.title, p.agency) for p in article.people] == [("สมใจ ใจดี", "นาย", "diw")]
    assert {a.agency for a in article.agencies} == {"diw"}
    assert [(d.start_on, d.start_time, d.end_time) for d in article.dates][:1] == [
        (date(2025, 8, 20), time(9), time(23, 59))
    ]
    assert {p.province for p in article.places} == {"TH-20"}
    assert [(m.low, m.approximate) for m in article.money] == [(1_500_000.0, True)]
    assert [law.name for law in article.laws] == ["พระราชบัญญัติโรงงาน พ.ศ. 2535"]
    assert [programme.name for programme in article.programmes] == ["โรงงานใส่ใจ"]
    assert [contact.value for contact in article.contacts] == ["024306000"]


def test_passages_are_slices_of_their_fields(archive: OpenArchive) -> None:
    article = archive.article(NUMBER)
    passages = [
        passage
        for entry in fields(article)
        if isinstance(value := getattr(article, entry.name), tuple)
        for passage in value
        if isinstance(passage, Passage)
    ]
    assert len(passages) >= 8
    for passage in passages:
        assert passage.field is not None
        text = getattr(article, passage.field)
        assert text[passage.start : passage.end] == passage.text


def test_an_event_of_an_article(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    write_archive(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM events")
        db.execute(
            "INSERT INTO events (article_id, start_on, end_on, start_time, end_time, province, "
            "confidence) SELECT id, '2025-08-20', '2025-08-20', '09:00', '24:00', 'TH-20', 0.5 "
            "FROM articles WHERE site_id = ?",
            [NUMBER],
        )
    with open_archive(path) as archive:
        (event,) = archive.article(NUMBER).events
    assert (event.start_on, event.start_time, event.end_time) == (
        date(2025, 8, 20), time(9), time(23, 59),
    )  # fmt: skip
    assert (event.province, event.led_by) == ("TH-20", None)


def test_an_article_is_found_by_any_address(archive: OpenArchive) -> None:
    article = archive.article(NUMBER)
    for address in (str(NUMBER), article.url, article.url.replace("https", "http")):
        assert archive.article(address) == article


def test_details_are_what_show_prints(path: Path, archive: OpenArchive) -> None:
    details = dict(archive.article(NUMBER).details)
    assert details == thaigov_json("show", str(NUMBER), "--db", path)
    assert {kind.name for kind in KINDS} <= set(details)


@pytest.mark.parametrize("address", [1, "1", "https://www.thaigov.go.th/", "โรงงาน", ""])
def test_an_unknown_article(archive: OpenArchive, address: int | str) -> None:
    with pytest.raises(api.ArticleNotFoundError, match="has no article"):
        archive.article(address)


def test_a_number_of_two_articles(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    write_archive(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "UPDATE articles SET site_id = ?, layout = 'news' WHERE site_id = ?", [NUMBER, OTHER]
        )
    with open_archive(path) as archive, pytest.raises(LookupError, match=r"2 articles .* https"):
        archive.article(NUMBER)


# --- SQL and frames ----------------------------------------------------------------------------


def test_rows_of_tables_views_and_queries(archive: OpenArchive) -> None:
    assert {row["site_id"] for row in archive.rows("articles")} == {NUMBER, OTHER}
    assert [row["name"] for row in archive.rows("people_seen")] == ["สมใจ ใจดี"]
    assert list(archive.rows("SELECT ? AS one, 2 AS two", [1])) == [{"one": 1, "two": 2}]
    assert list(archive.rows("SELECT :one AS one", {"one": 1})) == [{"one": 1}]
    index = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'ศรีราชา'"
    assert len(list(archive.rows(index))) == 1


def test_frames_have_types(archive: OpenArchive) -> None:
    frame = archive.frame("articles")
    assert str(frame.published_on.dtype) == "datetime64[s]"
    assert str(frame.first_seen_at.dtype) == "datetime64[s, UTC]"
    assert str(frame.gone_at.dtype) == "datetime64[s, UTC]"
    assert frame.gone_at.isna().all()
    assert set(frame.title) == {TITLE, OTHER_TITLE}
    assert frame.published_on.max().date() == date(2025, 8, 22)
    assert list(archive.frame("SELECT 'soon' AS due_on, 5 AS known_at").due_on) == ["soon"]


def test_moments_and_nulls_in_a_column(archive: OpenArchive) -> None:
    frame = archive.frame("SELECT NULL AS seen_at UNION ALL SELECT '2025-08-21T03:00:00Z'")
    assert list(frame.seen_at.isna()) == [True, False]
    assert frame.seen_at.iloc[1].isoformat() == "2025-08-21T03:00:00+00:00"


def test_frames_have_days_of_any_century(archive: OpenArchive) -> None:
    sql = "SELECT '1350-01-01' AS start_on UNION ALL SELECT '2500-01-01' UNION ALL SELECT NULL"
    frame = archive.frame(sql)
    assert list(frame.start_on.dt.year.dropna()) == [1350, 2500]


def test_a_query_may_name_two_columns_alike(archive: OpenArchive) -> None:
    sql = "SELECT published_on, published_on FROM articles LIMIT 1"
    assert archive.frame(sql).shape == (1, 2)


def test_frames_of_nothing(archive: OpenArchive) -> None:
    nothing = archive.frame("SELECT title, published_on, gone_at FROM articles WHERE 0")
    assert list(nothing.columns) == ["title", "published_on", "gone_at"]
    assert str(nothing.published_on.dtype) == "datetime64[s]"
    assert str(nothing.gone_at.dtype) == "datetime64[s, UTC]"
    empty = archive.search("ไม่มีคำนี้").to_frame()
    assert empty.empty
    assert "published_on" in empty.columns


def test_a_page_of_hits_as_a_frame(archive: OpenArchive) -> None:
    frame = archive.search("โรงงาน").to_frame()
    assert set(frame.number) == {NUMBER, OTHER}
    assert str(frame.published_on.dtype) == "datetime64[s]"


def test_without_pandas_the_error_says_what_to_do(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(api.PandasMissingError, match="pip install pandas"):
        archive.frame("articles")
    with pytest.raises(ImportError, match=r"rows\(\)"):
        archive.search("โรงงาน").to_frame()


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("nothing", "no table or view nothing; there are .*articles"),
        ("SELEC 1", "syntax error"),
        ("SELECT absent FROM articles", "no such column"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("SELECT ?", "binding|parameters"),
        ("SELECT * FROM articles_fts WHERE articles_fts MATCH '\"'", "unterminated|syntax"),
        ("", "only reads"),
        ("DELETE FROM articles", "only reads"),
        ("UPDATE articles SET title = ''", "only reads"),
        ("CREATE TABLE new (x)", "only reads"),
        ("DROP TABLE articles", "only reads"),
        ("ATTACH 'other.db' AS other", "only reads"),
        ("VACUUM INTO 'other.db'", "only reads"),
        ("SAVEPOINT one", "only reads"),
        ("BEGIN IMMEDIATE", "only reads"),
    ],
)  # fmt: skip
def test_sql_that_cannot_be_answered(
    path: Path, sql: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = path.read_bytes()
    with open_archive(path) as archive:
        for ask in (archive.frame, archive.rows):
            with pytest.raises(api.SqlError, match=message):
                list(ask(sql))
        assert archive.search("โรงงาน").total == 2
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == []


def test_values_of_a_query_are_not_sql(archive: OpenArchive) -> None:
    assert list(archive.rows("SELECT title FROM articles WHERE title = ?", ["' OR 1"])) == []


# --- opening and closing -----------------------------------------------------------------------


def test_only_archives_are_opened(tmp_path: Path) -> None:
    with pytest.raises(api.ArchiveError, match="no archive there"):
        open_archive(tmp_path / "absent.db")
    (tmp_path / "text.db").write_text("no database, but a long text\n" * 50)
    with pytest.raises(api.ArchiveError):
        open_archive(str(tmp_path / "text.db"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["text.db"]


def test_a_closed_archive_says_so(path: Path) -> None:
    with open_archive(path) as archive:
        rows = archive.rows("articles")
    archive.close()
    assert "closed" in repr(archive)
    for ask in (
        lambda: archive.search("โรงงาน"),
        lambda: archive.article(NUMBER),
        lambda: archive.frame("articles"),
    ):
        with pytest.raises(api.ArchiveError, match="has been closed"):
            ask()
    with pytest.raises(api.ArchiveError, match="has been closed"):
        next(rows)


def test_every_error_is_reported_by_one_base() -> None:
    errors = [getattr(api, name) for name in api.__all__ if name.endswith("Error")]
    assert len(errors) >= 6
    assert all(issubclass(error, api.ReportedError) for error in errors)


def test_every_name_exists() -> None:
    assert sorted(api.__all__) == sorted(set(api.__all__))
    assert all(getattr(api, name) for name in api.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = api.nothing
