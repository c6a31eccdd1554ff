"""Decides which spellings inside one article are the same person."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from scraper.thai.people.tables import known_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_ALIKE = 8
"""Surnames of one first name that are compared letter by letter, so that the time stays linear."""


def preferred_spellings(names: Sequence[str]) -> dict[str, str]:
    """Return the spelling to use for each name of an article.

    Two names that differ in the place of the space are one, with a first name that is listed if
    there is one. A surname one letter apart from exactly one surname of the same first name that is
    as frequent is a slip of it.

    Args:
        names: first name, space, surname; in reading order, as often as each occurs.
    """
    splits = _preferred_splits(Counter(names))
    counts = Counter(splits[name] for name in names)  # in reading order
    slips = _slips(counts)
    return {name: slips.get(split, split) for name, split in splits.items()}


def _preferred_splits(counts: Counter[str]) -> dict[str, str]:
    """Return for each name the best of those with the same letters."""
    firsts = known_names().first
    best: dict[str, tuple[bool, int, str]] = {}
    for name, count in counts.items():
        rank = (name.partition(" ")[0] in firsts, count, name)
        joined = name.replace(" ", "")
        if joined not in best or rank[:2] > best[joined][:2]:
            best[joined] = rank
    return {name: best[name.replace(" ", "")][2] for name in counts}


def _slips(counts: Counter[str]) -> dict[str, str]:
    """Return the right spelling of each name that is a slip of another."""
    order = {name: place for place, name in enumerate(counts)}
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for name in counts:
        alike[name.partition(" ")[0]].append(name)
    slips = {}
    for names in alike.values():
        if 1 < len(names) <= MOST_ALIKE:
            for name in names:
                rank = (counts[name], -order[name])
                better = (other for other in names if (counts[other], -order[other]) > rank)
                right = [other for other in better if one_letter_apart(name, other)]
                if len(right) == 1:
                    slips[name] = right[0]
    return {name: _last(right, slips) for name, right in slips.items()}


def _last(name: str, slips: dict[str, str]) -> str:
    """Follow a chain of slips, each to a better spelling, to its end."""
    while name in slips:
        name = slips[name]
    return name


def one_letter_apart(one: str, other: str) -> bool:
    """Return whether one letter is changed, missing, added, or swapped with the next."""
    if len(one) > len(other):
        one, other = other, one
    pairs: Iterable[tuple[str, str]] = zip(one, other, strict=False)
    at = next((place for place, (a, b) in enumerate(pairs) if a != b), len(one))
    if len(one) < len(other):
        return len(other) == len(one) + 1 and one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1]
    return one[at + 1 :] == other[at + 1 :] or (swapped and one[at + 2 :] == other[at + 2 :])
