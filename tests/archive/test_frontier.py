"""What a crawl asks the archive about the runs before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.archive.captures import Incoming
from scraper.archive.session import Session
from scraper.model import Layout
from scraper.sources import PRACTICE, article_url
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from pathlib import Path


def fetch(db_path: Path, command: str, number: int, outcome: str) -> None:
    """Leave a run behind that fetched one article and ended with an outcome."""
    session = Session(db_path, command, {})
    (stored,) = session.capture([Incoming(make_capture(number))])
    session.save([make_page(stored, make_article(number))])
    session.close(outcome, 0)


@pytest.mark.parametrize(
    ("runs", "settled"),
    [
        ([("crawl latest", 1, "done")], {1}),
        ([("crawl latest", 1, "stopped")], set()),
        ([("crawl latest", 1, "done"), ("crawl latest", 2, "failed")], {1}),
        ([("crawl latest", 1, "stopped"), ("crawl latest", 2, "done")], {1, 2}),
        ([("import corpus", 1, "stopped"), ("crawl latest", 2, "blocked")], {1}),
        ([("crawl latest", 1, "stopped"), ("crawl numbers", 1, "done")], {1}),
    ],
)
def test_ground_is_settled_by_runs_that_came_to_their_end(
    db_path: Path, runs: list[tuple[str, int, str]], settled: set[int]
) -> None:
    for command, number, outcome in runs:
        fetch(db_path, command, number, outcome)
    with Session(db_path, "crawl latest", {}) as session:
        known = {
            number
            for number in (1, 2, 3)
            if session.frontier.is_settled(article_url(PRACTICE, Layout.CONTENTS, number))
        }
    assert known == settled
