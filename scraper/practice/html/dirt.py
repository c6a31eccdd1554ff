"""Adds the dirt of text pasted from Word: odd spaces, invisible characters, broken vowels.

Each kind of dirt is one that cleaning repairs, so ``clean(strew(text)) == text`` and the expected
text of a page is the clean one. Counts are files out of the 63,241 measured.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_NBSP, _ZERO_WIDTH, _LINE_SEPARATOR, _SOFT_HYPHEN = "\xa0", "\u200b", "\u2028", "\xad"
_OLD_FONT = str.maketrans(dict(zip("่้๊๋์", "\uf70a\uf70b\uf70c\uf70d\uf70e", strict=True)))
_VOWEL_TONE = re.compile("([ิีึืัุู])([่้๊๋])")
_BLANK_BY_DIGIT = re.compile(r"(?<=\d) | (?=\d)")
_UNTOUCHABLE = re.compile(r"://|[#@]")  # URLs, e-mail addresses and hashtags are typed, not pasted


def _some(rng: Random, share: float, pattern: str, put: str, text: str) -> str:
    """Replace a share of the matches of a pattern."""
    return re.sub(pattern, lambda match: put if rng.random() < share else match[0], text)


def _invisible(rng: Random, text: str) -> str:
    return _ZERO_WIDTH + _some(rng, 0.3, " ", f"{_ZERO_WIDTH} {_ZERO_WIDTH}", text)


def _doubled(rng: Random, text: str) -> str:
    return _some(rng, 0.2, "่", "่่", text)


KINDS: dict[str, tuple[float, Callable[[Random, str], str]]] = {
    # name: (share of pages, function applied to a line)
    "decomposed": (0.034, lambda _, text: text.replace("ำ", "\u0e4dา")),
    "two-e": (0.015, lambda _, text: text.replace("แ", "เเ")),
    "doubled-mark": (0.004, _doubled),
    "misordered": (0.004, lambda _, text: _VOWEL_TONE.sub(r"\2\1", text)),
    "old-font": (0.001, lambda _, text: text.translate(_OLD_FONT)),
    "soft-hyphen": (0.001, lambda rng, text: _some(rng, 0.1, " ", f"{_SOFT_HYPHEN} ", text)),
    "line-separator": (0.001, lambda rng, text: _some(rng, 0.2, " ", _LINE_SEPARATOR, text)),
    "nbsp-by-digit": (0.02, lambda _, text: _BLANK_BY_DIGIT.sub(_NBSP, text)),
    "nbsp": (0.5, lambda rng, text: _some(rng, 0.2, " ", _NBSP, text)),
    "blank-runs": (0.1, lambda rng, text: _some(rng, 0.2, " ", "   ", text)),
    "source-line-ends": (0.2, lambda rng, text: _some(rng, 0.1, " ", "\r\n", text)),
    "zero-width": (0.1, _invisible),
}


def draw(rng: Random, certain: frozenset[str]) -> tuple[str, ...]:
    """Return the kinds of dirt of one page: the certain ones, and others drawn by share."""
    return tuple(
        name for name, (share, _) in KINDS.items() if rng.random() < share or name in certain
    )


def strew(rng: Random, text: str, kinds: tuple[str, ...]) -> str:
    """Add dirt of the given kinds to a line."""
    if _UNTOUCHABLE.search(text):
        return text
    for name in kinds:
        text = KINDS[name][1](rng, text)
    return text
