"""Decides whether a run of letters is a surname, and where the surname ends in it.

A surname is known by a list, ends where a verb or post is glued to it, or is shown by the post
after it. Long runs that no list has are compared with the dictionary.
"""

from __future__ import annotations

from scraper.thai.people.spots import LONGEST_SURNAME, SHORTEST, Spot, listed_prefix
from scraper.thai.people.tables import known_names, person_words
from scraper.thai.people.titles import title_at
from scraper.thai.words import segment

SHORTEST_GLUED = 5
"""Letters of a surname that no list has, glued to a first name."""

LONGEST_CLEAR = 12
"""A longer run of letters that no list has may be a sentence."""

LONGEST_UNLISTED = 18
"""A run of letters longer than this is cut after a listed surname, if words follow it."""


def post_follows(text: str, end: int) -> bool:
    """Return whether a post follows after a space, such as one person holds."""
    words = person_words()
    return (
        text[end : end + 1] == " "
        and words.post.match(text, end + 1) is not None
        and words.group.match(text, end + 1) is None
    )


def is_whole_surname(text: str, spot: Spot) -> bool:
    """Return whether a post after the second run shows that all of it is a surname.

    So a surname may begin like a verb or a post: นายสมใจ นำใจดี ปลัดอำเภอ, นายสมใจ รองใจดี กำนัน.
    """
    words, second = person_words(), spot.second
    if len(second) > LONGEST_UNLISTED or not post_follows(text, spot.second_start + len(second)):
        return False
    begins_post = words.post.match(second)
    if begins_post and (begins_post[0] != "รอง" or words.post.match(second, 3)):
        return False
    ending = words.ends_name.match(second)
    return not (
        (ending and len(second) - ending.end() < SHORTEST)
        or words.after.match(second)
        or words.never.match(second)
        or words.after.search(second, 3)
        or title_at(text, spot.second_start)
    )


def may_be_surname(text: str, spot: Spot) -> bool:
    """Return whether an unlisted run of letters is a surname with nothing glued to it."""
    words, second = person_words(), spot.second
    return not (
        len(second) > LONGEST_SURNAME
        or words.ends_name.match(second)
        or words.never.match(second)
        or words.after.search(second, 3)
        or words.glued_post.search(second, 3)
        or words.glued_agency.search(second, 3)
        or title_at(text, spot.second_start)
        or (_is_sentence(second) and not is_whole_surname(text, spot))
    )


def is_unlisted_surname(run: str) -> bool:
    """Return whether letters that are glued to a first name and precede a post are a surname."""
    words = person_words()
    return (
        SHORTEST_GLUED <= len(run) <= LONGEST_UNLISTED
        and run not in known_names().words
        and not (words.after.search(run) or words.post.match(run) or _is_sentence(run))
    )


def ends_names(text: str, spot: Spot) -> bool:
    """Return whether the second run is not a surname but a verb, a post or the next person."""
    words, second = person_words(), spot.second
    if words.after.match(second) or words.post.match(second) or words.never.match(second):
        return True
    if title_at(text, spot.second_start):
        return True
    ending = words.ends_name.match(second)
    if ending is None:
        return False
    # มีสุข may be a surname, มีความเห็น is none.
    return ending.end() == len(second) or len(segment(second[:LONGEST_SURNAME])) != 2


def surname_length(run: str) -> int | None:
    """Return the letters of a run that are the surname, None if that cannot be decided."""
    names, words = known_names(), person_words()
    for length in range(min(len(run) - 1, LONGEST_SURNAME), 2, -1):
        if run[:length] in names.surnames and words.ends_name.match(run, length):
            return length
    endings = (words.after.search(run, 3), words.glued_post.search(run, 3))
    if found := [ending.start() for ending in endings if ending]:
        return min(found) if min(found) <= LONGEST_SURNAME else None
    if agency := words.glued_agency.search(run, 3):
        surname = run[: agency.start()]
        is_words = names.words.issuperset(segment(surname))
        return None if is_words or len(surname) > LONGEST_SURNAME else len(surname)
    if len(run) <= LONGEST_UNLISTED and not _is_sentence(run):
        return len(run)
    length = listed_prefix(run, names.surnames)
    if length > 3 and len(segment(run[length : length + 60])) > 1:
        return length
    return len(run) if len(run) <= LONGEST_SURNAME and not _is_sentence(run) else None


def _is_sentence(run: str) -> bool:
    """Return whether a long run of letters has words that names do not have."""
    if len(run) <= LONGEST_CLEAR:
        return False
    return not person_words().sentence.isdisjoint(segment(run[: 2 * LONGEST_SURNAME])[1:])
