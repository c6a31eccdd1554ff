"""The names of months and weekdays, as they are written and as they are miswritten.

Everything here is read from the tables in ``data/reference`` and spelled as in a fold: lower case.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import read_table
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable


class Month(NamedTuple):
    """A month's name as found in a text.

    Attributes:
        number: 1 to 12; None where the writing stands between two months.
        abbreviated: a Thai abbreviation, which may also be one of something else.
        careless: an abbreviation that lacks a dot, and so is a month only beside a day.
        misspelt: not one of the twelve names.
        english: an English name.
    """

    number: int | None
    abbreviated: bool = False
    careless: bool = False
    misspelt: bool = False
    english: bool = False


def alternatives(names: Iterable[str]) -> str:
    """Return a pattern for any of the names, longer ones first."""
    return "|".join(map(re.escape, sorted(set(names), key=lambda name: (-len(name), name))))


def _by_initial(patterns: Iterable[str]) -> str:
    """Join patterns so that each begins with a letter no other begins with.

    The regex engine tries one alternative after the other at every character; this way there are
    nine, not sixty, and most characters begin none of them.
    """
    groups = groupby(sorted(patterns, key=lambda p: (p[0], -len(p), p)), key=lambda p: p[0])
    return "|".join(f"{initial}(?:{'|'.join(p[1:] for p in group)})" for initial, group in groups)


_ROWS = read_table("months.csv")
THAI_MONTHS = {row["thai"]: int(row["month"]) for row in _ROWS}
_SHORT = {row["thai_short"]: int(row["month"]) for row in _ROWS}
_ENGLISH_SHORT = {
    short: int(row["month"]) for row in _ROWS for short in row["english_short"].split("|")
}
_ENGLISH = {row["english"]: int(row["month"]) for row in _ROWS} | _ENGLISH_SHORT
_MISSPELT = {
    fold(row["written"]): int(row["month"]) if row["month"] else None
    for row in read_table("month_misspellings.csv")
}
_BARE = {short.replace(".", ""): number for short, number in _SHORT.items()}

WEEKDAYS = {
    name: int(row["weekday"])
    for row in read_table("weekdays.csv")
    for name in (row["thai"], row["thai_short"], row["english"])
    if name
}
"""ISO number of a weekday by its Thai or English name."""

WEEKDAY = f"(?:{alternatives(WEEKDAYS)})"
"""Pattern of any weekday's name."""


def _loosely(short: str) -> str:
    """Return a pattern for a Thai abbreviation with or without its dots: ``มี.ค.``, ``มีค``."""
    first, second = short.rstrip(".").split(".")
    # Without the last dot it must end there; with it, ก.พ. must not go on to ก.พ.ร., and มค. not
    # to มค./ลบ.ม., which is a careless μg/m³.
    return rf"{first}\.? ?{second}(?:\.(?![ก-ฮ]\.|/ลบ)|(?![ก-๎.]))"


MONTH = re.compile(
    _by_initial(
        [
            *map(re.escape, THAI_MONTHS),
            *map(re.escape, _MISSPELT),
            *map(_loosely, _SHORT),
            *(rf"{row['english']}(?![a-z])" for row in _ROWS),
            *(rf"{short}(?![a-z])\.?" for short in _ENGLISH_SHORT),
        ]
    )
)
"""Whatever may be the name of a month. What stands to its left is for the caller to judge."""


def month_named(written: str) -> Month:
    """Return the month a match of `MONTH` names."""
    if number := THAI_MONTHS.get(written):
        return Month(number)
    if written in _MISSPELT:
        return Month(_MISSPELT[written], misspelt=True)
    if number := _ENGLISH.get(written.rstrip(".")):
        return Month(number, english=True)
    number = _BARE[written.replace(".", "").replace(" ", "")]
    return Month(number, abbreviated=True, careless=written not in _SHORT)


@lru_cache(maxsize=4096)
def month_resembling(word: str) -> int | None:
    """Return the month whose name a word misspells, None where no or no single one is near.

    Near is an edit distance of 2 or less, with the first letter right: of some 170 misspelt
    months in 80 spellings this decides nearly all, and keeps out คมนาคม, transport.
    """
    distances = sorted(
        (_distance(word, name), number)
        for name, number in THAI_MONTHS.items()
        if name[0] == word[:1] and abs(len(name) - len(word)) <= 2
    )
    if not distances or distances[0][0] > 2:
        return None
    if len(distances) > 1 and distances[0][0] == distances[1][0]:
        return None
    return distances[0][1]


def _distance(one: str, two: str) -> int:
    """Return the Levenshtein distance of two words."""
    above = list(range(len(two) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, other in enumerate(two, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other)))
        above = line
    return above[-1]
