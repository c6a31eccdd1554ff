"""Reading stored captures again: changes are reported and stored, everything else is left alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.clean import Clean
from scraper import pages
from scraper.archive.capture_reader import CaptureReader
from scraper.archive.database import open_for_reading
from scraper.archive.opening import WARC_FOLDER
from scraper.archive.writer import ArchiveWriter
from scraper.imports.ingest import ingest
from scraper.model import Incoming, Layout, Outcome, Scope
from scraper.pages.corpus import read_corpus_page
from scraper.upkeep.reparse import CaptureSelection, ReparseReport, preview_reparse, reparse
from scraper.warc.record import digest_of
from tests.archive_dump import assert_sound, content
from tests.factories import FIRST, MOMENT, SECOND, make_corpus_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.model import Article, Capture, Page


def store(writer: ArchiveWriter, *captures: Capture) -> None:
    ingest(writer, map(Incoming, captures), workers=0)


def read_again(
    writer: ArchiveWriter, selection: CaptureSelection | None = None, examples: int = 3
) -> ReparseReport:
    groups = (selection or CaptureSelection()).groups(writer.db)
    return reparse(writer, groups, workers=0, examples=examples)


def preview(path: Path) -> ReparseReport:
    with open_for_reading(path) as db:
        captures = CaptureReader(db, path.parent / WARC_FOLDER)
        groups = CaptureSelection().groups(db)
        return preview_reparse(db, captures, groups, workers=0, examples=3)


def assert_archive_sound(writer: ArchiveWriter) -> None:
    writer._warc.close()
    assert_sound(writer.path)


def rows(writer: ArchiveWriter, sql: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = writer.db.execute(sql).fetchall()
    return found


@pytest.fixture
def change_parser(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Article], None]], None]:
    """Return a function that makes the stages change every article from now on."""
    clean = Clean.process_item

    def change_parser(change: Callable[[Article], None]) -> None:
        def process_item(self: Clean, item: Page) -> Page:
            page = clean(self, item)
            if page.article is not None:
                change(page.article)
            return page

        monkeypatch.setattr(Clean, "process_item", process_item)

    return change_parser


def new_parser(article: Article) -> None:
    article.body = article.body.replace("โรงงาน", "อาคาร")
    article.parser = "corpus/9"


def test_the_same_parser_changes_nothing(writer: ArchiveWriter) -> None:
    store(writer, make_corpus_file(1), make_corpus_file(1, SECOND, day=1), make_corpus_file(2))
    before = content(writer.path)
    writes = writer.db.conn.total_changes
    report = read_again(writer)
    # Only the row of the run is written.
    assert writer.db.conn.total_changes - writes <= 1
    assert (report.captures, report.counts["unchanged"], report.changes.fields()) == (3, 2, [])
    assert content(writer.path) == before


def test_a_dry_run_reports_what_a_run_then_does(writer: ArchiveWriter, change_parser: Any) -> None:
    store(writer, *(make_corpus_file(n) for n in range(1, 50)))
    change_parser(new_parser)
    before = content(writer.path)
    expected = preview(writer.path)
    assert content(writer.path) == before
    done = read_again(writer)
    assert expected.summary() == done.summary()
    counted = {row["field"]: row["changes"] for row in done.changes.fields()}
    assert counted == dict.fromkeys(("body", "date_mentions", "article_words", "parser"), 49)
    assert done.counts["changed"] == 49
    assert read_again(writer).changes.fields() == []
    assert_archive_sound(writer)


def test_an_example_shows_the_value_before_and_after(
    writer: ArchiveWriter, change_parser: Any
) -> None:
    store(writer, make_corpus_file(1), make_corpus_file(2))
    change_parser(lambda article: setattr(article, "category", "ด้านใหม่"))
    (category,) = read_again(writer, examples=1).changes.fields()
    assert (category["field"], category["changes"]) == ("category", 2)
    (example,) = category["examples"]
    assert example == (
        "category",
        "https://practice.example/news/contents/details/1",
        "ด้านทดลอง",
        "ด้านใหม่",
    )


def versions(writer: ArchiveWriter) -> list[tuple[Any, ...]]:
    return rows(
        writer,
        "SELECT revision, substr(body, 1, 5), parser FROM article_revisions UNION ALL "
        "SELECT revision, substr(body, 1, 5), parser FROM articles ORDER BY revision",
    )


def test_a_new_parser_rewrites_all_versions_and_adds_none(
    writer: ArchiveWriter, change_parser: Any
) -> None:
    store(writer, make_corpus_file(), make_corpus_file(sentence=SECOND, day=1))
    store(writer, make_corpus_file(sentence=SECOND + " ", day=2))  # other bytes with the same text
    assert [version[0] for version in versions(writer)] == [1, 2]
    change_parser(new_parser)
    report = read_again(writer)
    assert versions(writer) == [(1, "อาคาร", "corpus/9"), (2, "อาคาร", "corpus/9")]
    assert report.changes.counts["article_revisions"] == 1
    assert "versions" not in report.changes.counts
    assert_archive_sound(writer)


def test_versions_that_now_read_the_same_become_one(
    writer: ArchiveWriter, change_parser: Any
) -> None:
    store(writer, make_corpus_file(), make_corpus_file(sentence=SECOND, day=1), make_corpus_file(2))
    change_parser(lambda article: setattr(article, "body", "ทั้งสองหน้าพูดเรื่องเดียวกัน"))
    report = read_again(writer)
    assert [version[0] for version in versions(writer)] == [1, 1]
    assert report.changes.counts["versions"] == 1
    assert rows(
        writer, "SELECT capture_id, changed_at, last_seen_at FROM articles WHERE id = 1"
    ) == [(1, "2025-08-21T03:00:00Z", "2025-08-22T03:00:00Z")]
    assert_archive_sound(writer)


def refuse(page_number: int, day: int | None = None) -> Callable[..., None]:
    """Return a parser that rejects some pages."""

    def refusing(page: Page, text: str) -> None:
        if page.capture.url.endswith(f"/{page_number}") and (
            day is None or page.capture.fetched_at == MOMENT + timedelta(days=day)
        ):
            page.outcome = Outcome.UNPARSED
            page.add_problem("corpus", "refused", "a test says so")
        else:
            read_corpus_page(page, text)

    return refusing


def test_an_article_that_no_parser_reads_any_more_is_kept(
    writer: ArchiveWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(writer, make_corpus_file(1), make_corpus_file(2))
    before = content(writer.path)["articles"]
    monkeypatch.setattr(pages, "read_corpus_page", refuse(1))
    report = read_again(writer)
    assert content(writer.path)["articles"] == before
    assert report.kept == ["https://practice.example/news/contents/details/1"]
    assert report.changes.counts == {"outcome article → unparsed": 1, "problem corpus/refused": 1}
    again = read_again(writer)
    assert (again.kept, again.changes.fields()) == (report.kept, [])
    monkeypatch.undo()
    back = read_again(writer, CaptureSelection(outcome=Outcome.UNPARSED))
    assert back.captures == 1
    assert back.changes.counts == {"outcome unparsed → article": 1, "problem corpus/refused": 1}
    assert_archive_sound(writer)


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_one_unparsed_capture_among_others_makes_no_revision(
    writer: ArchiveWriter, monkeypatch: pytest.MonkeyPatch, change_parser: Any, lost: int
) -> None:
    store(writer, *(make_corpus_file(sentence=FIRST + " " * day, day=day) for day in range(3)))
    assert [version[0] for version in versions(writer)] == [1]
    change_parser(new_parser)
    monkeypatch.setattr(pages, "read_corpus_page", refuse(1, day=lost))
    read_again(writer)
    assert versions(writer) == [(1, "อาคาร", "corpus/9")]
    assert read_again(writer).changes.fields() == []


def test_an_unparsed_version_keeps_its_text(
    writer: ArchiveWriter, monkeypatch: pytest.MonkeyPatch, change_parser: Any
) -> None:
    store(writer, make_corpus_file(), make_corpus_file(sentence=SECOND, day=1))
    monkeypatch.setattr(pages, "read_corpus_page", refuse(1, day=0))
    change_parser(new_parser)
    read_again(writer)
    assert versions(writer) == [(1, "โรงงา", "corpus/2"), (2, "อาคาร", "corpus/9")]


def test_unparsed_and_unread_captures_become_articles(
    writer: ArchiveWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "read_corpus_page", refuse(1))
    store(writer, make_corpus_file(1))
    writer.capture([Incoming(make_corpus_file(2))])  # and one that no run has read
    monkeypatch.undo()
    report = read_again(writer)
    assert report.counts["new"] == 2
    assert set(report.changes.counts) == {
        "article",
        "outcome unparsed → article",
        "outcome waiting → article",
        "problem corpus/refused",
    }
    assert_archive_sound(writer)


@pytest.mark.parametrize(
    ("selection", "read"),
    [
        (CaptureSelection(numbers=(2, 3)), 2),
        (CaptureSelection(layout=Layout.NEWS), 0),
        (CaptureSelection(layout=Layout.CONTENTS), 5),
        (CaptureSelection(since=date(2025, 8, 23)), 2),  # all captures of that day's article
        (CaptureSelection(outcome=Outcome.MISSING), 0),
        (CaptureSelection(ids=frozenset({4})), 2),
    ],
)
def test_a_selection_reads_whole_articles(
    writer: ArchiveWriter, selection: CaptureSelection, read: int
) -> None:
    store(writer, *(make_corpus_file(n) for n in range(1, 5)), make_corpus_file(4, SECOND, day=2))
    assert read_again(writer, selection).captures == read


def test_damaged_captures_are_reported_and_their_text_is_kept(
    writer: ArchiveWriter, change_parser: Any
) -> None:
    store(writer, make_corpus_file(1), make_corpus_file(2))
    writer._warc.close()
    (place,) = rows(writer, "SELECT warc_file, warc_offset FROM captures WHERE id = 1")
    path = writer.path.parent / WARC_FOLDER / place[0]
    data = bytearray(path.read_bytes())
    data[place[1] + 200] ^= 1
    path.write_bytes(data)
    change_parser(new_parser)
    first, second = read_again(writer), read_again(writer)
    assert first.damaged == second.damaged
    assert str(path) in first.damaged[0]
    assert first.changes.counts["problem captures/unreadable-record"] == 1
    assert second.changes.fields() == []
    assert writer.verdict() == ("unmet", 3)
    assert [version[1] for version in versions(writer)] == ["โรงงา", "อาคาร"]


def test_a_narrower_scope_keeps_stored_articles(writer: ArchiveWriter) -> None:
    store(writer, make_corpus_file(1))
    groups = CaptureSelection().groups(writer.db)
    report = reparse(writer, groups, scope=Scope.INDUSTRY, workers=0)
    assert report.changes.counts == {"outcome article → out_of_scope": 1}
    assert len(report.kept) == 1
    assert rows(writer, "SELECT count(*) FROM articles") == [(1,)]


def test_captures_out_of_scope_stay_out_of_scope(
    db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArchiveWriter(db_path, "test", {}, scope=Scope.INDUSTRY) as writer:
        store(writer, make_corpus_file(1))
        monkeypatch.setattr(pages, "read_corpus_page", refuse(2))
        store(writer, make_corpus_file(2))
        monkeypatch.undo()
    with ArchiveWriter(db_path, "test", {}) as writer:
        monkeypatch.setattr(pages, "read_corpus_page", refuse(3))
        store(writer, make_corpus_file(3))
        monkeypatch.undo()
        report = read_again(writer)
        assert {name for name in report.changes.counts if name.startswith("outcome")} == {
            "outcome unparsed → out_of_scope",
            "outcome unparsed → article",
        }
        assert rows(writer, "SELECT site_id FROM articles") == [(3,)]
        groups = CaptureSelection().groups(writer.db)
        assert reparse(writer, groups, scope=Scope.ALL, workers=0).counts["new"] == 2


def test_the_result_does_not_depend_on_the_order_of_arrival(writer: ArchiveWriter) -> None:
    captures = [make_corpus_file(day=day) for day in range(3)]
    for day, capture in enumerate(captures):  # the category is in the file's name
        named = capture.model_copy(update={"source": f"data/2025/08/21/ด้าน {day}_1.txt"})
        body = capture.body + b" " * day
        captures[day] = named.model_copy(update={"body": body, "digest": digest_of(body)})
    for day in (1, 2, 0):
        store(writer, captures[day])
    assert rows(writer, "SELECT category, capture_id FROM articles") == [("ด้าน 0", 3)]
    assert read_again(writer).changes.fields() == []
