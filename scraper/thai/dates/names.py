"""The names of months and weekdays and their misspellings, from the tables in ``data/reference``.

All are folded: lower case.
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
        number: 1 to 12; None if the spelling is between two months.
        abbreviated: a Thai abbreviation, which may also be that of something else.
        careless: an abbreviation without a dot, which is a month only next to a day.
        misspelt: not one of the twelve names.
        english: an English name.
    """

    number: int | None
    abbreviated: bool = False
    careless: bool = False
    misspelt: bool = False
    english: bool = False


def alternatives(names: Iterable[str]) -> str:
    """Return a pattern for any of some names, longest first."""
    return "|".join(map(re.escape, sorted(set(names), key=lambda name: (-len(name), name))))


def _by_initial(patterns: Iterable[str]) -> str:
    """Return one pattern for several, grouped by first letter.

    The regex engine tries every alternative at every character; this leaves nine instead of sixty,
    and most characters start none of them.
    """
    groups = groupby(sorted(patterns, key=lambda p: (p[0], -len(p), p)), key=lambda p: p[0])
    return "|".join(f"{initial}(?:{'|'.join(p[1:] for p in group)})" for initial, group in groups)


_ROWS = read_table("months.csv")
THAI_MONTHS = {row["thai"]: int(row["month"]) for row in _ROWS}
_SHORT_MONTHS = {row["thai_short"]: int(row["month"]) for row in _ROWS}
_ENGLISH_SHORT = {
    short: int(row["month"]) for row in _ROWS for short in row["english_short"].split("|")
}
_ENGLISH = {row["english"]: int(row["month"]) for row in _ROWS} | _ENGLISH_SHORT
_MISSPELT = {
    fold(row["written"]): int(row["month"]) if row["month"] else None
    for row in read_table("month_misspellings.csv")
}
_BARE = {short.replace(".", ""): number for short, number in _SHORT_MONTHS.items()}

WEEKDAY_NUMBERS = {
    name: int(row["weekday"])
    for row in read_table("weekdays.csv")
    for name in (row["thai"], row["thai_short"], row["english"])
    if name
}
"""ISO numbers of the weekdays by Thai and English name."""

WEEKDAY = f"(?:{alternatives(WEEKDAY_NUMBERS)})"
"""Pattern for the name of any weekday."""


def _loosely(short: str) -> str:
    """Return a pattern for a Thai abbreviation with or without dots: ``มี.ค.``, ``มีค``."""
    first, second = short.rstrip(".").split(".")
    # Without the last dot the word must end here; with it, ก.พ. must not be the start of ก.พ.ร.,
    # nor มค. that of มค./ลบ.ม., a careless μg/m³.
    return rf"{first}\.? ?{second}(?:\.(?![ก-ฮ]\.|/ลบ)|(?![ก-๎.]))"


MONTH_NAME = re.compile(
    _by_initial(
        [
            *map(re.escape, THAI_MONTHS),
            *map(re.escape, _MISSPELT),
            *map(_loosely, _SHORT_MONTHS),
            *(rf"{row['english']}(?![a-z])" for row in _ROWS),
            *(rf"{short}(?![a-z])\.?" for short in _ENGLISH_SHORT),
        ]
    )
)
"""Pattern for possible names of a month; the caller checks the text to the left."""


def month_named(written: str) -> Month:
    """Return the month for a match of `MONTH_NAME`."""
    if number := THAI_MONTHS.get(written):
        return Month(number)
    if written in _MISSPELT:
        return Month(_MISSPELT[written], misspelt=True)
    if number := _ENGLISH.get(written.rstrip(".")):
        return Month(number, english=True)
    number = _BARE[written.replace(".", "").replace(" ", "")]
    return Month(number, abbreviated=True, careless=written not in _SHORT_MONTHS)


@lru_cache(maxsize=4096)
def month_resembling(word: str) -> int | None:
    """Return the month whose name is most similar to a word, None unless exactly one is close.

    Close is an edit distance of at most 2 with the right first letter. This decides nearly all of
    some 170 misspelt months in 80 spellings, and excludes คมนาคม, transport.
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
