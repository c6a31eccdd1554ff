"""The lazy trie finds what PyThaiNLP's finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pythainlp.util import Trie

from scraper.thai.lazy_trie import LazyTrie

LETTERS = st.text("กขค", min_size=1, max_size=5)


@given(st.sets(LETTERS, min_size=1), st.lists(st.text("กขค", max_size=12), max_size=5))
def test_it_finds_what_the_whole_trie_finds(words: set[str], texts: list[str]) -> None:
    lazy, whole = LazyTrie(words), Trie(words)
    assert len(lazy) == len(whole)
    for text in texts:
        for start in range(len(text) + 1):
            assert lazy.prefixes(text, start) == whole.prefixes(text, start)
