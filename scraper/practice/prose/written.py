"""Text that keeps track of the dates written into it.

The practice site composes sentences from pieces; a date is a piece with its meaning attached.
Joining and filling keep the positions of the pieces, so the dates of a finished text are known
without parsing it. This module does not know how dates are worded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.model import DateMention, Precision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, time

_SLOT = re.compile(r"\{(\w+)\}")


class Meaning(NamedTuple):
    """The meaning of a written date: the fields of ``DateMention`` without its position."""

    start_on: date | None
    end_on: date | None
    start_time: time | None = None
    end_time: time | None = None
    precision: Precision = Precision.DAY
    inferred: bool = False
    flags: tuple[str, ...] = ()


class Mark(NamedTuple):
    """The position of a date in a text, ``end`` exclusive."""

    start: int
    end: int
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Text:
    """A clean text and the dates in it, in order."""

    string: str
    marks: tuple[Mark, ...] = ()

    def __len__(self) -> int:
        return len(self.string)

    def translate(self, table: Mapping[int, int | str]) -> Text:
        """Return the text with characters replaced one for one."""
        return Text(self.string.translate(table), self.marks)

    def mentions(self) -> tuple[DateMention, ...]:
        """Return the dates as the archive should store them."""
        return tuple(
            DateMention(start=start, end=end, text=self.string[start:end], **meaning._asdict())
            for start, end, meaning in self.marks
        )


def dated(string: str, meaning: Meaning) -> Text:
    """Return a text that consists of one date."""
    return Text(string, (Mark(0, len(string), meaning),))


def join(pieces: Iterable[Text | str], between: str = "") -> Text:
    """Join pieces into one text, separated by ``between``."""
    strings: list[str] = []
    marks: list[Mark] = []
    at = 0
    for piece in pieces:
        text = piece if isinstance(piece, Text) else Text(piece)
        marks += (Mark(at + start, at + end, meaning) for start, end, meaning in text.marks)
        strings.append(text.string)
        at += len(text) + len(between)
    return Text(between.join(strings), tuple(marks))


def fill(template: str, slot: Callable[[str], Text | str]) -> Text:
    """Return a template with each ``{name}`` replaced by ``slot(name)``, from left to right."""
    return join(slot(piece) if is_slot else piece for is_slot, piece in _pieces(template) if piece)


def slots(template: str) -> frozenset[str]:
    """Return the names of the slots of a template."""
    return frozenset(piece for is_slot, piece in _pieces(template) if is_slot)


@cache
def _pieces(template: str) -> tuple[tuple[bool, str], ...]:
    return tuple((bool(n % 2), piece) for n, piece in enumerate(_SLOT.split(template)))
