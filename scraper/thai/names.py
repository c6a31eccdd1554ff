"""Finds the names of ministries, their agencies and officers in a text.

The names are tables, ``agencies.csv`` and ``ministry_names.csv``; this module knows how to find
them and when they count, but no name, no article and no archive. What the names add up to is
decided in ``ministries`` and ``agencies``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import ReferenceTableError, read_table
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PLACES = ("title", "lead", "opening", "body", "tail")
"""Where in an article a name may stand, in reading order."""

OPENING = 2
"""Paragraphs of the body that count as its opening."""

_LETTER = "0-9a-z\u0e01-\u0e4e"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for, when, and in which company.

    Attributes:
        ministry: slug of ``ministries.csv``.
        agency: slug of ``agencies.csv``, None for a name of the ministry as a whole.
        weight: how clearly the name speaks for the ministry, at most 1.
        first, last: days of publication between which it does.
        needs: it does only in an article that holds one of these words; folded.
    """

    ministry: str
    agency: str | None = None
    weight: float = 1
    first: date = date.min
    last: date = date.max
    needs: tuple[str, ...] = ()

    def holds(self, text: str, published_on: date | None) -> bool:
        """Say whether the name has this meaning in a folded text of a day."""
        dated = (self.first, self.last) != (date.min, date.max)
        if dated and not (published_on and self.first <= published_on <= self.last):
            return False
        return not self.needs or any(word in text for word in self.needs)


class Named(NamedTuple):
    """A name that was found in one place of an article.

    Attributes:
        place: one of ``PLACES``.
        name: as the table spells it.
        times: how often it stands there, at least once.
        meanings: what it stands for in this article, more than one thing at times.
    """

    place: str
    name: str
    times: int
    meanings: tuple[Meaning, ...]

    @property
    def evidence(self) -> str:
        """Where the name was found and how often, such as ``title: กสอ. ×2``."""
        return f"{self.place}: {self.name} ×{self.times}"


@dataclass(frozen=True, slots=True)
class _Names:
    """The tables, ready for use; names are folded.

    Attributes:
        pattern: matches every name of the tables, at each place the longest.
        spelling: the name as its table has it.
        meanings: a name that hides others has none, an ambiguous one several.
    """

    pattern: re.Pattern[str]
    spelling: dict[str, str]
    meanings: dict[str, list[Meaning]]


def find_names(
    title: str,
    lead: str | None,
    body: str,
    *,
    tail: str = "",
    published_on: date | None = None,
) -> list[Named]:
    """Return the names in an article that mean something, by place, in the order of the text.

    Args:
        title: the headline.
        lead: the text under it, if any.
        body: paragraphs joined by newlines.
        tail: sign-off lines and hashtags, joined by newlines.
        published_on: decides which office holders count; without it none does.
    """
    opening, rest = _split_opening(body)
    fields = zip(PLACES, (title, lead or "", opening, rest, tail), strict=True)
    folded = {place: fold(text) for place, text in fields}
    everything = "\n".join(folded.values())
    names = _names()
    found = []
    for place, text in folded.items():
        for name, count in Counter(names.pattern.findall(text)).items():
            meanings = tuple(m for m in names.meanings[name] if m.holds(everything, published_on))
            if meanings:
                found.append(Named(place, names.spelling[name], count, meanings))
    return found


def _split_opening(body: str) -> tuple[str, str]:
    paragraphs = body.split("\n", OPENING)
    return "\n".join(paragraphs[:OPENING]), "".join(paragraphs[OPENING:])


@cache
def _names() -> _Names:
    spelling: dict[str, str] = {}
    meanings: defaultdict[str, list[Meaning]] = defaultdict(list)
    by_kind: defaultdict[str, set[str]] = defaultdict(set)
    for written, kind, meaning in _table():
        name = fold(written)
        spelling[name] = written
        by_kind[kind].add(name)
        meanings[name] += [meaning] if meaning else []
    return _Names(_pattern(by_kind), spelling, meanings)


def _table() -> Iterator[tuple[str, str, Meaning | None]]:
    """Yield each name of both tables with its kind and its meaning, if it has one."""
    owners = {row["slug"]: Meaning(row["slug"]) for row in read_table("ministries.csv")}
    for row in read_table("agencies.csv"):
        owners[row["slug"]] = meaning = Meaning(row["ministry"], row["slug"])
        yield row["name_th"], "agency", meaning
        yield row["name_en"], "agency", meaning
    for row in read_table("ministry_names.csv"):
        # A line that began with # would be a comment, so tags stand in the table without it.
        name = f"#{row['name']}" if row["kind"] == "hashtag" else row["name"]
        yield name, row["kind"], _meaning(row, owners) if row["of"] else None


def _meaning(row: dict[str, str], owners: dict[str, Meaning]) -> Meaning:
    owner = owners.get(row["of"])
    if owner is None:
        raise ReferenceTableError(
            f"ministry_names.csv: {row['name']} is said to be of {row['of']}, which is a slug "
            f"neither of ministries.csv nor of agencies.csv"
        )
    return Meaning(
        ministry=owner.ministry,
        agency=owner.agency,
        weight=float(row["weight"]),
        first=date.fromisoformat(row["from"]) if row["from"] else date.min,
        last=date.fromisoformat(row["until"]) if row["until"] else date.max,
        needs=tuple(fold(word) for word in row["needs"].split("|") if word),
    )


def _pattern(by_kind: dict[str, set[str]]) -> re.Pattern[str]:
    """Return one pattern for all names: 0.4 ms an article, where one by one they take 1.7 ms."""
    # Four places in ten begin no name, which one look tells: a third less time.
    first = "".join(sorted({re.escape(name[0]) for names in by_kind.values() for name in names}))
    abbreviations, hashtags = by_kind.pop("abbreviation", set()), by_kind.pop("hashtag", set())
    dotted = {name for name in abbreviations if name.endswith(".")}
    # Not inside a word (มอก.), nor behind a single letter and its dot, which would make it the end
    # of a longer abbreviation; behind a longer one (รมว.อก., สป.อว.) it is a name of its own.
    starts = f"(?<![{_LETTER}])(?<!(?<![{_LETTER}])[{_LETTER}]\\.)"
    ends = f"(?![{_LETTER}])"
    goes_on = r"(?![ก-ฮ]{1,2}\.)"  # the beginning of a longer one: ปภ.ช., ทล.ม.
    return re.compile(
        f"(?=[{first}])(?:"
        f"{starts}(?:{_any_of(dotted)}{goes_on}|{_any_of(abbreviations - dotted)}{ends})"
        f"|{_any_of(hashtags)}{ends}"
        f"|{_any_of(set().union(*by_kind.values()))})"
    )


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches the longest of some words, with common beginnings shared."""
    tree: dict[str, list[str]] = defaultdict(list)
    for word in words:
        tree[word[:1]].append(word[1:])
    optional = "?" if tree.pop("", None) else ""
    branches = [re.escape(first) + _any_of(rests) for first, rests in sorted(tree.items())]
    if not branches:
        return "" if optional else "(?!)"  # nothing more to match; nothing at all
    return f"(?:{'|'.join(branches)}){optional}"
