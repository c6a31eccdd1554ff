"""``WordPrefixes`` finds the words that PyThaiNLP's trie finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pythainlp.util import Trie

from scraper.thai.word_prefixes import WordPrefixes

WORDS = st.text("กขค", min_size=1, max_size=6)


@given(st.sets(WORDS, min_size=1), st.lists(st.text("กขค", max_size=12), max_size=5))
def test_it_finds_what_the_trie_finds(words: set[str], texts: list[str]) -> None:
    ours, trie = WordPrefixes(words), Trie(words)
    assert len(ours) == len(trie)
    for text in texts:
        for start in range(len(text) + 1):
            assert ours.prefixes(text, start) == trie.prefixes(text, start)
