"""The verbs of ``event_words.csv``: what is done, held or said."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import read_table
from scraper.thai.text import fold
from scraper.thai.tries import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Sense(StrEnum):
    """What a verb says about the day beside it; see ``event_words.csv``."""

    DOING = "doing"
    HOLDING = "holding"
    SAYING = "saying"
    AFTER = "after"
    HIDDEN = "hidden"


class EventWord(NamedTuple):
    """A verb in a text."""

    start: int
    end: int
    sense: Sense


@cache
def _senses() -> dict[str, Sense]:
    return {fold(row["word"]): Sense(row["sense"]) for row in read_table("event_words.csv")}


@cache
def _pattern() -> re.Pattern[str]:
    senses = _senses()
    thai = any_of(word for word in senses if not word.isascii())
    english = any_of(word for word in senses if word.isascii())
    return re.compile(f"{thai}|(?<![a-z]){english}(?![a-z])")


def event_words(text: str, start: int, end: int) -> Iterator[EventWord]:
    """Yield the verbs of a part of a folded text that mean something, from left to right."""
    for match in _pattern().finditer(text, start, end):
        sense = _senses()[match[0]]
        if sense is not Sense.HIDDEN:
            yield EventWord(match.start(), match.end(), sense)
