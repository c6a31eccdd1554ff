"""Everything that reads text takes linear time, whatever the text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from scraper.thai.dates import find_dates, read_long_date, read_short_date, read_stamp
from scraper.thai.likeness import fingerprints, read_compared_text
from scraper.thai.names import find_names
from scraper.thai.text import clean, fold, fold_with_offsets
from scraper.thai.words import segment
from tests.hostile import UNITS, assert_linear, cpu_time, repeated

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2025, 8, 21)
FUNCTIONS: dict[str, Callable[[str], Any]] = {
    "clean": clean,
    "fold": fold,
    "fold_with_offsets": fold_with_offsets,
    "find_dates": lambda text: find_dates(text, DAY),
    "read_long_date": read_long_date,
    "read_short_date": read_short_date,
    "read_stamp": read_stamp,
    "segment": segment,
    "fingerprints": fingerprints,
    "read_compared_text": lambda text: read_compared_text(text, text, None),
    "find_names": lambda text: find_names(text, text, text),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(("begin", "end"), [("", ""), ("วันที่ #www.1", "x!ก")])
def test_time_is_linear(name: str, begin: str, end: str) -> None:
    function = FUNCTIONS[name]
    function("5 มีนาคม 2568")  # loads the tables
    for unit in UNITS:
        assert_linear(function, repeated(unit, begin, end), 6_000)


@pytest.mark.parametrize("unit", ["ุ่", "\u0301\u0323", "ู้", "1,", "1 มกราคม 2568 - ", " "])
def test_the_longest_page_is_quick(unit: str) -> None:
    text = f"ก{unit * (240_000 // len(unit))}a"
    assert cpu_time(clean, text) < 1
    assert cpu_time(lambda value: find_dates(value, DAY), text) < 4
    assert cpu_time(segment, text) < 4
