"""One pattern for many names finds the longest."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.thai.tries import any_of


@pytest.mark.parametrize(
    ("names", "text", "found"),
    [
        (["ก", "กข", "กขค"], "กขคก ข", ["กขค", "ก"]),
        (["ab", "abc"], "abx abc", ["ab", "abc"]),
        (["a.b"], "a.b axb", ["a.b"]),
        (["ab", "ac", "b"], "acabb", ["ac", "ab", "b"]),
    ],
)
def test_the_longest_name_is_found(names: list[str], text: str, found: list[str]) -> None:
    assert re.findall(any_of(names), text) == found


@given(st.lists(st.text("abก.", min_size=1, max_size=4), min_size=1), st.text("abก.", max_size=12))
def test_it_finds_what_a_sorted_alternation_finds(names: list[str], text: str) -> None:
    plain = "|".join(map(re.escape, sorted(set(names), key=len, reverse=True)))
    assert re.findall(any_of(names), text) == re.findall(plain, text)
