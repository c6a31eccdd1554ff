"""Reads the name after a title.

Thai has no space between a name and the verb or post after it (นายสมใจ ใจดีเป็นประธาน), and writers
leave it out. The end is decided by, in this order: the person's other mentions in the article,
lists of surnames, the post after the name, words that follow names (``person_words.csv``) and, for
long runs of letters, the dictionary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.thai.people.further_words import with_more_words
from scraper.thai.people.spots import LONGEST_FIRST, LONGEST_SURNAME, SHORTEST, Name, Spot
from scraper.thai.people.surnames import (
    ends_names,
    is_unlisted_surname,
    is_whole_surname,
    may_be_surname,
    post_follows,
    surname_length,
)
from scraper.thai.people.tables import known_names, person_words
from scraper.thai.words import segment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

LONGEST_STRANGE = 12
"""Letters of a first name that neither a list nor the dictionary has, behind คุณ."""


def certain_name(text: str, spot: Spot, *, weak: bool = False) -> Name | None:
    """Return the full name at a spot if it ends where the letters end.

    Args:
        text: folded.
        spot: from ``read_spot``.
        weak: whether a list must know the first name or surname.
    """
    if not spot.second or not SHORTEST <= len(spot.first) <= LONGEST_FIRST:
        return None
    listed = spot.second in known_names().surnames or spot.second.startswith("ณ ")
    if not (listed or may_be_surname(text, spot)) or not _may_be_first(
        spot.first, surname=spot.second if listed else None, weak=weak
    ):
        return None
    return with_more_words(text, spot, len(spot.second))


def decided_name(
    text: str,
    spot: Spot,
    here: Mapping[str, Name],
    firsts_here: AbstractSet[str],
    *,
    weak: bool = False,
) -> Name | None:
    """Return the full name at a spot, cut where a verb or post is glued to it.

    Args:
        text: folded.
        spot: from ``read_spot``.
        here: the names of the article whose end is clear, by joined name.
        firsts_here: their first names.
        weak: whether a list must know the first name or surname.
    """
    found = _known_here(spot, here) or certain_name(text, spot, weak=weak)
    found = found or _without_space(text, spot, firsts_here, weak=weak)
    if found or not spot.second or len(spot.first) > LONGEST_FIRST:
        return found
    new = spot.first not in firsts_here
    if not (new and is_whole_surname(text, spot)) and ends_names(text, spot):
        return None
    if not new and person_words().ends_name.match(spot.second):
        return None
    length = surname_length(spot.second)
    if new and length != len(spot.second) and is_whole_surname(text, spot):
        length = len(spot.second)
    if length is None:
        return None
    surname = spot.second[:length]
    listed = surname if surname in known_names().surnames else None
    if not _may_be_first(spot.first, surname=listed, weak=weak):
        return None
    return with_more_words(text, spot, length)


def _may_be_first(first: str, *, surname: str | None, weak: bool) -> bool:
    """Return whether a run of letters may be a first name.

    Args:
        first: the letters.
        surname: the run after it if a list has it.
        weak: whether a list must know one of the two, or no dictionary the first.
    """
    words, names = person_words(), known_names()
    listed = first in names.first
    if weak and (words.no_weak_name.match(first) or not (listed or surname or _is_no_word(first))):
        return False
    if surname is not None and surname.startswith("ณ "):
        return True  # เจ้ามาลี ณ ลำพูน
    return listed or not (words.no_name.match(first) or words.after.search(first, 2))


def _is_no_word(first: str) -> bool:
    """Return whether a run is too short to be a sentence and contains no dictionary word."""
    return len(first) <= LONGEST_STRANGE and not known_names().words.issuperset(segment(first))


def first_name(spot: Spot, firsts: Mapping[str, str]) -> str | None:
    """Return the longest of some first names at a spot, if nothing or a verb is glued to it."""
    run = spot.first
    ends = person_words().ends_name
    for length in range(min(len(run), LONGEST_FIRST), SHORTEST - 1, -1):
        if run[:length] in firsts and (length == len(run) or ends.match(run, length)):
            return run[:length]
    return None


def _known_here(spot: Spot, here: Mapping[str, Name]) -> Name | None:
    """Return the longest name of the article that is written at a spot, however it is spaced."""
    joined = spot.first + spot.second.replace(" ", "")
    for length in range(min(len(joined), LONGEST_FIRST + LONGEST_SURNAME), SHORTEST, -1):
        known = here.get(joined[:length])
        if known is None or length < len(spot.first):
            continue
        if length <= len(spot.first):  # the space is missing
            end = spot.start + length
        elif " " in spot.second:
            end = spot.second_start + len(spot.second)
        else:
            end = spot.second_start + length - len(spot.first)
        return Name(spot.start, end, known.first, known.surname)
    return None


def _without_space(
    text: str, spot: Spot, firsts_here: AbstractSet[str], *, weak: bool
) -> Name | None:
    """Return a listed first name and a surname that are written as one word.

    The surname is listed, or a post follows it.
    """
    names, run, ends = known_names(), spot.first, person_words().ends_name
    if run in names.first or len(run) > LONGEST_FIRST + LONGEST_SURNAME:
        return None
    before_post = not weak and post_follows(text, spot.start + len(run))
    unlisted = None
    for length in range(min(len(run) - 3, LONGEST_FIRST), 2, -1):
        if run[:length] in names.first:
            surname = run[length:]
            if before_post and unlisted is None and run[:length] not in firsts_here:
                unlisted = length if is_unlisted_surname(surname) else None
            if surname in names.surnames:
                return Name(spot.start, spot.start + len(run), run[:length], surname)
            end = ends.search(surname, 4)
            if end and surname[: end.start()] in names.surnames:
                whole = length + end.start()
                return Name(spot.start, spot.start + whole, run[:length], run[length:whole])
    if unlisted is None:
        return None
    return Name(spot.start, spot.start + len(run), run[:unlisted], run[unlisted:])
