"""PyThaiNLP's trie of a dictionary, built as far as it is used.

Building all of it would take a worker longer than everything else it loads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pythainlp.util import Trie

if TYPE_CHECKING:
    from collections.abc import Collection


class LazyTrie(Trie):
    """A trie that adds the words with a first letter when that letter is first looked up.

    Args:
        words: none of them empty. Only ``prefixes`` and ``len`` see all of them.
    """

    def __init__(self, words: Collection[str]) -> None:
        super().__init__(())
        self._size = len(words)
        self._waiting: dict[str, list[str]] = {}
        for word in words:
            self._waiting.setdefault(word[0], []).append(word)

    def __len__(self) -> int:
        return self._size

    def prefixes(self, text: str, start: int = 0) -> list[str]:
        """Return the words with which a text goes on at a position, shortest first."""
        for word in self._waiting.pop(text[start : start + 1], ()):
            self.add(word)
        return super().prefixes(text, start)
