"""When addresses are requested again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scraper.archive.visit_schedule import SLACK, VISIT_DELAYS, next_visit, retry_delay

FOUND = datetime(2025, 8, 21, 4, 17, tzinfo=UTC)


def test_visits_that_were_due_while_no_crawl_ran_are_skipped() -> None:
    first, second, *_, last = VISIT_DELAYS
    assert next_visit(FOUND, FOUND) == FOUND + first
    assert next_visit(FOUND, FOUND + first - SLACK) == FOUND + second
    assert next_visit(FOUND, FOUND + timedelta(days=20)) == FOUND + last
    assert next_visit(FOUND, FOUND + last) is None


@pytest.mark.parametrize(
    ("attempts", "days"), [(1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (20, 8)]
)
def test_an_address_that_keeps_failing_is_retried_less_often(attempts: int, days: int) -> None:
    assert retry_delay(attempts) == timedelta(days=days)
