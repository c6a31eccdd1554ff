"""Detects the language of a text by its letters."""

from __future__ import annotations

import re

THAI_CONSONANT = re.compile("[ก-ฮ]")
_LATIN_LETTER = re.compile("[A-Za-z]")


def language_of(text: str) -> str:
    """Return ``th`` or ``en``; pages in both languages share sections and addresses.

    A text is English if it has fewer Thai consonants than a tenth of its Latin letters; Thai names
    in brackets occur on English pages.
    """
    thai, latin = len(THAI_CONSONANT.findall(text)), len(_LATIN_LETTER.findall(text))
    return "en" if thai * 10 < latin else "th"
