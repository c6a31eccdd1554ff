"""Amounts of baht written in words: หนึ่งล้านสองแสนบาท."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

UNIT_WORDS = {
    "สิบ": 10,
    "ร้อย": 100,
    "พัน": 1_000,
    "หมื่น": 10_000,
    "แสน": 100_000,
    "ล้าน": 1_000_000,
}
_DIGIT_WORDS = {
    word: value
    for value, word in enumerate(
        ["หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"], start=1
    )
} | {"เอ็ด": 1, "ยี่": 2}

_WORDS = (*_DIGIT_WORDS, *UNIT_WORDS)
_MOST_WORDS = 30
"""Words of the longest number below 10¹²; a longer run is no number."""
_BAHT = re.compile("บาท")


def find_worded_amounts(text: str) -> Iterator[tuple[int, int, float]]:
    """Yield start, end and baht of each amount in words in a folded text. Linear.

    The number is read backwards from บาท, word by word, and begins with a digit word or สิบ.

    >>> list(find_worded_amounts("ปรับไม่เกินสองหมื่นห้าพันบาท"))
    [(11, 28, 25000.0)]
    """
    for match in _BAHT.finditer(text):
        end = match.start() - text.endswith(" ", 0, match.start())
        words: list[str] = []
        start = end
        while len(words) < _MOST_WORDS and text.endswith(_WORDS, 0, start):
            word = next(word for word in _WORDS if text.endswith(word, 0, start))
            words.append(word)
            start -= len(word)
        # ห้าบาท without a unit is rare, and คลองหกบาท a canal; 5 ล้านบาท begins with a figure.
        begins = bool(words) and (words[-1] in _DIGIT_WORDS or words[-1] == "สิบ")
        if begins and not UNIT_WORDS.keys().isdisjoint(words):
            yield start, match.end(), float(_value(words[::-1]))


def _value(words: list[str]) -> int:
    """Return the number that words make: units multiply the digit before, ล้าน all before it."""
    total = part = digit = 0
    for word in words:
        if word == "ล้าน":
            total = (total + part + digit or 1) * UNIT_WORDS[word]
            part = digit = 0
        elif word in UNIT_WORDS:
            part += (digit or 1) * UNIT_WORDS[word]
            digit = 0
        else:
            digit = _DIGIT_WORDS[word]
    return total + part + digit
