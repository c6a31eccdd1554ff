"""What changed between two versions of a text, word by word. Text in, values out.

Paragraphs are compared first and words only within paragraphs that changed, so that a long text of
which one figure was mended is not cut into words as a whole.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, NamedTuple

from scraper.thai.words import segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["same", "gone", "new"]

# Words of one paragraph beyond which it counts as wholly replaced: the longest measured has 5,460
# characters, about 1,500 words, and the comparison may grow with the square.
MOST_WORDS = 4000


class Piece(NamedTuple):
    """Some characters that stayed, went or came."""

    kind: Kind
    text: str


class Paragraph(NamedTuple):
    """A paragraph of either version or both; ``changed`` is False where it is the same in both."""

    changed: bool
    pieces: tuple[Piece, ...]


def compare(old: str, new: str) -> list[Paragraph]:
    """Return the paragraphs of both versions in order, with what changed marked.

    The pieces that are not new, joined, give the old text; those not gone give the new one.
    """
    before, after = old.split("\n"), new.split("\n")
    paragraphs: list[Paragraph] = []
    for a, b, c, d in _blocks(before, after):
        if before[a:b] == after[c:d]:
            paragraphs += [Paragraph(False, (Piece("same", text),)) for text in before[a:b]]
            continue
        # Changed paragraphs are compared in pairs, what is left over went or came as a whole.
        pairs = min(b - a, d - c)
        paragraphs += [
            Paragraph(True, tuple(compare_words(before[a + i], after[c + i]))) for i in range(pairs)
        ]
        paragraphs += [Paragraph(True, (Piece("gone", text),)) for text in before[a + pairs : b]]
        paragraphs += [Paragraph(True, (Piece("new", text),)) for text in after[c + pairs : d]]
    return [paragraph for paragraph in paragraphs if any(piece.text for piece in paragraph.pieces)]


def compare_words(old: str, new: str) -> Iterator[Piece]:
    """Yield the pieces of two versions of a paragraph."""
    before, after = cut(old), cut(new)
    if max(len(before), len(after)) > MOST_WORDS:
        yield Piece("gone", old)
        yield Piece("new", new)
        return
    for a, b, c, d in _blocks(before, after):
        if before[a:b] == after[c:d]:
            yield Piece("same", "".join(before[a:b]))
        else:
            if a < b:
                yield Piece("gone", "".join(before[a:b]))
            if c < d:
                yield Piece("new", "".join(after[c:d]))


def cut(text: str) -> list[str]:
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


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    for _, *bounds in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield bounds[0], bounds[1], bounds[2], bounds[3]
