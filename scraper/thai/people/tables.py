"""The words and names that decide where a person's name begins and ends.

The tables are ``person_titles.csv``, ``person_words.csv`` and ``surnames.csv``; names are also in
PyThaiNLP's lists, which are loaded on the first call (0.2 seconds).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scraper.reference import read_table
from scraper.thai.pythainlp_data import use_packaged_data
from scraper.thai.text import fold
from scraper.thai.tries import any_of

LETTERS = "\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e"
"""Thai consonants, vowels and marks for a character class; without ฯ, ๆ and digits."""

RUN = re.compile(f"[ก-ฮเ-ไ][{LETTERS}]{{1,80}}(?:-[ก-ฮเ-ไ][{LETTERS}]{{1,20}})?")
"""Thai letters without a blank, such as a first name; a foreign one may have a hyphen.

At most 100 letters, so that reading behind every title of a text takes linear time.
"""

LONG_WORD = 6
"""Letters of a word that surnames are unlikely to contain: อธิบดี, but not รอง."""


@dataclass(frozen=True, slots=True)
class PersonWords:
    """The words of ``person_words.csv``; each pattern matches the longest word of its kind.

    Attributes:
        post: the beginning of a post.
        glued_post: the beginning of a post that may be glued to a surname no list has.
        glued_agency: the same of an agency.
        short: a short post or a word of address before a first name.
        address: the words of address.
        more: a post that may follow another one of the same person without a word between.
        group: a post that several persons hold; after และ it is no second post of a person.
        part: what continues a post after a space.
        after: what ends a name or post, also glued to it.
        ends_name: like ``after``, and words that only end a name that is known.
        never: what no surname begins with.
        no_name: what follows a word that looks like a title but is not one.
        no_weak_name: the same after a weak title.
        sentence: words that do not occur in long surnames.
        na: places in surnames with ณ.
        particle: what begins another word of a foreign surname.
        english: capitalised English words that are no names.
    """

    post: re.Pattern[str]
    glued_post: re.Pattern[str]
    glued_agency: re.Pattern[str]
    short: re.Pattern[str]
    address: frozenset[str]
    more: re.Pattern[str]
    group: re.Pattern[str]
    part: re.Pattern[str]
    after: re.Pattern[str]
    ends_name: re.Pattern[str]
    never: re.Pattern[str]
    no_name: re.Pattern[str]
    no_weak_name: re.Pattern[str]
    sentence: frozenset[str]
    na: frozenset[str]
    particle: frozenset[str]
    english: frozenset[str]


@dataclass(frozen=True, slots=True)
class PersonTitles:
    """The words of address and rank.

    Attributes:
        pattern: matches the longest title; its dots may be followed by a space.
        kinds: kind by title without spaces and dots.
        weak: titles without spaces that have other meanings.
    """

    pattern: re.Pattern[str]
    kinds: dict[str, str]
    weak: frozenset[str]


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Thai names of persons, folded: first names, and surnames of one word or several.

    Attributes:
        first: first names.
        surnames: surnames of one word or several.
        words: the words of the dictionary, among them some names.
    """

    first: frozenset[str]
    surnames: frozenset[str]
    words: frozenset[str]


@cache
def person_words() -> PersonWords:
    """Return the patterns of ``person_words.csv``."""
    by_kind: dict[str, set[str]] = {}
    for row in read_table("person_words.csv"):
        word = row["word"] if row["kind"] == "english" else fold(row["word"])
        by_kind.setdefault(row["kind"], set()).add(word)

    def pattern(*kinds: str) -> re.Pattern[str]:
        return re.compile(any_of(set().union(*(by_kind[kind] for kind in kinds))))

    return PersonWords(
        post=pattern("post"),
        glued_post=re.compile(
            "(?:รอง|อดีต)?" + any_of(w for w in by_kind["post"] if len(w) >= LONG_WORD)
        ),
        glued_agency=re.compile(any_of(w for w in by_kind["never"] if len(w) >= LONG_WORD)),
        short=pattern("short", "address"),
        address=frozenset(by_kind["address"]),
        more=pattern("more"),
        group=pattern("group"),
        part=pattern("part"),
        after=pattern("after"),
        ends_name=pattern("after", "loose", "post"),
        never=pattern("never"),
        no_name=pattern("not"),
        no_weak_name=pattern("not", "weak"),
        sentence=frozenset(by_kind["sentence"]),
        na=frozenset(by_kind["na"]),
        particle=frozenset(by_kind["particle"]),
        english=frozenset(by_kind["english"]),
    )


@cache
def person_titles() -> PersonTitles:
    """Return the titles of ``person_titles.csv``."""
    rows = read_table("person_titles.csv")
    titles = [fold(row["title"]) for row in rows]
    first = "".join(sorted({re.escape(title[0]) for title in titles}))
    spelled = any_of(titles, lambda c: r"\. ?" if c == "." else re.escape(c))
    return PersonTitles(
        pattern=re.compile(f"(?=[{first}]){spelled}"),
        kinds={bare(title): row["kind"] for title, row in zip(titles, rows, strict=True)},
        weak=frozenset(
            title.replace(" ", "") for title, row in zip(titles, rows, strict=True) if row["weak"]
        ),
    )


def bare(title: str) -> str:
    """Return a title without spaces and dots, so that all spellings are equal."""
    return title.replace(" ", "").replace(".", "")


@cache
def known_names() -> KnownNames:
    """Return PyThaiNLP's names of persons and the surnames learned from the archive."""
    use_packaged_data()
    from pythainlp.corpus import (  # noqa: PLC0415 - 130 ms
        thai_family_names,
        thai_female_names,
        thai_male_names,
        thai_words,
    )

    learned = {fold(row["surname"]) for row in read_table("surnames.csv")}
    return KnownNames(
        first=frozenset(map(fold, thai_male_names() | thai_female_names())),
        surnames=frozenset(map(fold, thai_family_names())) | learned,
        words=frozenset(thai_words()),
    )
