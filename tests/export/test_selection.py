"""Which articles are exported, in which order, and with which people."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.database import open_for_reading
from scraper.export import selection as module
from scraper.export.selection import ExportQuery, Selection
from scraper.search.engine import Filters

if TYPE_CHECKING:
    from pathlib import Path


def numbers(db: Path, query: ExportQuery) -> list[int]:
    with open_for_reading(db) as archive:
        selection = Selection(archive, query)
        return [
            a["site_id"] for batch in selection.batches() for a in selection.article_rows(batch)
        ]


def test_articles_come_in_order_of_publication_those_without_a_day_last(sample: Path) -> None:
    assert numbers(sample, ExportQuery()) == [5, 3, 9, 7]


QUERIES: list[tuple[dict[str, Any], list[int]]] = [
    ({"text": "โรงงาน"}, [3]),
    ({"text": "สูตร OR โรงงาน"}, [5, 3]),
    ({"numbers": (4, 7)}, [5, 7]),
    ({"filters": Filters(ministry="labour")}, [3]),
    ({"filters": Filters(agency="diw")}, [3]),
    ({"filters": Filters(tag="อ้อย")}, [5]),
    ({"filters": Filters(category="ด้านเศรษฐกิจ")}, [5]),
    ({"filters": Filters(since=date(2025, 1, 1))}, [3, 9]),
    ({"filters": Filters(until=date(2024, 12, 31))}, [5]),
    ({"text": "words", "filters": Filters(since=date(2025, 1, 1)), "numbers": (9, 9)}, [9]),
]


@pytest.mark.parametrize(("query", "found"), QUERIES)
def test_filters(sample: Path, query: dict[str, Any], found: list[int]) -> None:
    assert numbers(sample, ExportQuery(**query)) == found


def test_batches_keep_order_and_years_apart(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 1)
    seen: list[int] = []
    with open_for_reading(sample) as archive:
        selection = Selection(archive, ExportQuery(), seen.append)
        assert [batch.year for batch in selection.batches()] == [2024, 2025, 2025, None]
        assert selection.articles_by_year() == {2024: 1, 2025: 2, None: 1}
    assert seen == [1, 1, 1, 1]
    assert numbers(sample, ExportQuery()) == [5, 3, 9, 7]


def test_only_people_of_the_chosen_articles_are_exported(sample: Path) -> None:
    with open_for_reading(sample) as archive:
        selection = Selection(archive, ExportQuery(numbers=(3, 3)))
        assert selection.names("people") == {1: "สมมติ ใจดี"}
        assert len(selection.names("ministries")) >= 20
        assert selection.names("nothing") == {}


def test_the_query_is_described_as_it_was_given() -> None:
    query = ExportQuery("อ้อย", Filters(ministry="industry", since=date(2025, 1, 1)), (1, 9))
    assert query.described() == {
        "query": "อ้อย", "ministry": "industry", "since": "2025-01-01", "numbers": "1-9",
    }  # fmt: skip
