"""Cuts the piece of a text that shows why it was found. Text in, text and offsets out."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from scraper.thai.text import fold, fold_with_offsets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

SNIPPET_WIDTH = 160  # characters of a piece
CONTEXT_BEFORE = 40  # characters shown before the first hit
MAX_GAP = 200  # characters between two words of a text: rules of dashes, a URL


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
            spans.append((at, at + len(term)))
            at = folded.text.find(term, at + len(term))
    return [folded.original_span(start, end) for start, end in without_overlaps(spans)]


def find_words(text: str, words: Iterable[str], wanted: Collection[str]) -> list[tuple[int, int]]:
    """Return where wanted words stand in a text that was cut into words, as spans of the text.

    Args:
        text: as written.
        words: what the text was cut into, in order.
        wanted: folded words.
    """
    folded = fold_with_offsets(text)
    spans, position = [], 0
    for word in map(cache(fold), words):  # a long text has few words, many times
        at = folded.text.find(word, position, position + len(word) + MAX_GAP)
        if at < 0:
            continue  # written otherwise, such as ก.พ.ร. for กพร
        position = at + len(word)
        if word in wanted:
            spans.append(folded.original_span(at, position))
    return spans


def without_overlaps(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order; of such as overlap, the first and of these the longest."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def make_snippet(text: str, hits: Sequence[tuple[int, int]], width: int = SNIPPET_WIDTH) -> Snippet:
    """Return a piece of about ``width`` characters around the first hit, or the beginning."""
    start = max(0, hits[0][0] - CONTEXT_BEFORE) if hits else 0
    start = _before_combining_marks(text, start)
    end = _before_combining_marks(
        text, min(len(text), max(start + width, hits[0][1] if hits else 0))
    )
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    return Snippet(
        before + text[start:end].replace("\n", " ") + after,
        tuple((s + shift, e + shift) for s, e in hits if start <= s and e <= end),
    )


def _before_combining_marks(text: str, position: int) -> int:
    """Return the nearest position at or before this one that parts no letter from its marks."""
    while 0 < position < len(text) and unicodedata.category(text[position]) in {"Mn", "Mc"}:
        position -= 1
    return position
