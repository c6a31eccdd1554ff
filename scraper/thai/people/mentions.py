"""Finds the persons that an article names, and whom its first names mean.

Everything is decided inside the article: a name is read again where it is spelled clearly elsewhere
in it, and a first name alone counts if exactly one full name has it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from scraper.model import TextField
from scraper.thai.people.english import find_english_names
from scraper.thai.people.names import (
    Name,
    Spot,
    certain_name,
    decided_name,
    first_name,
    read_spot,
)
from scraper.thai.people.posts import Span, post_after, post_before
from scraper.thai.people.styled import find_styled_names
from scraper.thai.people.tables import RUN, known_names, person_words
from scraper.thai.people.titles import Title, find_titles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set

MOST_ALIKE = 8
"""Surnames of one first name that are compared letter by letter, so that the time stays linear."""

# Between two persons of a row with one post: blanks, a comma, และ.
_ROW = re.compile(r"[ ,]*(?:และ)? ?")
# A line of credits: "เผยแพร่ : สมใจ ใจดี", "สมใจ ใจดี, มาลี ใจดี: สรุป/รายงาน".
_CREDITS = re.compile(
    r"(?:สรุป|รายงาน|ถ่ายภาพ|ภาพ|ข่าว|เรียบเรียง|เผยแพร่|กราฟิก|เขียน|แปล|ผู้สื่อข่าว)[^\n:]{0,20}[:/]"
    r"|[:/] ?(?:สรุป|รายงาน|ถ่ายภาพ|ภาพ|ข่าว|เรียบเรียง|กราฟิก|เขียน|แปล)"
)
_LONGEST_CREDITS = 120
_LINE_START = re.compile(r"\n[ \d.()•*-]{0,6}\Z")
_NAME_END = re.compile(r"\s|\Z|[,:/;()]")
_QUOTED = re.compile(r"[“\"‘']([^“”\"‘’'\n]{2,24})[”\"’']")
_HOUSES = re.compile(
    r"(?:มูลนิธิ|ถนน|ซอย|อาคาร|ตึก|ห้อง|หอประชุม|โรงเรียน|สวน|ฟาร์ม|บ้าน|ร้าน|หจก\.|ห้าง|ไร่|สะพาน"
    r"|อนุสาวรีย์|อุทยาน|วัด|รางวัล|กองทุน|โรงพยาบาล|สนาม|ศาลา|บริษัท|ค่าย|รพ\.)[ “\"]?\Z"
)
# The same person in Thai letters: Mr. John Smith (นายจอห์น สมิธ).
_ALIAS = re.compile(r"[a-z] ?\(\Z")


class Person(NamedTuple):
    """A place of an article where a person is named; offsets are in the folded field.

    Attributes:
        field: the field.
        start, end: offsets of the name without title.
        name: first name, one blank, surname; the spelling that the article prefers.
        title: offsets of the titles, None without.
        post: offsets of the post beside the name, None without.
        full: False for a first name alone.
    """

    field: TextField
    start: int
    end: int
    name: str
    title: Span | None
    post: Span | None
    full: bool


class _Found(NamedTuple):
    """A spot of a field with the title before it, if any."""

    field: TextField
    title: Title | None
    spot: Spot


def find_people(texts: Mapping[TextField, str], written: Mapping[TextField, str]) -> list[Person]:
    """Return where an article names persons, in reading order.

    Args:
        texts: the folded text of each field.
        written: the same before capital letters were folded, so that offsets are equal.
    """
    found = [
        _Found(field, title, spot)
        for field, text in texts.items()
        for title in find_titles(text)
        if (spot := read_spot(text, title.name_start))
        and not _HOUSES.search(text, max(0, title.start - 12), title.start)
        and not _ALIAS.search(text, max(0, title.start - 3), title.start)
    ]
    untitled = [(field, name) for field, text in texts.items() for name in _listed_names(text)]
    names = _certain_names(texts, found, untitled)
    here = {joined: name.first for joined, name in names.items()}
    firsts = frozenset(here.values())
    people: list[Person] = []
    for field, text in texts.items():
        own = [item for item in found if item.field == field]
        people += _people_of_field(field, text, own, here, firsts)
    people = _with_untitled(people, texts, untitled, names)
    people += _people_without_thai_titles(people, texts, written)
    people = _with_one_spelling(people)
    people = _with_first_names(people, texts, found)
    people.sort(key=lambda person: (list(TextField).index(person.field), person.start))
    return _with_posts_of_rows(people, texts)


def _certain_names(
    texts: Mapping[TextField, str],
    found: list[_Found],
    untitled: list[tuple[TextField, Name]],
) -> dict[str, Name]:
    """Return the names whose end is clear, by joined name; of two splits, the listed one."""
    names: dict[str, Name] = {}
    lists = known_names()
    certain = [
        certain_name(texts[item.field], item.spot, weak=item.title is None or item.title.weak)
        for item in found
    ]
    for name in (*certain, *(name for _, name in untitled)):
        if name is None:
            continue
        before = names.setdefault(name.joined, name)
        if before.first not in lists.first and name.first in lists.first:
            names[name.joined] = name
    return names


def _people_of_field(
    field: TextField,
    text: str,
    found: list[_Found],
    here: Mapping[str, str],
    firsts: Set[str],
) -> Iterator[Person]:
    """Yield the persons with a title and a full name in one field."""
    named: list[tuple[Title, Name]] = []
    for item in found:
        if item.title is None or (named and item.title.start < named[-1][1].end):
            continue
        if name := decided_name(text, item.spot, here, firsts, weak=item.title.weak):
            named.append((item.title, name))
    floor = 0
    for index, (title, name) in enumerate(named):
        edge = named[index + 1][0].start if index + 1 < len(named) else None
        own_line = text[title.start - 1 : title.start] in ("", "\n")
        post = post_after(text, name.end, edge, own_line=own_line)
        post = post or post_before(text, title.start, floor)
        yield Person(
            field, name.start, name.end, f"{name.first} {name.surname}",
            Span(title.start, title.end), post, full=True,
        )  # fmt: skip
        floor = max(name.end, post.end if post else 0)


def _people_without_thai_titles(
    people: list[Person], texts: Mapping[TextField, str], written: Mapping[TextField, str]
) -> list[Person]:
    """Return royalty, monks with a Pali name, and names in Latin letters."""
    ends = {(person.field, person.end) for person in people}
    added = []
    for field, text in texts.items():
        for styled in find_styled_names(text):
            added.append(
                Person(field, styled.start, styled.end, styled.name, None, None, full=True)
            )
        for name in find_english_names(written[field]):
            begin = name.title.start if name.title else name.start
            opening = text.rfind("(", max(0, begin - 2), begin)
            if opening > 0 and {(field, opening), (field, opening - 1)} & ends:
                continue  # the same person: นายจอห์น สมิธ (Mr. John Smith)
            post = name.post or post_after(text, name.end)
            full = written[field][name.start : name.end]
            added.append(Person(field, name.start, name.end, full, name.title, post, full=True))
    return added


def _listed_names(text: str) -> Iterator[Name]:
    """Yield pairs of a listed first name and a listed surname where a name may be expected.

    That is at the beginning of a line, behind a credit (ข่าว/ภาพ) and behind a post.
    """
    lists = known_names()
    at = 0
    while match := RUN.search(text, at):
        at = match.end()
        if match[0] not in lists.first:
            continue
        spot = read_spot(text, match.start())
        if spot is None or not spot.second:
            continue
        end = spot.second_start + len(spot.second)
        if not _NAME_END.match(text, end):
            continue
        start = match.start()
        if spot.second in lists.surnames:
            expected = _LINE_START.search(text, max(0, start - 8), start) or post_before(
                text, start, 0
            )
        else:
            expected = None
        if expected or _is_credit(text, spot):
            yield Name(start, end, spot.first, spot.second)
            at = end


def _is_credit(text: str, spot: Spot) -> bool:
    """Return whether a spot is in a line that says who wrote the text or took the pictures."""
    start = text.rfind("\n", max(0, spot.start - _LONGEST_CREDITS), spot.start) + 1
    if start == 0 and spot.start > _LONGEST_CREDITS:
        return False
    end = text.find("\n", spot.start, spot.start + _LONGEST_CREDITS)
    end = min(len(text), spot.start + _LONGEST_CREDITS) if end < 0 else end
    return end - start <= _LONGEST_CREDITS and _CREDITS.search(text, start, end) is not None


def _with_untitled(
    people: list[Person],
    texts: Mapping[TextField, str],
    untitled: list[tuple[TextField, Name]],
    names: Mapping[str, Name],
) -> list[Person]:
    """Add full names without a title: those that stand where a name is expected, and known ones."""
    taken = {(person.field, person.start) for person in people}
    known = {person.name.replace(" ", "") for person in people} | {n.joined for _, n in untitled}
    by_first: defaultdict[str, set[str]] = defaultdict(set)
    for joined in known:
        if joined in names:
            by_first[names[joined].first].add(names[joined].surname)
    added = dict(((field, name.start), name) for field, name in untitled)
    for field, text in texts.items():
        for match in RUN.finditer(text):
            for surname in by_first.get(match[0], ()):
                if text.startswith(f" {surname}", match.end()):
                    end = match.end() + 1 + len(surname)
                    added[field, match.start()] = Name(match.start(), end, match[0], surname)
    for (field, start), name in added.items():
        if (field, start) not in taken:
            post = post_after(texts[field], name.end) or post_before(texts[field], start, 0)
            people.append(
                Person(
                    field, start, name.end, f"{name.first} {name.surname}", None, post, full=True
                )
            )
    return people


def _with_one_spelling(people: list[Person]) -> list[Person]:
    """Give each person one name: the listed split of the blank, the frequent spelling."""
    counts = Counter(person.name for person in people)
    lists = known_names()
    best: dict[str, str] = {}
    for name in counts:
        joined = name.replace(" ", "")
        other = best.get(joined)
        if other is None or _split_rank(name, counts, lists.first) > _split_rank(
            other, counts, lists.first
        ):
            best[joined] = name
    counts = Counter(best[person.name.replace(" ", "")] for person in people)
    by_first: defaultdict[str, list[str]] = defaultdict(list)
    for name in counts:
        by_first[name.partition(" ")[0]].append(name)
    right: dict[str, str] = {}
    for alike in by_first.values():
        if 1 < len(alike) <= MOST_ALIKE:
            for name in alike:
                others = [o for o in alike if o != name and counts[o] >= counts[name]]
                near = [other for other in others if _one_letter_apart(name, other)]
                if len(near) == 1 and (counts[near[0]] > counts[name] or near[0] not in right):
                    right[name] = near[0]
    for name, other in list(right.items()):
        if right.get(other) == name:  # equally frequent: the first one
            del right[other if list(counts).index(other) < list(counts).index(name) else name]
    final = []
    for person in people:
        name = best[person.name.replace(" ", "")]
        final.append(person._replace(name=right.get(name, name)))
    return final


def _split_rank(name: str, counts: Counter[str], firsts: frozenset[str]) -> tuple[bool, int]:
    return name.partition(" ")[0] in firsts, counts[name]


def _one_letter_apart(one: str, other: str) -> bool:
    """Return whether a letter is changed, missing, added, or swapped with the next."""
    if len(one) > len(other):
        one, other = other, one
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) == len(other):
        swapped = one[at : at + 2] == other[at : at + 2][::-1]
        return one[at + 1 :] == other[at + 1 :] or (swapped and one[at + 2 :] == other[at + 2 :])
    return len(other) == len(one) + 1 and one[at:] == other[at + 1 :]


def _with_first_names(
    people: list[Person], texts: Mapping[TextField, str], found: list[_Found]
) -> list[Person]:
    """Add the first names alone that only one full name of the article has."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for person in people:
        names[person.name.partition(" ")[0]].add(person.name)
    firsts = {first: min(full) for first, full in names.items() if len(full) == 1}
    if not firsts:
        return people
    taken = {(person.field, person.start) for person in people}
    for field, title, spot, post in _first_name_spots(texts, found, firsts):
        first = first_name(spot, firsts)
        if first is None or (field, spot.start) in taken:
            continue
        taken.add((field, spot.start))
        end = spot.start + len(first)
        beside = post or post_after(texts[field], end + texts[field].startswith("ฯ", end))
        people.append(Person(field, spot.start, end, firsts[first], title, beside, full=False))
    return people


