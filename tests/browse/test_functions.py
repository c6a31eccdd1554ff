"""Our SQL functions, in SQL."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from scraper.browse.functions import register


def select(expression: str, *values: Any) -> Any:
    with closing(sqlite3.connect(":memory:")) as connection:
        register(connection)
        return connection.execute(f"SELECT {expression}", values).fetchone()[0]


@pytest.mark.parametrize(
    ("expression", "value", "expected"),
    [
        ("thai_date(?)", "2025-08-21", "21 สิงหาคม 2568"),
        ("be_year(?)", "2025-08-21", 2568),
        ("iso_date(?)", "21 ส.ค. 2568", "2025-08-21"),
        ("iso_end(?)", "2568", "2025-12-31"),
        ("iso_end(?)", "", None),
        ("fold(?)", "นํ้าตาล ๒๕๖๘ SME", "น้ำตาล 2568 sme"),
        ("words(?)", "โรงงานน้ำตาล", "โรงงาน น้ำตาล"),
        ("thai_date(?)", None, None),
        ("words(?)", None, None),
        ("be_year(?)", "ไม่ใช่วัน", None),
        ("fold(?)", 5, "5"),
    ],
)
def test_function(expression: str, value: Any, expected: Any) -> None:
    assert select(expression, value) == expected


def test_words_are_counted_once_per_row() -> None:
    rows = "(SELECT 'อ้อย น้ำตาล อ้อย' AS w UNION ALL SELECT 'อ้อย ข้าว' UNION ALL SELECT NULL)"
    assert json.loads(select(f"word_counts(w) FROM {rows}")) == {"อ้อย": 2, "น้ำตาล": 1, "ข้าว": 1}
