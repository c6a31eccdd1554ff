"""Reads the name behind a title, and decides where the surname ends.

Thai has no blank between a name and the verb or post behind it (นายสมใจ ใจดีเป็นประธาน), and writers
leave it out. The end is decided by, in this order: the person's other mentions in the article,
lists of surnames, words that follow names (``person_words.csv``) and, for long runs of letters, the
dictionary.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.people.tables import RUN, known_names, person_words
from scraper.thai.people.titles import title_at
from scraper.thai.words import segment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

SHORTEST, LONGEST_FIRST, LONGEST_SURNAME = 2, 24, 28
"""Letters of a name, with vowels and marks."""

LONGEST_INITIAL = 5
"""Letters of the name of a Latin letter: เอฟ."""

MOST_FURTHER = 3
"""Words of a surname behind the first: อัปปุหามิลาเค จมินทะ อิโนกา."""

LONGEST_FOREIGN, LONGEST_SYLLABLE = 14, 5
"""Letters of a further word of a foreign name, and of one that may be a word of the dictionary."""

LONGEST_CLEAR = 12
"""A longer run of letters that no list has may be a sentence."""

LONGEST_UNLISTED = 18
"""A run of letters longer than this is cut after a listed surname, if words follow it."""

# The rest of a foreign name with an initial: จอห์น เอฟ. สมิธ.
_INITIAL = re.compile(rf"\. ?{RUN.pattern}")


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
        """The name without blanks: equal for two placements of the blank."""
        return (self.first + self.surname).replace(" ", "")


class Spot(NamedTuple):
    """The letters behind a title or post, before it is decided what of them is a name.

    Attributes:
        start: offset of the first run of letters.
        first: the first run.
        second_start: offset of the second.
        second: the run behind a blank, empty if there is none.
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
            if place and (length := _listed_prefix(place[0], person_words().na)):
                return Spot(at, match[0], end + 1, f"ณ {place[0][:length]}")
            return Spot(at, match[0], end, "")
        second = RUN.match(text, end + 1)
    return Spot(at, match[0], end + 1, second[0] if second else "")


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
    if not (listed or _may_be_surname(text, spot)) or not _may_be_first(
        spot.first, listed_surname=listed, weak=weak
    ):
        return None
    return _with_more_words(text, spot, len(spot.second))


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
    found = _known_here(spot, here) or certain_name(text, spot, weak=weak) or _without_blank(spot)
    if found or not spot.second or len(spot.first) > LONGEST_FIRST or _ends_names(text, spot):
        return found
    if spot.first in firsts_here and person_words().ends_name.match(spot.second):
        return None
    length = _surname_length(spot.second)
    listed = spot.second[:length] in known_names().surnames
    if length is None or not _may_be_first(spot.first, listed_surname=listed, weak=weak):
        return None
    return _with_more_words(text, spot, length)


def _may_be_first(first: str, *, listed_surname: bool, weak: bool) -> bool:
    """Return whether a run of letters may be a first name."""
    words, listed = person_words(), first in known_names().first
    if weak and (words.no_weak_name.match(first) or not (listed or listed_surname)):
        return False
    return listed or not (words.no_name.match(first) or words.after.search(first, 2))


def _may_be_surname(text: str, spot: Spot) -> bool:
    """Return whether a run of letters that no list has is a surname and nothing else."""
    words, second = person_words(), spot.second
    return not (
        len(second) > LONGEST_SURNAME
        or words.ends_name.match(second)
        or words.never.match(second)
        or words.after.search(second, 3)
        or words.glued_post.search(second, 3)
        or title_at(text, spot.second_start)
        or _is_sentence(second)
    )


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
        if length <= len(spot.first):  # the blank is missing
            end = spot.start + length
        elif " " in spot.second:
            end = spot.second_start + len(spot.second)
        else:
            end = spot.second_start + length - len(spot.first)
        return Name(spot.start, end, known.first, known.surname)
    return None


