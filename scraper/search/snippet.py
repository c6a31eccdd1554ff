"""Cuts the excerpt of a text that shows its search hits. Text in, text and offsets out."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from scraper.thai.text import fold, fold_with_offsets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

SNIPPET_WIDTH = 160  # characters
CONTEXT_BEFORE = 40  # characters shown before the first hit, at most
_ABBREVIATION = re.compile("[ก-ฮ]{2,8}")  # or a word without a vowel
MAX_GAP = 200  # characters allowed between two words, such as a line of dashes or a URL


@dataclass(frozen=True)
class Snippet:
    """An excerpt of a text.

    Attributes:
        text: the excerpt on one line, with … where text was cut off.
        hits: offsets of the search terms in it, ``(start, end)``, sorted, without overlaps.
    """

    text: str
    hits: tuple[tuple[int, int], ...]

    def marked(self, opening: str, closing: str, escape: Callable[[str], str] = str) -> str:
        """Return the text with each hit between two marks.

        Args:
            opening: put before each hit, as it is.
            closing: put after each hit, as it is.
            escape: applied to the text between the marks.
        """
        parts, last = [], 0
        for start, end in self.hits:
            parts += [escape(self.text[last:start]), opening, escape(self.text[start:end]), closing]
            last = end
        return "".join([*parts, escape(self.text[last:])])


def hit_spans(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Return the spans of a text where terms occur.

    Ignores letter case and the difference between Thai and ASCII digits. Of overlapping hits,
    keeps the earliest, then the longest.
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
    """Return the spans of a segmented text where certain words occur.

    Args:
        text: as written.
        words: the words of the text, in order.
        wanted: folded words to find.
    """
    return [span for word, span in word_spans(text, words) if span and word in wanted]


def word_spans(text: str, words: Iterable[str]) -> Iterator[tuple[str, tuple[int, int] | None]]:
    """Yield the words of a segmented text, folded, with their spans; None where one is not found.

    Args:
        text: as written.
        words: the words of the text, in order.
    """
    folded = fold_with_offsets(text)
    position = 0
    for word in map(cache(fold), words):  # a long text repeats few distinct words
        end = position + len(word) + MAX_GAP
        if _ABBREVIATION.fullmatch(word):
            found = _dotted(word).search(folded.text, position, end)
            at, stop = found.span() if found else (-1, -1)
        else:
            at = folded.text.find(word, position, end)
            stop = at + len(word)
        if at < 0:
            yield word, None  # its parts are too far apart
        else:
            position = stop
            yield word, folded.original_span(at, position)


@lru_cache(1024)
def _dotted(word: str) -> re.Pattern[str]:
    """Return a pattern for an abbreviation, which is indexed without its dots: กพร for ก.พ.ร."""
    return re.compile(r"\.?".join(map(re.escape, word)))


def without_overlaps(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort spans and drop overlaps, keeping the earliest, then the longest."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def whole_text(text: str, hits: Sequence[tuple[int, int]]) -> Snippet:
    """Return a whole text with its hits, such as a headline."""
    return Snippet(text.replace("\n", " "), tuple(hits))


def make_snippet(
    text: str,
    hits: Sequence[tuple[int, int]],
    word_starts: Sequence[int] = (),
    width: int = SNIPPET_WIDTH,
) -> Snippet:
    """Return an excerpt of about ``width`` characters around the first hit, or the beginning.

    Args:
        text: the text.
        hits: spans of the hits, sorted.
        word_starts: offsets at which words begin, sorted; the excerpt begins at one of them, or
            after a space.
        width: characters of the excerpt.
    """
    start = _excerpt_start(text, hits[0][0], word_starts) if hits else 0
    end = _before_combining_marks(
        text, min(len(text), max(start + width, hits[0][1] if hits else 0))
    )
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    return Snippet(
        before + text[start:end].replace("\n", " ") + after,
        tuple((s + shift, e + shift) for s, e in hits if start <= s and e <= end),
    )


def _excerpt_start(text: str, hit: int, word_starts: Sequence[int]) -> int:
    """Return the first place before a hit, in its context, where a word begins."""
    earliest = max(0, hit - CONTEXT_BEFORE)
    if earliest == 0:
        return 0
    words = word_starts[bisect_left(word_starts, earliest) :][:1]
    blank = re.compile(r"\s").search(text, earliest, hit)
    places = [*words, *([blank.end()] if blank else []), hit]
    return _before_combining_marks(text, min(places))


def _before_combining_marks(text: str, position: int) -> int:
    """Move a position back so that it does not split a letter from its combining marks."""
    while 0 < position < len(text) and unicodedata.category(text[position]) in {"Mn", "Mc"}:
        position -= 1
    return position
