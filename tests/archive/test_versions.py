"""Versions and removal of an article, as functions of its captures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from scraper.archive.versions import SeenVersion, expected_versions, gone_since, matches, overlap
from scraper.clock import to_iso
from tests.factories import MOMENT

URL = "https://practice.example/news/contents/details/1"
TEXT = "โรงงานแปรรูปยางพาราแห่งใหม่เปิดรับคนงานในพื้นที่เป็นครั้งแรกของปี"


def at(hour: int) -> str:
    return to_iso(MOMENT + timedelta(hours=hour))


def captures(*rows: tuple[str | None, int]) -> Database:
    """Return a database with captures in this order: hash of the text, or None if missing; hour."""
    db = Database(memory=True)
    db.table("captures").create(
        {"id": int, "article_url": str, "outcome": str, "content_hash": str, "fetched_at": str},
        pk="id",
    )
    db.table("captures").insert_all(
        {
            "article_url": URL,
            "outcome": "article" if text else "missing",
            "content_hash": text,
            "fetched_at": at(hour),
        }
        for text, hour in rows
    )
    return db


def test_versions_are_runs_of_equal_texts_in_order_of_time() -> None:
    db = captures(("b", 3), ("a", 1), (None, 4), ("a", 2), ("a", 6), ("b", 5))
    expected = [SeenVersion("a", at(1), 2), SeenVersion("b", at(3), 1), SeenVersion("a", at(6), 5)]
    assert expected_versions(db, URL) == expected
    stored = [version._asdict() for version in expected]
    assert matches(stored, expected)
    assert not matches(stored[:-1], expected)


@given(sightings=st.lists(st.tuples(st.sampled_from(["shown", None]), st.integers(1, 60))))
def test_an_article_is_gone_if_it_is_missing_for_12_hours_at_the_end(
    sightings: list[tuple[str | None, int]],
) -> None:
    """Compares the query with a model: the last hour shown, and the missing hours after it."""
    by_hour = {hour: text for text, hour in sightings}  # one capture an hour
    shown = [0, *(hour for hour, text in by_hour.items() if text)]
    missing = sorted(h for h, text in by_hour.items() if not text and h > max(shown))
    expected = missing[0] if missing and missing[-1] - missing[0] >= 12 else None
    db = captures(*((text, hour) for hour, text in by_hour.items()), ("shown", 0))
    assert gone_since(db, URL) == (expected and at(expected))


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ({"body": f"{TEXT}\n{TEXT}ก"}, {"body": TEXT}, 0.9),
        ({"body": TEXT}, {"lead": TEXT}, 1.0),
        ({"body": TEXT}, {"body": "ข่าวนี้ถูกถอนออก"}, 0.0),
        ({"body": TEXT}, {}, 0.0),
        ({}, {"body": TEXT}, 1.0),
    ],
    ids=["shortened", "moved", "replaced", "emptied", "no text before"],
)
def test_overlap_is_the_share_of_the_old_text(
    before: dict[str, Any], after: dict[str, Any], share: float
) -> None:
    empty = dict.fromkeys(("lead", "body", "tail"), "")
    assert round(overlap({**empty, **before}, {**empty, **after}), 1) == share
