"""Visits, retries and gaps, as scheduled from earlier runs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.archive import frontier as frontier_module
from scraper.archive import writer as writer_module
from scraper.archive.writer import ArchiveWriter
from scraper.clock import to_iso
from scraper.model import Incoming, Layout
from scraper.sources import PRACTICE, article_url
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def fetch(db_path: Path, command: str, number: int, outcome: str) -> None:
    """Add a run that fetched one article and ended with an outcome."""
    writer = ArchiveWriter(db_path, command, {})
    (stored,) = writer.capture([Incoming(make_capture(number))])
    writer.save([make_page(stored, make_article(number))])
    writer.close(outcome, 0)


@pytest.mark.parametrize(
    ("runs", "numbers"),
    [
        ([("crawl latest", 1, "done")], {1}),
        ([("crawl latest", 1, "stopped")], set()),
        ([("crawl latest", 1, "done"), ("crawl latest", 2, "failed")], {1}),
        ([("crawl latest", 1, "stopped"), ("crawl latest", 2, "done")], {1, 2}),
        ([("import corpus", 1, "stopped"), ("crawl latest", 2, "blocked")], {1}),
        ([("crawl latest", 1, "stopped"), ("crawl numbers", 1, "done")], {1}),
    ],
)
def test_articles_of_runs_that_left_no_gap_are_known(
    db_path: Path, runs: list[tuple[str, int, str]], numbers: set[int]
) -> None:
    for command, number, outcome in runs:
        fetch(db_path, command, number, outcome)
    with ArchiveWriter(db_path, "crawl latest", {}) as writer:
        found = {
            number
            for number in (1, 2, 3)
            if writer.frontier.in_completed_run(article_url(PRACTICE, Layout.CONTENTS, number))
        }
    assert found == numbers


MORNING = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], datetime]:
    """Return a function that sets the clock to some days after a morning."""

    def set_clock(days: float) -> datetime:
        moment = MORNING + timedelta(days=days)
        for module in (frontier_module, writer_module):
            monkeypatch.setattr(module, "now", lambda: moment)
        return moment

    return set_clock


def visit(writer: ArchiveWriter, number: int, moment: datetime, *, shown: bool = True) -> None:
    """Store a visit to an article's page, with or without the article."""
    body = b"article" if shown else b"nothing here"
    capture = make_capture(number, body, fetched_at=moment)
    article = make_article(number, published_on=MORNING.date()) if shown else None
    (stored,) = writer.capture([Incoming(capture)])
    writer.save([make_page(stored, article)])


def url_of(number: int) -> str:
    return article_url(PRACTICE, Layout.CONTENTS, number)


def test_visits_follow_the_schedule_and_then_end(
    db_path: Path, at: Callable[[float], datetime]
) -> None:
    at(0)
    visited = []
    with ArchiveWriter(db_path, "crawl latest", {}) as writer:
        writer.frontier.follow([url_of(1)])
        for day in range(40):
            moment = at(day + (day % 3) / 24 - 1 / 24)  # a daily run, never at the same hour
            if writer.frontier.due(PRACTICE):
                visit(writer, 1, moment)
                visited.append(day)
        (state,) = writer.db.execute("SELECT state FROM frontier").fetchone()
    assert visited == [0, 1, 3, 7, 14, 30]
    assert state == "done"


def test_visits_that_were_due_while_no_crawl_ran_are_skipped(
    db_path: Path, at: Callable[[float], datetime]
) -> None:
    at(0)
    with ArchiveWriter(db_path, "crawl latest", {}) as writer:
        writer.frontier.follow([url_of(1)])
        visited = []
        for day in (0, 5, 6, 7, 20, 21, 22, 29, 30):
            moment = at(day)
            if writer.frontier.due(PRACTICE):
                visit(writer, 1, moment)
                visited.append(day)
    assert visited == [0, 5, 7, 20, 30]


def test_an_article_is_gone_after_two_missing_visits_far_apart(
    db_path: Path, at: Callable[[float], datetime]
) -> None:
    def gone_at() -> str | None:
        (moment,) = writer.db.execute("SELECT gone_at FROM articles").fetchone()
        return moment  # type: ignore[no-any-return]

    with ArchiveWriter(db_path, "crawl latest", {}) as writer:
        visit(writer, 1, at(0))
        first = at(1)
        visit(writer, 1, first, shown=False)
        visit(writer, 1, at(1.1), shown=False)  # the same outage, perhaps
        assert gone_at() is None
        at(1.9)
        assert not writer.frontier.due(PRACTICE)
        at(2.1)
        assert [visit.url for visit in writer.frontier.due(PRACTICE)] == [url_of(1)]
        visit(writer, 1, at(2.1), shown=False)
        assert gone_at() == to_iso(first)
        assert writer.counts["gone"] == 1
        visit(writer, 1, at(3.1))
        assert gone_at() is None
        assert writer.db.execute("SELECT revision FROM articles").fetchone() == (1,)


def test_an_empty_number_is_followed_until_its_article_appears(
    db_path: Path, at: Callable[[float], datetime]
) -> None:
    moment = at(0)
    with ArchiveWriter(db_path, "crawl latest", {}) as writer:
        old = make_article(1, published_on=date(2026, 1, 1))
        (stored,) = writer.capture([Incoming(make_capture(1, fetched_at=moment))])
        writer.save([make_page(stored, old)])
        for number in (4, 6, 9):
            visit(writer, number, moment)
        visit(writer, 5, moment, shown=False)
        gaps = writer.frontier.gaps(PRACTICE, Layout.CONTENTS)
        assert gaps == [url_of(number) for number in (5, 7, 8)]
        writer.frontier.follow(gaps)
        visit(writer, 7, at(0.1), shown=False)
        visit(writer, 7, at(3))
        at(4)
        due = {visit.url for visit in writer.frontier.due(PRACTICE)}
    assert url_of(7) in due  # a day after its article appeared


@pytest.mark.parametrize(
    ("number", "published_on"),
    [
        (8, None),
        (8, date(2016, 3, 1)),
        (1, MORNING.date()),
        (900_000, MORNING.date()),
        (8, date(2036, 3, 1)),
    ],
    ids=["undated", "wrong year", "reused", "far ahead", "in the future"],
)
def test_an_article_out_of_order_neither_hides_nor_creates_gaps(
    db_path: Path, at: Callable[[float], datetime], number: int, published_on: date | None
) -> None:
    moment = at(0)
    with ArchiveWriter(db_path, "crawl latest", {}) as writer:
        for known in (5004, 5006):
            visit(writer, known, moment)
        odd = make_article(5000 + number if number == 8 else number, published_on=published_on)
        (stored,) = writer.capture([Incoming(make_capture(odd.site_id, fetched_at=moment))])
        writer.save([make_page(stored, odd)])
        gaps = writer.frontier.gaps(PRACTICE, Layout.CONTENTS)
    assert url_of(5005) in gaps
    assert set(gaps) <= {url_of(5005), url_of(5007)}


def test_old_articles_of_a_backfill_are_not_followed(
    db_path: Path, at: Callable[[float], datetime]
) -> None:
    moment = at(0)
    with ArchiveWriter(db_path, "crawl numbers", {}) as writer:
        (stored,) = writer.capture([Incoming(make_capture(1, fetched_at=moment))])
        writer.save([make_page(stored, make_article(1, published_on=date(2020, 1, 1)))])
        visit(writer, 2, moment)
        rows = writer.db.execute("SELECT url FROM frontier").fetchall()
    assert rows == [(url_of(2),)]
