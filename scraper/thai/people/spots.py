"""A place where a name may be, and the name read there.

What of the letters is a name is decided by ``names.py``, ``surnames.py`` and ``further_words.py``.
"""

from __future__ import annotations

from typing import NamedTuple

from scraper.thai.people.tables import RUN, person_words

SHORTEST, LONGEST_FIRST, LONGEST_SURNAME = 2, 24, 28
"""Letters of a name, with vowels and marks."""


class Name(NamedTuple):
    """A full name at a place of a text.

    Attributes:
        start, end: offsets of the name without a title, in the folded text.
        first, surname: as written there.
    """

    start: int
    end: int
    first: str
    surname: str

    @property
    def joined(self) -> str:
        """The name without spaces: equal for two placements of the space."""
        return (self.first + self.surname).replace(" ", "")


class Spot(NamedTuple):
    """The letters after a title or post, before it is decided what of them is a name.

    Attributes:
        start: offset of the first run of letters.
        first: the first run.
        second_start: offset of the second.
        second: the run after a space, empty if there is none.
    """

    start: int
    first: str
    second_start: int
    second: str


def read_spot(text: str, at: int) -> Spot | None:
    """Return the runs of letters at an offset, None if there are none."""
    match = RUN.match(text, at)
    if match is None:
        return None
    end = match.end()
    second = None
    if text[end : end + 1] == " ":
        if text.startswith("ณ ", end + 1):
            place = RUN.match(text, end + 3)
            if place and (length := listed_prefix(place[0], person_words().na)):
                return Spot(at, match[0], end + 1, f"ณ {place[0][:length]}")
            return Spot(at, match[0], end, "")
        second = RUN.match(text, end + 1)
    return Spot(at, match[0], end + 1, second[0] if second else "")


def listed_prefix(run: str, listed: frozenset[str]) -> int:
    """Return the length of the longest listed word that begins a run, 0 if none does."""
    longest = min(len(run), LONGEST_SURNAME)
    return next((n for n in range(longest, 1, -1) if run[:n] in listed), 0)