def _without_blank(spot: Spot) -> Name | None:
    """Return a listed first name and a listed surname that are written as one word."""
    names, run, ends = known_names(), spot.first, person_words().ends_name
    if run in names.first or len(run) > LONGEST_FIRST + LONGEST_SURNAME:
        return None
    for length in range(min(len(run) - 3, LONGEST_FIRST), 2, -1):
        if run[:length] in names.first:
            surname = run[length:]
            if surname in names.surnames:
                return Name(spot.start, spot.start + len(run), run[:length], surname)
            end = ends.search(surname, 4)
            if end and surname[: end.start()] in names.surnames:
                whole = length + end.start()
                return Name(spot.start, spot.start + whole, run[:length], run[length:whole])
    return None


def _ends_names(text: str, spot: Spot) -> bool:
    """Return whether the second run is no surname but a verb, a post or the next person."""
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


def _surname_length(run: str) -> int | None:
    """Return the letters of a run that are the surname, None if that cannot be decided."""
    names, words = known_names(), person_words()
    for length in range(min(len(run) - 1, LONGEST_SURNAME), 2, -1):
        if run[:length] in names.surnames and words.ends_name.match(run, length):
            return length
    if ending := words.after.search(run, 3):
        return ending.start() if ending.start() <= LONGEST_SURNAME else None
    if ending := words.glued_post.search(run, 3):
        return ending.start() if ending.start() <= LONGEST_SURNAME else None
    if len(run) <= LONGEST_UNLISTED and not _is_sentence(run):
        return len(run)
    length = _listed_prefix(run, names.surnames)
    if length > 3 and len(segment(run[length : length + 60])) > 1:
        return length
    return len(run) if len(run) <= LONGEST_SURNAME and not _is_sentence(run) else None


def _is_sentence(run: str) -> bool:
    """Return whether a long run of letters has words that names do not have."""
    if len(run) <= LONGEST_CLEAR:
        return False
    return not person_words().sentence.isdisjoint(segment(run[: 2 * LONGEST_SURNAME])[1:])


def _listed_prefix(run: str, listed: frozenset[str]) -> int:
    """Return the length of the longest listed word that begins a run, 0 if none does."""
    longest = min(len(run), LONGEST_SURNAME)
    return next((n for n in range(longest, 1, -1) if run[:n] in listed), 0)


def _with_more_words(text: str, spot: Spot, length: int) -> Name:
    """Return the name with the further words of its surname: two words, or ณ and a place."""
    surname, end = spot.second[:length], spot.second_start + length
    if length <= LONGEST_INITIAL and (initial := _INITIAL.match(text, end)):
        end = initial.end()
        surname = text[spot.second_start : end]
    elif length == len(spot.second) and text[end : end + 1] == " ":
        if text.startswith("ณ ", end + 1):
            place = RUN.match(text, end + 3)
            if place and (more := _listed_prefix(place[0], person_words().na)):
                end += 3 + more
                surname = text[spot.second_start : end]
        else:
            for _ in range(MOST_FURTHER):
                further = RUN.match(text, end + 1) if text[end : end + 1] == " " else None
                if further is None:
                    break
                both = f"{surname} {further[0]}"
                if both not in known_names().surnames and not _is_foreign(
                    text, spot, further, particle=surname.split(" ")[-1] in person_words().particle
                ):
                    break
                end, surname = further.end(), both
    return Name(spot.start, end, spot.first, surname)


def _is_foreign(text: str, spot: Spot, third: re.Match[str], *, particle: bool) -> bool:
    """Return whether a third run belongs to a foreign name.

    Either a particle is before it, or no list or dictionary has it, or it is short and a bracket or
    post follows; neither first name nor surname is listed.
    """
    names, words, end = known_names(), person_words(), third.end()
    if (
        spot.first in names.first
        or spot.second in names.surnames
        or len(third[0]) > LONGEST_FOREIGN
    ):
        return False
    if (
        words.ends_name.match(third[0])
        or title_at(text, third.start())
        or text[end : end + 1] == "."
    ):
        return False
    if particle:
        return True
    if len(third[0]) <= LONGEST_SYLLABLE and text[end : end + 1] == " ":
        return text[end + 1 : end + 2] == "(" or words.post.match(text, end + 1) is not None
    return third[0] not in names.words and not names.words.issuperset(segment(third[0]))
