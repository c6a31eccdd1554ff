"""Compares two versions of a text word by word.

Paragraphs are compared first, then words within changed paragraphs only, so that a long text with
one corrected figure need not be segmented as a whole. A ``Budget`` limits the work, which grows
linearly with the length of the texts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from scraper.browse.align import differing_ranges
from scraper.thai.words import segment

if TYPE_CHECKING:
    from collections.abc import Iterator

PieceKind = Literal["same", "gone", "new"]

# A paragraph with more words counts as replaced as a whole. The longest known paragraph has 5,460
# characters, about 1,500 words.
MAX_WORDS = 4000

# Fixed cost of segmenting a paragraph, in characters.
PARAGRAPH_COST = 600


class Piece(NamedTuple):
    """Text that stayed, was deleted (``gone``) or inserted (``new``)."""

    kind: PieceKind
    text: str


class Paragraph(NamedTuple):
    """A paragraph of either version; ``changed`` is False if it is the same in both."""

    changed: bool
    pieces: tuple[Piece, ...]


class Budget:
    """Limits the work of all comparisons on one page.

    Attributes:
        texts: characters left for comparing versions at all.
        characters: characters left for comparing paragraphs word by word; after that, a changed
            paragraph is shown as deleted and inserted. 100,000 (at most 160 paragraphs) take about
            0.4 s.
        paragraphs: number of changed paragraphs that may still be shown.
        left_out: number of changed paragraphs omitted.
    """

    def __init__(
        self, characters: int = 100_000, paragraphs: int = 1000, texts: int = 5_000_000
    ) -> None:
        self.texts = texts
        self.characters = characters
        self.paragraphs = paragraphs
        self.left_out = 0

    def may_read(self, size: int) -> bool:
        """Take ``size`` characters off the budget; return whether they may be compared."""
        self.texts -= size
        return self.texts >= 0

    def may_compare(self, old: str, new: str) -> bool:
        """Return whether two paragraphs may be compared by words; if so, take it off the budget."""
        size = len(old) + len(new) + PARAGRAPH_COST
        if size > self.characters:
            return False
        self.characters -= size
        return True

    def may_show(self) -> bool:
        """Return whether one more changed paragraph may be shown, and count it."""
        if self.paragraphs <= 0:
            self.left_out += 1
            return False
        self.paragraphs -= 1
        return True


def compare_texts(old: str, new: str, budget: Budget | None = None) -> list[Paragraph]:
    """Return the paragraphs of both versions in order, with the changes marked.

    The pieces that are not ``new``, joined, are the old text; those not ``gone`` are the new text,
    unless the budget omits some.

    Args:
        old: the earlier version.
        new: the later version.
        budget: of the page; by default, all changed paragraphs are shown.
    """
    if budget is None:
        budget = Budget(paragraphs=len(old) + len(new) + 2)
    before, after = old.split("\n"), new.split("\n")
    found: list[Paragraph] = []
    at = 0
    for a, b, c, d in [*differing_ranges(before, after), (len(before), None, None, None)]:
        found += [Paragraph(False, (Piece("same", text),)) for text in before[at:a] if text]
        if b is not None:
            found += _changed(before[a:b], after[c:d], budget)
            at = b
    return found


def _changed(before: list[str], after: list[str], budget: Budget) -> Iterator[Paragraph]:
    """Yield changed paragraphs in pairs, then those left over as deleted or inserted."""
    pairs = min(len(before), len(after))
    for old, new in zip(before, after, strict=False):
        if (old or new) and budget.may_show():
            if budget.may_compare(old, new):
                yield Paragraph(True, tuple(compare_words(old, new)))
            else:
                yield Paragraph(True, tuple(_replaced(old, new)))
    for text in before[pairs:]:
        if text and budget.may_show():
            yield Paragraph(True, (Piece("gone", text),))
    for text in after[pairs:]:
        if text and budget.may_show():
            yield Paragraph(True, (Piece("new", text),))


def compare_words(old: str, new: str) -> Iterator[Piece]:
    """Compare two versions of a paragraph by words."""
    before, after = split_words(old), split_words(new)
    if max(len(before), len(after)) > MAX_WORDS:
        yield from _replaced(old, new)
        return
    at = 0
    for a, b, c, d in differing_ranges(before, after):
        if at < a:
            yield Piece("same", "".join(before[at:a]))
        yield from _replaced("".join(before[a:b]), "".join(after[c:d]))
        at = b
    if at < len(before):
        yield Piece("same", "".join(before[at:]))


def _replaced(old: str, new: str) -> Iterator[Piece]:
    if old:
        yield Piece("gone", old)
    if new:
        yield Piece("new", new)


def split_words(text: str) -> list[str]:
    """Split a text into words and the characters between them; joined, they are the text."""
    pieces, at = [], 0
    for word in segment(text):
        start = text.find(word, at)
        if start < 0:
            continue  # the segmenter returns Thai digits as ASCII digits
        pieces += re.findall(r"\s+|\S", text[at:start])
        pieces.append(word)
        at = start + len(word)
    return [*pieces, *re.findall(r"\s+|\S", text[at:])]
