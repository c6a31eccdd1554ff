"""Widths of texts on a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.thai.display_width import display_width, first_columns, last_columns, pad_left


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("ที่นี่", 2),
        ("น้ำตาล", 5),  # sara am takes a column
        ("กู้เงิน", 4),
        ("漢字", 4),
        ("e\u0301", 1),
        ("a\u200bb", 2),
    ],
)
def test_display_width(text: str, width: int) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "first", "last"),
    [
        ("ที่นี่", 1, "ที่", "นี่"),
        ("น้ำตาล", 2, "น้ำ", "าล"),
        ("กี่ปี", 9, "กี่ปี", "กี่ปี"),
        ("กี่ปี", 0, "", ""),
        ("ab漢", 3, "ab", "b漢"),
        ("漢ab", 1, "", "b"),
    ],
)
def test_a_mark_stays_with_its_letter(text: str, width: int, first: str, last: str) -> None:
    assert first_columns(text, width) == first
    assert last_columns(text, width) == last


@given(st.text(alphabet="กขี่ำ漢a \u0301"), st.integers(0, 10))
def test_pieces_fit(text: str, width: int) -> None:
    first, last = first_columns(text, width), last_columns(text, width)
    assert text.startswith(first)
    assert text.endswith(last)
    assert display_width(first) <= width
    assert display_width(last) <= width
    assert display_width(pad_left(last, width)) == width
