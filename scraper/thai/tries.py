"""Compiles many words into one regular expression."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def any_of(words: Iterable[str], spell: Callable[[str], str] = re.escape) -> str:
    """Return a pattern for the longest of some words, as a trie of shared prefixes.

    Args:
        words: any number; without words the pattern matches nothing.
        spell: returns the pattern of one character.
    """
    tree: dict[str, list[str]] = defaultdict(list)
    for word in words:
        tree[word[:1]].append(word[1:])
    optional = "?" if tree.pop("", None) else ""
    branches = [spell(first) + any_of(rests, spell) for first, rests in sorted(tree.items())]
    if not branches:
        return "" if optional else "(?!)"  # end of a word; no words at all
    return f"(?:{'|'.join(branches)}){optional}"
