"""Names of laws in English texts: ``Land Act B.E. 2497``, ``draft Ministerial Regulation on …``.

The texts are folded, so a name has no capitals; it begins behind "the" and ends with its year. Some
30 articles of the archive name one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class EnglishLaw(NamedTuple):
    """A law in a folded English text: its kind, offsets, and name in lower case."""

    kind: str
    start: int
    end: int
    name: str


_YEAR = r",? ?(?:\((?:issue )?no\. ?[0-9.…]{1,4}\),? ?)?b\.e\. ?(?:2[45][0-9]{2}|[.…]{1,6})"
_HEAD = re.compile(
    rf"(?<![a-z])(?:(?P<year>(?P<word>act|emergency decree|code){_YEAR})"
    r"|(?P<about>act|royal decree|emergency decree|ministerial regulations?"
    r"|regulations? of [a-z’']{2,20}(?: [a-z’']{2,20}){0,6}?) (?=on |concerning )"
    r"|(?P<constitution>constitution of the kingdom of thailand(?:,? ?b\.e\. ?[0-9]{4})?))"
)
_CLOSING = re.compile(_YEAR)
_STOP = re.compile(r"[\n;:“”\"]|(?<!b\.e)(?<!\(no)\. |, (?:as|which|and)(?![a-z])")
_BEGINS = re.compile(r"(?:.*[^a-z])?(?:the|under|draft|of an?) (?=[a-z])", re.DOTALL)
_DRAFT = re.compile(r"draft \Z")
_NO_YEAR = re.compile(r",? ?b\.e\. ?[.…]+\Z")  # of a draft
_SHORTEST_SUBJECT = 6  # characters from "on" to the year
_LONGEST = 200
_LONGEST_NAME = 90  # characters before "act"
_KINDS = {"act": "act", "code": "act", "emergency decree": "decree", "royal decree": "decree"}


def find_english_laws(text: str) -> Iterator[EnglishLaw]:
    """Yield the laws that a folded text names in English, in order. Linear."""
    end = 0
    for match in _HEAD.finditer(text):
        if match.start() < end:
            continue
        law = _law(text, match, end)
        if law is None:
            continue
        draft = _DRAFT.search(text, max(end, law.start - 6), law.start)
        if draft:
            law = law._replace(kind="draft", start=draft.start(), name=f"draft {law.name}")
        yield law
        end = law.end


def _law(text: str, match: re.Match[str], floor: int) -> EnglishLaw | None:
    if match["constitution"]:
        return EnglishLaw("constitution", *match.span(), match[0])
    if match["about"]:
        limit = min(len(text), match.end() + _LONGEST)
        stop = _STOP.search(text, match.end(), limit)
        begin = match.end() + _SHORTEST_SUBJECT
        closing = _CLOSING.search(text, begin, stop.start() + 3 if stop else limit)
        if closing is None:
            return None
        kind = _KINDS.get(match["about"], "regulation")
        name = _NO_YEAR.sub("", text[match.start() : closing.end()])
        return EnglishLaw(kind, match.start(), closing.end(), name)
    before = text[max(floor, match.start() - _LONGEST_NAME) : match.start()]
    begins = _BEGINS.match(before)
    if begins is None or _STOP.search(before, begins.end()):
        return None
    start = match.start() - len(before) + begins.end()
    if start == match.start():
        return None
    return EnglishLaw(_KINDS[match["word"]], start, match.end(), text[start : match.end()])