def _first_name_spots(
    texts: Mapping[TextField, str], found: list[_Found], firsts: Mapping[str, str]
) -> Iterator[tuple[TextField, Span | None, Spot, Span | None]]:
    """Yield where a first name may stand: behind titles and short posts, in quotes, in headlines."""
    for item in found:
        if item.title:
            yield item.field, Span(item.title.start, item.title.end), item.spot, None
    for field, text in texts.items():
        for short in person_words().short.finditer(text):
            end = short.end() + (text[short.end() : short.end() + 1] == " ")
            if spot := read_spot(text, end):
                yield field, None, spot, Span(short.start(), short.end())
        for quoted in _QUOTED.finditer(text):
            if quoted[1] in firsts:
                yield field, None, Spot(quoted.start(1), quoted[1], quoted.end(1), ""), None
        if field in (TextField.TITLE, TextField.LEAD):
            for match in RUN.finditer(text):
                if match[0] in firsts:
                    yield field, None, Spot(match.start(), match[0], match.end(), ""), None


def _with_posts_of_rows(people: list[Person], texts: Mapping[TextField, str]) -> list[Person]:
    """Give persons in a row the post behind the last, if they have none in the article."""
    with_post = {person.name for person in people if person.post}
    shared = list(people)
    for index in range(len(people) - 2, -1, -1):
        person, following = people[index], shared[index + 1]
        if person.post or person.name in with_post or following.post is None:
            continue
        begin = following.title.start if following.title else following.start
        row = _ROW.match(texts[person.field], person.end)
        if (
            person.full
            and person.field == following.field
            and following.post.start > following.start
            and row is not None
            and row.end() == begin
        ):
            shared[index] = person._replace(post=following.post)
    return shared
