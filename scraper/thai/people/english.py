"""Finds persons in English text, and foreign names in Latin letters in Thai text.

Capital letters say where a name ends, so these rules read the text as written, not folded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.people.posts import Span
from scraper.thai.people.tables import person_words

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = r"[A-Z][A-Za-z\u00c0-\u024f]*(?:['’.-][A-Za-z\u00c0-\u024f]+)*\.?"
# A person's further names: capitalised, or a particle before one.
_NAME = (
    rf"{_WORD}(?: (?:(?:bin|binti|al|van|de|den|der|von|ibn|da|dos|la|na) ){{0,2}}{_WORD}){{0,5}}"
)
_TITLE = (
    r"(?<![A-Za-z-])(?:(?:H\.? ?E\.|(?:HE|Prof|Assoc|Asst|Gen|Pol|Lt|Maj|Col|Capt|Adm|Hon|M\.[LR])"
    r"\."
    r"|(?:Mrs|Mr|Ms|Miss|Dr|Professor|Lieutenant|Major|General|Colonel|Captain|Admiral|ACM|Sir|Dato"
    r"|Air Chief Marshal|Datuk|Tan Sri|Madame|His Majesty|Her Majesty|King|Queen|Princess|Prince)"
    r"(?:\.|(?![A-Za-z])))[ ]?){1,5}"
)
_TITLED = re.compile(rf"({_TITLE})({_NAME})")
# Nouns that end a post; a name may follow without a title.
_OFFICE = (
    r"(?:Minister|Spokespersons?|Spokesman|Spokeswoman|President|Governor|Chairman|Chairperson"
    r"|Chairwoman|Secretary[- ]General|Director[- ]General|Secretary|Ambassador|Commissioner"
    r"|Director|Senator|Advisor|Adviser|Representative|Commander|Chief|Premier|Chancellor|CEO|Envoy)"
)
_POSTED = re.compile(rf"(?<![A-Za-z])({_OFFICE}) ({_NAME})")
# A post: capitalised words joined by small ones, with an office among them.
_JOIN = r"(?:of|the|for|and|to|in|on|&|at|-)"
_POST_WORD = r"[A-Z][A-Za-z'’/-]*"
_POST = rf"{_POST_WORD}(?:,? (?:{_JOIN} ){{0,3}}{_POST_WORD}){{0,14}}"
_POST_AFTER = re.compile(rf"(,)? ?(?:(?:the|as|who is) )?({_POST})")
# What is named after a king: King … International Airport.
_NAMED_AFTER = re.compile(
    r" (?:International|University|Hospital|Airport|Bridge|Foundation|Road)\b"
)
_STYLE = re.compile(r"(?:King|Queen|Princess|Prince|Sir) ?\Z")
_TITLE_LEFT = re.compile(r"(?: (?:Mrs?|Ms|Dr|Gen|H))+\Z")
_POST_BEFORE = re.compile(rf"(?<![A-Za-z])({_POST}) ?\Z")
_HAS_OFFICE = re.compile(rf"\b(?:{_OFFICE}|Deputy|Head|Member|Founder|Manager|Officer)\b")
_LONGEST_BEFORE = 140
_THAI_TITLE = re.compile(r"(?:นาย|นางสาว|นาง|น\.ส\.|ดร\.|(?<![ก-๎])คุณ|ฯพณฯ|มิสเตอร์) ?\Z")
_LATIN_NAME = re.compile(_NAME)
# Text without Thai letters: few pages have much of it.
_LATIN = re.compile("[A-Z][^\u0e00-\u0e7f\n]{5,}")


class EnglishName(NamedTuple):
    """A full name in Latin letters; offsets are in the text as written.

    Attributes:
        start, end: of the name without titles.
        title: of the titles, None without.
        post: of the post beside the name, None without.
    """

    start: int
    end: int
    title: Span | None
    post: Span | None


def find_english_names(text: str) -> Iterator[EnglishName]:
    """Yield the full names in a text that have a title or an office before them."""
    floor = 0
    spots: list[tuple[tuple[int, int] | None, int, str]] = []
    for latin in _LATIN.finditer(text):
        if thai := _THAI_TITLE.search(text, max(0, latin.start() - 12), latin.start()):
            first = _LATIN_NAME.match(text, latin.start())
            spots += [(thai.span(), latin.start(), first[0])] if first else []
        spots += [(m.span(1), m.start(2), m[2]) for m in _TITLED.finditer(text, *latin.span())]
        spots += [(None, m.start(2), m[2]) for m in _POSTED.finditer(text, *latin.span())]
    for title, start, words in sorted(spots, key=lambda spot: (spot[1], spot[0] is None)):
        if start < floor:
            continue
        name = _name_words(words)
        if name.count(" ") == 0:
            continue
        end = start + len(name)
        begin = title[0] if title else start
        if title and _NAMED_AFTER.match(text, end) and _STYLE.search(text, *title):
            continue
        post = _post_after(text, end) or _post_before(text, begin, floor)
        span = Span(title[0], title[0] + len(text[title[0] : title[1]].rstrip())) if title else None
        yield EnglishName(start, end, span, post)
        floor = max(end, post.end if post else 0)


def _name_words(words: str) -> str:
    """Return the words before the first that is not part of a name, without a final full stop."""
    kept = []
    for word in words.split(" "):
        if word.rstrip(".").partition("-")[0] in person_words().english:
            break
        if word.endswith(("'s", "’s")):
            kept.append(word[:-2])
            break
        kept.append(word)
        if word.endswith(".") and len(word) > 2:
            break  # the end of the sentence; an initial has one letter
    while kept and not kept[-1][:1].isupper():
        kept.pop()
    return " ".join(kept).rstrip(".")


def _post_after(text: str, at: int) -> Span | None:
    match = _POST_AFTER.match(text, at)
    if match is None or not _HAS_OFFICE.search(match[2]):
        return None
    if not match[1] and match[2].split(" ")[0] not in person_words().english:
        return None
    post = _TITLE_LEFT.sub("", match[2])
    return Span(match.start(2), match.start(2) + len(post))


def _post_before(text: str, at: int, floor: int) -> Span | None:
    start = max(floor, at - _LONGEST_BEFORE, text.rfind("\n", 0, at) + 1)
    match = _POST_BEFORE.search(text, start, at)
    if match is None or not _HAS_OFFICE.search(match[1]):
        return None
    first = match.start(1) + 4 * match[1].startswith("The ")
    return Span(first, match.end(1))
