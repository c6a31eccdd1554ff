"""Text that keeps track of the facts written into it.

The practice site composes sentences from pieces; a fact is a piece with its meaning attached.
Joining, filling and cutting keep the positions of the pieces, so the facts of a finished text are
known without parsing it. This module does not know how facts are worded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.thai.dates.date_mention import DateMention, Precision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, time

_PIECE = re.compile(
    r"\{(?P<slot>\w+)\}|<(?P<end>/?)(?P<kind>\w+)(?P<attributes>(?: \w+='[^']*')*)>"
)
_SLOT = re.compile(r"\{(\w+)\}")
_ATTRIBUTE = re.compile(r"(\w+)='([^']*)'")


class Meaning(NamedTuple):
    """The meaning of a written date: the fields of ``DateMention`` without its position."""

    start_on: date | None
    end_on: date | None
    start_time: time | None = None
    end_time: time | None = None
    precision: Precision = Precision.DAY
    inferred: bool = False
    flags: tuple[str, ...] = ()


class Fact(NamedTuple):
    """The meaning of any other written fact.

    Attributes:
        kind: name of its kind in ``scraper.facts``, or of a part of an event (``elements``).
        value: a value of that kind without its passage, or None.
    """

    kind: str
    value: Any = None


class Mark(NamedTuple):
    """The position of a fact in a text, ``end`` exclusive."""

    start: int
    end: int
    meaning: Meaning | Fact


@dataclass(frozen=True, slots=True)
class Text:
    """A clean text and the facts in it, in order."""

    string: str
    marks: tuple[Mark, ...] = ()

    def __len__(self) -> int:
        return len(self.string)

    @property
    def meaning(self) -> Meaning:
        """The meaning of the first date."""
        return next(mark.meaning for mark in self.marks if isinstance(mark.meaning, Meaning))

    def translate(self, table: Mapping[int, int | str]) -> Text:
        """Return the text with characters replaced one for one."""
        return Text(self.string.translate(table), self.marks)

    def part(self, start: int, end: int) -> Text:
        """Return a part of the text with the facts that are whole in it."""
        marks = (mark for mark in self.marks if start <= mark.start and mark.end <= end)
        return Text(
            self.string[start:end],
            tuple(Mark(first - start, last - start, meaning) for first, last, meaning in marks),
        )

    def cut(self, length: int) -> Text:
        """Return the beginning of the text, of at most ``length`` characters.

        It ends before a fact that is longer.
        """
        if len(self) <= length:
            return self
        over = [mark.start for mark in self.marks if mark.start < length < mark.end]
        return self.part(0, len(self.string[: min((length, *over))].rstrip()))

    def mentions(self) -> tuple[DateMention, ...]:
        """Return the dates as the archive should store them."""
        return tuple(
            DateMention(start=start, end=end, text=self.string[start:end], **meaning._asdict())
            for start, end, meaning in self.marks
            if isinstance(meaning, Meaning)
        )

    def facts(self) -> tuple[tuple[Mark, Fact], ...]:
        """Return the other facts, in order, with their positions."""
        return tuple((mark, mark.meaning) for mark in self.marks if isinstance(mark.meaning, Fact))


def dated(string: str, meaning: Meaning) -> Text:
    """Return a text that consists of one date."""
    return Text(string, (Mark(0, len(string), meaning),))


def with_fact(text: Text | str, fact: Fact) -> Text:
    """Return a text that as a whole is a fact; facts inside it remain."""
    inner = text if isinstance(text, Text) else Text(text)
    return Text(inner.string, (Mark(0, len(inner), fact), *inner.marks))


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


def fill(
    template: str,
    slot: Callable[[str], Text | str],
    fact: Callable[[str, str, dict[str, str]], Fact | None] | None = None,
) -> Text:
    """Return a template with its slots and elements filled in, from left to right.

    Args:
        template: ``{name}`` is a slot, ``<kind name='value'>…</kind>`` an element: a fact that is
            written in full. Values may contain slots.
        slot: returns the text for the name of a slot.
        fact: returns the fact of an element, given its kind, its text and its values.
    """
    stack: list[list[Text | str]] = [[]]
    opened: list[tuple[str, dict[str, str]]] = []
    for is_slot, piece, ends, values in _pieces(template):
        if is_slot:
            stack[-1].append(slot(piece))
        elif values is not None:
            filled = {name: fill(value, slot).string for name, value in values}
            opened.append((piece, filled))
            stack.append([])
        elif ends:
            kind, filled = opened.pop()
            inner = join(stack.pop())
            found = fact(kind, inner.string, filled) if fact else None
            stack[-1].append(inner if found is None else with_fact(inner, found))
        else:
            stack[-1].append(piece)
    return join(stack[0])


def slots(template: str) -> frozenset[str]:
    """Return the names of the slots of a template."""
    return frozenset(_SLOT.findall(template))


class _Piece(NamedTuple):
    is_slot: bool
    text: str
    ends: bool = False
    values: tuple[tuple[str, str], ...] | None = None


@cache
def _pieces(template: str) -> tuple[_Piece, ...]:
    pieces = []
    at = 0
    for match in _PIECE.finditer(template):
        if at < match.start():
            pieces.append(_Piece(is_slot=False, text=template[at : match.start()]))
        at = match.end()
        if match["slot"]:
            pieces.append(_Piece(is_slot=True, text=match["slot"]))
        elif match["end"]:
            pieces.append(_Piece(is_slot=False, text=match["kind"], ends=True))
        else:
            values = tuple(_ATTRIBUTE.findall(match["attributes"]))
            pieces.append(_Piece(is_slot=False, text=match["kind"], values=values))
    if at < len(template):
        pieces.append(_Piece(is_slot=False, text=template[at:]))
    return tuple(pieces)
