"""What changed between two versions of a text, word by word. Text in, values out.

Paragraphs are compared first and words only within paragraphs that changed, so that a long text of
which one figure was mended is not cut into words as a whole. The work is bounded (``Budget``): it
grows with the length of the texts, never with its square, and ends where the budget does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from scraper.browse.align import differing_ranges
from scraper.thai.words import segment

if TYPE_CHECKING:
    from collections.abc import Iterator

PieceKind = Literal["same", "gone", "new"]

# Words of one paragraph beyond which it counts as wholly replaced: the longest measured has 5,460
# characters, about 1,500 words.
MAX_WORDS = 4000

# Cutting a paragraph into words costs as much as this many characters before its first one.
PARAGRAPH_COST = 600


class Piece(NamedTuple):
    """Some characters that stayed, went or came."""

    kind: PieceKind
    text: str


class Paragraph(NamedTuple):
    """A paragraph of either version or both; ``changed`` is False where it is the same in both."""

    changed: bool
    pieces: tuple[Piece, ...]


class Budget:
    """What one page may spend on comparing versions; all its comparisons share it.

    Attributes:
        texts: characters of versions that may still be compared at all.
        characters: of paragraphs that may still be compared word by word. Beyond it a changed
            paragraph is shown as gone and new. 100,000, at most 160 paragraphs, take about 0.4 s.
        paragraphs: that may still be shown as changed.
        left_out: changed paragraphs that were not shown for want of room.
    """

    def __init__(
        self, characters: int = 100_000, paragraphs: int = 1000, texts: int = 5_000_000
    ) -> None:
        self.texts = texts
        self.characters = characters
        self.paragraphs = paragraphs
        self.left_out = 0

    def may_read(self, size: int) -> bool:
        """Say whether versions of this many characters may be compared, and take that off."""
        self.texts -= size
        return self.texts >= 0

    def may_compare(self, old: str, new: str) -> bool:
        """Say whether two paragraphs may be compared by words, and take that off the budget."""
        size = len(old) + len(new) + PARAGRAPH_COST
        if size > self.characters:
            return False
        self.characters -= size
        return True

    def may_show(self) -> bool:
        """Say whether there is room for one more changed paragraph, and take it."""
        if self.paragraphs <= 0:
            self.left_out += 1
            return False
        self.paragraphs -= 1
        return True


def compare_texts(old: str, new: str, budget: Budget | None = None) -> list[Paragraph]:
    """Return the paragraphs of both versions in order, with what changed marked.

    The pieces that are not new, joined, give the old text; those not gone give the new one, as
    long as the budget leaves nothing out.

    Args:
        old: the earlier version.
        new: the later version.
        budget: of the page; unbounded in what it shows, by default.
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
    """Yield what replaced what: paragraphs in pairs, what is left over went or came as a whole."""
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
    """Yield the pieces of two versions of a paragraph."""
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
    """Return a text cut before and behind its words; joined, the pieces are the text."""
    pieces, at = [], 0
    for word in segment(text):
        start = text.find(word, at)
        if start < 0:
            continue  # digits are given as ASCII ones; they stay with what is around them
        pieces += re.findall(r"\s+|\S", text[at:start])
        pieces.append(word)
        at = start + len(word)
    return [*pieces, *re.findall(r"\s+|\S", text[at:])]
