"""The equivalent spellings of a search term, and which index looks it up."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from scraper.thai.digits import to_ascii_digits, to_thai_digits

if TYPE_CHECKING:
    from scraper.search.query import Term

MIN_SUBSTRING_LENGTH = 3  # characters; the trigram index cannot find shorter terms
_SIGN = re.compile("(?<=[^ ])(?<!ฯล) ?(?=ๆ|ฯ(?!ลฯ))")
_DIGIT_BORDER = re.compile("(?<=[0-9๐-๙]) ?(?=[ก-ฮเ-ไ])|(?<=[ก-ฺเ-๎]) ?(?=[0-9๐-๙])")


def spellings(term: str) -> list[str]:
    """Return all equivalent spellings of a term.

    Thai and ASCII digits; ๆ and ฯ with or without a space before them; a number with or without a
    space between it and a Thai word.
    """
    found = [term]
    for sign in (_SIGN, _DIGIT_BORDER):
        found = [sign.sub(blank, text) for text, blank in product(found, ("", " "))]
    forms = [form(text) for text in found for form in (to_ascii_digits, to_thai_digits)]
    return list(dict.fromkeys([term, *found, *forms]))


def is_substring(term: Term) -> bool:
    """Return whether a term is searched for as a substring rather than as a word."""
    return not term.whole_word and len(term.text) >= MIN_SUBSTRING_LENGTH
