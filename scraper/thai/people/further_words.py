"""Reads the further words of a surname: ณ and a place, an initial, a foreign name's words."""

from __future__ import annotations

import re

from scraper.thai.people.spots import Name, Spot, listed_prefix
from scraper.thai.people.tables import RUN, known_names, person_words
from scraper.thai.people.titles import title_at
from scraper.thai.words import segment

LONGEST_INITIAL = 5
"""Letters of the name of a Latin letter: เอฟ."""

MOST_FURTHER = 3
"""Words of a surname behind the first: อัปปุหามิลาเค จมินทะ อิโนกา."""

LONGEST_FOREIGN, LONGEST_SYLLABLE = 14, 5
"""Letters of a further word of a foreign name, and of one that may be a word of the dictionary."""

# The rest of a foreign name with an initial: จอห์น เอฟ. สมิธ.
_INITIAL = re.compile(rf"\. ?{RUN.pattern}")
# Further words of a foreign name, and its English spelling with a title.
_SEVERAL_WORDS = re.compile(
    rf"((?: {RUN.pattern}){{1,{MOST_FURTHER}}}) ?\( ?(?=h\. ?e|m[rs]|miss|dr\.|prof|gen|sir|dato)"
)


def with_more_words(text: str, spot: Spot, length: int) -> Name:
    """Return the name with the further words of its surname: two words, or ณ and a place."""
    surname, end = spot.second[:length], spot.second_start + length
    if length <= LONGEST_INITIAL and (initial := _INITIAL.match(text, end)):
        end = initial.end()
        surname = text[spot.second_start : end]
    elif length == len(spot.second) and text[end : end + 1] == " ":
        if text.startswith("ณ ", end + 1):
            place = RUN.match(text, end + 3)
            if place and (more := listed_prefix(place[0], person_words().na)):
                end += 3 + more
                surname = text[spot.second_start : end]
        else:
            if named := _until_bracket(text, spot, end):
                return Name(spot.start, named, spot.first, text[spot.second_start : named])
            for _ in range(MOST_FURTHER):
                further = RUN.match(text, end + 1) if text[end : end + 1] == " " else None
                if further is None:
                    break
                if surname + further[0] in known_names().surnames:  # a space too many: ใจ ดี
                    return Name(spot.start, further.end(), spot.first, surname + further[0])
                both = f"{surname} {further[0]}"
                if both not in known_names().surnames and not _is_foreign(
                    text, spot, further, particle=surname.split(" ")[-1] in person_words().particle
                ):
                    break
                end, surname = further.end(), both
    return Name(spot.start, end, spot.first, surname)


def _until_bracket(text: str, spot: Spot, end: int) -> int | None:
    """Return the end of a foreign name of several words with its English spelling in brackets.

    Args:
        text: folded.
        spot: of the first two words.
        end: offset of their end.
    """
    names, words = known_names(), person_words()
    match = _SEVERAL_WORDS.match(text, end)
    if match is None or spot.first in names.first or spot.second in names.surnames:
        return None
    runs = match[1].split(" ")[1:]
    return None if any(words.ends_name.match(run) for run in runs) else match.end(1)


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
    parts = segment(third[0])
    if len(parts[0]) > LONGEST_SYLLABLE and parts[0] in names.words:
        return False  # นิตยสารโว้ก
    return third[0] not in names.words and not names.words.issuperset(parts)
