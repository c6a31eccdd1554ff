"""Measures texts in columns of a terminal: Thai vowel signs and tone marks have no width."""

from __future__ import annotations

import unicodedata
from functools import cache

_NO_WIDTH = {"Mn", "Me", "Cf"}  # marks on other characters, and formats such as U+200B


@cache
def _columns(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def display_width(text: str) -> int:
    """Return how many columns a text takes.

    >>> display_width("ที่นี่"), display_width("น้ำ"), display_width("漢")
    (2, 2, 2)
    """
    return sum(map(_columns, text))


def first_columns(text: str, width: int) -> str:
    """Return the beginning of a text that fits a width; marks stay with their letter."""
    left = width
    for at, character in enumerate(text):
        left -= _columns(character)
        if left < 0:
            return text[:at]
    return text


def last_columns(text: str, width: int) -> str:
    """Return the end of a text that fits a width; marks stay with their letter."""
    left, start = width, len(text)
    for at in range(len(text) - 1, -1, -1):
        columns = _columns(text[at])
        left -= columns
        if left < 0:
            break
        if columns:
            start = at
    return text[start:]


def pad_left(text: str, width: int) -> str:
    """Return a text with spaces before it, so that it takes at least a width."""
    return " " * (width - display_width(text)) + text
