"""The schema matches its documentation, uses its indexes, and keeps Thai marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datasette.utils import detect_fts

from scraper.dictionary import dictionary
from scraper.model import Incoming
from tests.archive.reference import PAGE, written
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.archive.writer import ArchiveWriter


def test_every_table_view_and_column_is_documented(writer: ArchiveWriter) -> None:
    internal = re.compile(r"^_|_fts(_|$)")
    built = {
        name: [column.name for column in writer.db[name].columns]
        for name in (*writer.db.table_names(), *writer.db.view_names())
        if not internal.search(name)
    }
    assert {name: list(entry.columns) for name, entry in dictionary().items()} == built


def test_the_page_is_up_to_date() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert written(text) == text, "run `python -m tests.archive.reference`"


def test_the_page_is_written_whole() -> None:
    """Parts that somebody deleted or edited by hand come back."""
    text = PAGE.read_text(encoding="utf-8")
    cleared = re.sub(
        r"(<!-- (?:tables|views) -->).*?(?=<!-- end -->)", r"\1\n", text, flags=re.DOTALL
    )
    assert "## articles" not in cleared
    assert written(cleared) == text


def test_counting_by_ministry_and_month_uses_an_index(writer: ArchiveWriter) -> None:
    plan = writer.db.execute(
        "EXPLAIN QUERY PLAN SELECT count(*) FROM articles "
        "WHERE ministry = 'industry' AND published_on >= '2025-01-01'"
    ).fetchall()
    assert "articles_by_ministry" in str(plan)


def test_the_word_index_keeps_thai_marks(writer: ArchiveWriter) -> None:
    """FTS5's defaults treat vowel signs as separators: น้ำ would be indexed as น."""
    writer.db.execute("PRAGMA foreign_keys = OFF")
    writer.db.execute("INSERT INTO article_words VALUES (1, 'น้ำ ปี ที่ ABC', 'test')")
    terms = writer.db.execute(
        "SELECT highlight(article_words_fts, 0, '[', ']') FROM article_words_fts "
        "WHERE article_words_fts MATCH ?",
        ["ปี"],
    ).fetchall()
    assert terms == [("น้ำ [ปี] ที่ ABC",)]
    writer.db.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(article_words_fts, row)")
    assert [term for (term,) in writer.db.execute("SELECT term FROM terms ORDER BY 1")] == [
        "abc",
        "ที่",
        "น้ำ",
        "ปี",
    ]


def test_other_tools_find_the_text_index(writer: ArchiveWriter) -> None:
    """Datasette shows a search box, and ``sqlite-utils search`` works."""
    assert writer.db.table("articles").detect_fts() == "articles_fts"
    assert detect_fts(writer.db.conn, "articles") == "articles_fts"
    (stored,) = writer.capture([Incoming(make_capture())])
    writer.save([make_page(stored, make_article(title="โรงงานน้ำตาล"))])
    found = writer.db.table("articles").search('"งานน้ำ"', columns=["title"])
    assert list(found) == [{"title": "โรงงานน้ำตาล"}]


def test_posts_of_people_are_read_in_the_order_of_an_index(writer: ArchiveWriter) -> None:
    """The view sorted all mentions for the first page; plain Datasette asks for it five times."""
    for sql in (
        "SELECT * FROM people_posts LIMIT 51",
        "SELECT * FROM people_posts WHERE person = 1",
        "SELECT count(*) FROM people_posts",
    ):
        plan = str(writer.db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall())
        assert "person_mentions_by_post" in plan
        assert "FOR GROUP BY" not in plan
