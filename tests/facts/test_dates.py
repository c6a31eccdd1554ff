"""Dates as facts of an article."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.facts import Facts
from scraper.facts.dates import KIND
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.model import Article


def with_facts(**fields: Any) -> Article:
    """Return an article of these fields after the facts stage."""
    page = Facts().process_item(make_page(make_capture(), make_article(**fields)))
    assert page.article is not None
    return page.article


def test_dates_have_their_field_and_position() -> None:
    article = with_facts(
        title="ข่าววันที่ 1 มกราคม 2568",
        lead="เปิดรับถึงวันที่ 2 กันยายน 2568",
        body="ย่อหน้าแรก\nพบกันวันที่ 3 กันยายน และ 4 กันยายน 2568",
        tail="***** 20 สิงหาคม 2568",
    )
    found = [(f.field, f.mention.text, str(f.mention.start_on)) for f in article.facts["dates"]]
    assert found == [
        ("lead", "2 กันยายน 2568", "2025-09-02"),
        ("body", "3 กันยายน", "2025-09-03"),
        ("body", "4 กันยายน 2568", "2025-09-04"),
        ("tail", "20 สิงหาคม 2568", "2025-08-20"),
    ]
    for found_in, mention in ((f.field, f.mention) for f in article.facts["dates"]):
        assert getattr(article, found_in)[mention.start : mention.end] == mention.text


def test_missing_years_come_from_the_publication_date() -> None:
    for published_on, start_on in ((date(2020, 5, 1), date(2020, 5, 6)), (None, None)):
        (found,) = with_facts(body="จัดงานวันที่ 6 พฤษภาคม", published_on=published_on).facts["dates"]
        assert found.mention.start_on == start_on


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("เวลา 18.00-24.00 น.", ("18:00", "24:00")),
        ("เวลา 24.00 น.", ("23:59", None)),
        ("เวลา 18.00-23.59 น.", ("18:00", "23:59")),
    ],
)
def test_24_00_ends_a_range(hours: str, expected: tuple[str, str | None]) -> None:
    article = with_facts(body=f"เปิดงานวันที่ 6 พฤษภาคม 2568 {hours}")
    (row,) = KIND.rows(article)
    stored = dict(zip(KIND.columns, row, strict=True))
    assert (stored["start_time"], stored["end_time"]) == expected
