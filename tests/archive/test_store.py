"""Articles, revisions and both indexes after pages were saved in any order."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.archive.writer import ArchiveWriter
from scraper.facts.dates import FieldDate
from scraper.model import (
    AgencyMentions,
    Article,
    Attachment,
    Incoming,
    MinistryScore,
    Outcome,
    Scope,
    TextField,
)
from scraper.thai.dates.date_mention import DateMention
from tests.factories import MOMENT, make_article, make_capture, make_page

if TYPE_CHECKING:
    from pathlib import Path

DAY = timedelta(days=1)


def save(
    writer: ArchiveWriter, article: Article | None, seen_at: datetime = MOMENT, **page: Any
) -> str:
    """Capture and save one article; return the name of the count that grew."""
    before = dict(writer.counts)
    number = 1 if article is None else article.site_id
    body = repr((article, seen_at)).encode()
    capture = make_capture(number, body=body, fetched_at=seen_at)
    (stored,) = writer.capture([Incoming(capture)])
    writer.save([make_page(stored, article, **page)])
    results = ("new", "changed", "unchanged", "missing", "out_of_scope", "unparsed", "blocked")
    (result,) = (n for n in results if writer.counts[n] != before.get(n, 0))
    return result


def one(writer: ArchiveWriter, sql: str, *values: Any) -> tuple[Any, ...]:
    row: tuple[Any, ...] = writer.db.execute(sql, values).fetchone()
    return row


def assert_intact(writer: ArchiveWriter) -> None:
    """Fail unless both indexes agree with their tables and every foreign key holds."""
    for index in ("articles_fts", "article_words_fts"):
        writer.db.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
    assert writer.db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert writer.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_new_article_has_all_its_rows(writer: ArchiveWriter) -> None:
    mention = DateMention(
        start=3,
        end=9,
        text="วันนี้",
        start_on=date(2025, 8, 20),
        end_on=date(2025, 8, 21),
        start_time=time(9, 30),
        inferred=True,
        flags=("a", "b"),
    )
    article = make_article(
        lead="บทนำ",
        tail="#ดีพร้อม",
        hashtags=("ดีพร้อม",),
        attachments=(Attachment(kind="image", url="https://practice.example/ก ข#1.jpg"),),
        links=("https://practice.example/news/contents/details/9",),
        dates=(FieldDate(field=TextField.BODY, mention=mention),),
        ministries=(
            MinistryScore(ministry="industry", score=9, evidence=("กสอ.", "ดีพร้อม")),
            MinistryScore(ministry="finance", score=5, evidence=("ธพว.",)),
        ),
        agencies=(AgencyMentions(agency="diprom", mentions=3, evidence=("title: กสอ. ×1", "…")),),
    )
    assert save(writer, article) == "new"
    query = writer.db.query
    (row,) = query("SELECT * FROM articles")
    assert row["ministry"] == "industry"
    assert (row["revision"], row["first_seen_at"], row["last_seen_at"], row["changed_at"]) == (
        1,
        *["2025-08-21T03:00:00Z"] * 3,
    )
    assert list(query("SELECT * FROM date_mentions")) == [
        {
            "article_id": 1,
            "position": 3,
            "field": "body",
            "text": "วันนี้",
            "start_on": "2025-08-20",
            "end_on": "2025-08-21",
            "start_time": "09:30",
            "end_time": None,
            "precision": "day",
            "inferred": 1,
            "flags": "a b",
        }
    ]
    assert one(writer, "SELECT tag FROM hashtags") == ("ดีพร้อม",)
    assert one(writer, "SELECT evidence FROM article_ministries WHERE ministry = 'industry'") == (
        "กสอ.; ดีพร้อม",
    )
    assert one(writer, "SELECT * FROM article_agencies") == (1, "diprom", 3, "title: กสอ. ×1; …")
    assert one(writer, "SELECT words, engine FROM article_words") == ("ย่อหน้า แรก", "test")
    assert one(writer, "SELECT outcome FROM captures") == ("article",)
    assert one(writer, "SELECT count(*) FROM industry_articles") == (1,)
    assert_intact(writer)


def test_an_unchanged_article_only_updates_last_seen_at(writer: ArchiveWriter) -> None:
    save(writer, make_article())
    (before,) = writer.db.query("SELECT * FROM articles")
    assert save(writer, make_article(), MOMENT + DAY) == "unchanged"
    (after,) = writer.db.query("SELECT * FROM articles")
    assert after == {**before, "last_seen_at": "2025-08-22T03:00:00Z"}


def test_a_changed_text_is_a_revision_and_is_found_by_its_new_words(writer: ArchiveWriter) -> None:
    save(writer, make_article(body="ข้อความเดิม", words=("เดิม",)))
    assert save(writer, make_article(body="ข้อความใหม่", words=("ใหม่",)), MOMENT + DAY) == "changed"
    (row,) = writer.db.query("SELECT revision, body, changed_at, first_seen_at FROM articles")
    assert row == {
        "revision": 2,
        "body": "ข้อความใหม่",
        "changed_at": "2025-08-22T03:00:00Z",
        "first_seen_at": "2025-08-21T03:00:00Z",
    }
    assert one(writer, "SELECT revision, body, seen_at FROM article_revisions") == (
        1,
        "ข้อความเดิม",
        "2025-08-21T03:00:00Z",
    )
    for index, old, new in (("articles_fts", "เดิม", "ใหม่"), ("article_words_fts", "เดิม", "ใหม่")):
        sql = f"SELECT count(*) FROM {index} WHERE {index} MATCH ?"
        assert (one(writer, sql, old), one(writer, sql, new)) == ((0,), (1,))
    assert_intact(writer)


def test_a_corrected_parser_creates_no_revision(writer: ArchiveWriter) -> None:
    (stored,) = writer.capture([Incoming(make_capture())])
    writer.save([make_page(stored, make_article(title="หัวข้อผิด"))])
    writer.save([make_page(stored, make_article(title="หัวข้อถูก", parser="contents/2"))])
    assert one(writer, "SELECT title, revision, parser FROM articles") == (
        "หัวข้อถูก",
        1,
        "contents/2",
    )
    assert one(writer, "SELECT count(*) FROM article_revisions") == (0,)
    assert_intact(writer)


TEXTS_BY_DAY = ("ก", "ข", "ข", "ก", "ค")  # shown on five days


@pytest.mark.parametrize("order", list(permutations(range(5)))[::7])
def test_versions_do_not_depend_on_the_order_of_arrival(
    writer: ArchiveWriter, order: tuple[int, ...]
) -> None:
    for day in order:
        save(writer, make_article(body=f"ข้อความ {TEXTS_BY_DAY[day]}"), MOMENT + day * DAY)
    versions = writer.db.execute(
        "SELECT revision, body, seen_at FROM article_revisions "
        "UNION ALL SELECT revision, body, changed_at FROM articles ORDER BY revision"
    ).fetchall()
    assert versions == [
        (1, "ข้อความ ก", "2025-08-21T03:00:00Z"),
        (2, "ข้อความ ข", "2025-08-22T03:00:00Z"),
        (3, "ข้อความ ก", "2025-08-24T03:00:00Z"),
        (4, "ข้อความ ค", "2025-08-25T03:00:00Z"),
    ]
    assert one(writer, "SELECT first_seen_at, last_seen_at FROM articles") == (
        "2025-08-21T03:00:00Z",
        "2025-08-25T03:00:00Z",
    )
    assert_intact(writer)


def test_a_page_without_an_article_is_kept_with_its_problems(writer: ArchiveWriter) -> None:
    (stored,) = writer.capture([Incoming(make_capture())])
    page = make_page(stored, None, outcome=Outcome.UNPARSED)
    page.add_problem("contents", "no-article-block", "expected one, found none")
    writer.save([page])
    writer.save([page])  # read again: the problem is not repeated
    assert one(writer, "SELECT outcome FROM captures") == ("unparsed",)
    assert writer.db.execute("SELECT capture_id, stage, kind FROM problems").fetchall() == [
        (1, "contents", "no-article-block")
    ]


def test_of_an_article_out_of_scope_only_the_capture_is_kept(db_path: Path) -> None:
    with ArchiveWriter(db_path, "test", {}, scope=Scope.INDUSTRY) as writer:
        second = MinistryScore(ministry="industry", score=6, evidence=("ก",))
        first = MinistryScore(ministry="finance", score=9, evidence=("ข",))
        assert save(writer, make_article(1, ministries=(first,))) == "out_of_scope"
        assert save(writer, make_article(2, ministries=(first, second))) == "new"
        assert writer.db.execute("SELECT outcome FROM captures ORDER BY id").fetchall() == [
            ("out_of_scope",),
            ("article",),
        ]


def test_same_body_under_two_numbers_is_linked_not_merged(writer: ArchiveWriter) -> None:
    for number, body in ((1, "เนื้อ ความ"), (2, "เนื้อความ"), (3, "อีกเรื่อง"), (4, "")):
        save(writer, make_article(number, body=body))
    save(writer, make_article(5, body=""))
    assert writer.db.execute("SELECT article_id, duplicate_of FROM duplicates").fetchall() == [
        (2, 1)
    ]
    assert one(writer, "SELECT count(*) FROM articles") == (5,)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.text("กขค่ำ 1๑\n\u200b", max_size=12), st.integers(0, 4)),
        max_size=12,
    )
)
def test_indexes_stay_correct_whatever_is_saved(
    writer: ArchiveWriter, saves: list[tuple[int, str, int]]
) -> None:
    for number, text, day in saves:
        article = make_article(number, title=text, body=text, words=tuple(text.split()))
        save(writer, article, MOMENT + day * DAY)
    assert_intact(writer)


OTHER = "โรงงานแปรรูปยางพาราแห่งใหม่เปิดรับคนงานในพื้นที่เป็นครั้งแรกของปี"


@pytest.mark.parametrize(
    ("title", "body", "flagged"),
    [
        ("หัวข้ออื่น", OTHER, True),
        ("หัวข้อข่าวที่ 1", OTHER, False),  # a new text under the same headline is an edit
        ("หัวข้ออื่น", f"{make_article().body}\n{OTHER}", False),  # all of the text stayed
    ],
)
def test_a_reused_number_is_reported(
    writer: ArchiveWriter, title: str, body: str, flagged: bool
) -> None:
    save(writer, make_article())
    assert save(writer, make_article(title=title, body=body), MOMENT + DAY) == "changed"
    found = writer.db.execute("SELECT title_before, title_after FROM possible_reuse").fetchall()
    assert found == ([("หัวข้อข่าวที่ 1", title)] if flagged else [])
    problems = writer.db.execute("SELECT url, kind, capture_id FROM problems").fetchall()
    assert problems == ([(make_article().url, "possible-reuse", None)] if flagged else [])


def test_every_revision_has_the_share_of_text_that_was_kept(writer: ArchiveWriter) -> None:
    texts = [f"{OTHER}\n{OTHER}ก", f"{OTHER}", "ข่าวนี้ถูกถอนออก", ""]
    for day, body in enumerate(texts):
        save(writer, make_article(body=body), MOMENT + day * DAY)
    rows = writer.db.execute("SELECT kept FROM article_revisions ORDER BY revision").fetchall()
    assert [round(kept, 1) for (kept,) in rows] == [0.9, 0.0, 0.0]
