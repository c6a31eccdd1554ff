"""The contents of a long text: the numbered subjects of a cabinet meeting, and where each begins.

A résumé of the cabinet lists its subjects first, ``1. เรื่อง …``, and has each of these lines again
as the heading of its part.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.thai.digits import to_ascii_digits
from scraper.thai.text import squash

FEWEST_ENTRIES = 4
LONGEST_ENTRY = 160  # characters shown
SAME_BEGINNING = 16  # characters in which a line of the list and its heading agree
_SUBJECT = re.compile(r"\s*(?P<number>[0-9๐-๙]{1,3})\s*[.)]\s*เรื่อง\s+(?P<title>\S.*)")


class ContentsEntry(NamedTuple):
    """A subject.

    Attributes:
        number: as counted in the text.
        title: of the subject, cut if it is long.
        paragraph: index of the paragraph where its part begins, empty ones not counted.
    """

    number: int
    title: str
    paragraph: int


def read_contents(text: str) -> list[ContentsEntry]:
    """Return the subjects of a text, in order; none if it has few."""
    listed: dict[int, ContentsEntry] = {}
    found: dict[int, ContentsEntry] = {}
    for at, line in enumerate(line for line in text.split("\n") if line):
        if match := _SUBJECT.fullmatch(line):
            number = int(to_ascii_digits(match["number"]))
            entry = ContentsEntry(number, _cut(match["title"]), at)
            if number not in listed:
                listed[number] = entry
            elif _alike(listed[number], entry):
                found.setdefault(number, entry)
    entries = [found.get(number, entry) for number, entry in listed.items()]
    # A list of subjects alone leads nowhere; so does a line that only looks like a subject.
    kept = [entry for entry in entries if entry.number in found or not found]
    return kept if len(kept) >= FEWEST_ENTRIES else []


def _alike(listed: ContentsEntry, heading: ContentsEntry) -> bool:
    return squash(listed.title)[:SAME_BEGINNING] == squash(heading.title)[:SAME_BEGINNING]


def _cut(title: str) -> str:
    return title if len(title) <= LONGEST_ENTRY else f"{title[:LONGEST_ENTRY]}…"
