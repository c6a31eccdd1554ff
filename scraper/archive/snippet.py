"""Cuts the piece of a text that shows why it was found. Text in, text and offsets out."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.thai.text import fold, fold_with_offsets

if TYPE_CHECKING:
    from collections.abc import Sequence

BEFORE = 40  # characters shown before the first hit


@dataclass(frozen=True)
class Snippet:
    """A piece of a text.

    Attributes:
        text: the piece, on one line, with … where something was cut off.
        hits: offsets of the found terms in it, ``(start, end)``, in order, not overlapping.
    """

    text: str
    hits: tuple[tuple[int, int], ...]

    def marked(self, opening: str, closing: str) -> str:
        """Return the text with marks around each hit."""
        parts, last = [], 0
        for start, end in self.hits:
            parts += [self.text[last:start], opening, self.text[start:end], closing]
            last = end
        return "".join([*parts, self.text[last:]])


def find_hits(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Return where terms stand in a text, as spans of the text as written.

    Compared after folding, so that Thai and ASCII digits and letter case are alike. Of
    overlapping hits the first and longest is kept.
    """
    folded = fold_with_offsets(text)
    spans = []
    for term in {fold(term) for term in terms} - {""}:
        at = folded.text.find(term)
        while at >= 0:
            spans.append((at, -len(term)))
            at = folded.text.find(term, at + len(term))
    hits: list[tuple[int, int]] = []
    end = 0
    for start, minus_length in sorted(spans):
        if start >= end:
            end = start - minus_length
            hits.append(folded.original_span(start, end))
    return hits


def make_snippet(text: str, terms: Sequence[str], width: int = 160) -> Snippet:
    """Return a piece of about ``width`` characters around the first hit, or the beginning."""
    hits = find_hits(text, terms)
    start = max(0, hits[0][0] - BEFORE) if hits else 0
    start = _whole(text, start)
    end = _whole(text, min(len(text), max(start + width, hits[0][1] if hits else 0)))
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    return Snippet(
        before + text[start:end].replace("\n", " ") + after,
        tuple((s + shift, e + shift) for s, e in hits if start <= s and e <= end),
    )


def _whole(text: str, position: int) -> int:
    """Return the nearest position at or before this one that parts no letter from its marks."""
    while 0 < position < len(text) and unicodedata.category(text[position]) in {"Mn", "Mc"}:
        position -= 1
    return position
