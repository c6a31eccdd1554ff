"""Finds the persons that an article names, and resolves first names to full names.

All evidence comes from the article itself: an unclear name is read as the article spells it clearly
elsewhere, and a first name alone counts if exactly one full name has it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from scraper.model import TextField
from scraper.thai.people.english import find_english_names
from scraper.thai.people.names import certain_name, decided_name, first_name
from scraper.thai.people.posts import Span, post_after, post_before
from scraper.thai.people.spelling import preferred_spellings
from scraper.thai.people.spots import Name, Spot, read_spot
from scraper.thai.people.styled import find_styled_names
from scraper.thai.people.tables import RUN, known_names, person_words
from scraper.thai.people.titles import Title, find_titles
from scraper.thai.people.untitled import listed_names, repeated_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHORTEST_KNOWN = 3
"""Letters of a surname that may be the beginning of a longer run."""

# Between two persons of a row with one post: spaces, a comma, และ.
_ROW = re.compile(r"[ ,]*(?:และ)? ?")
_QUOTED = re.compile(r"[“\"‘']([^“”\"‘’'\n]{2,24})[”\"’']")
# Places, firms and prizes that are named after a person. A space ends a post: ผู้จัดการกองทุน นาย….
_NAMED_AFTER = re.compile(
    r"(?:มูลนิธิ|ถนน|ซอย|อาคาร|ตึก|ห้อง|หอประชุม|โรงเรียน|สวน|ฟาร์ม|(?<!ใหญ่)บ้าน|ร้าน|หจก\.|ห้าง|ไร่|สะพาน"
    r"|อนุสาวรีย์|อุทยาน|วัด|รางวัล|กองทุน|โรงพยาบาล|สนาม|ศาลา|บริษัท|ค่าย|รพ\.)[“\"]?\Z"
)
# The same person in Thai letters: Mr. John Smith (นายจอห์น สมิธ).
_ALIAS = re.compile(r"[a-z] ?\(\Z")


class Person(NamedTuple):
    """A place of an article where a person is named; offsets are in the folded field.

    Attributes:
        field: the field.
        start, end: offsets of the name without title.
        name: first name, one space, surname; the spelling that the article prefers.
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
    """A spot of a field with the title before it."""

    field: TextField
    title: Title
    spot: Spot


class _FirstNameSpot(NamedTuple):
    """A spot where a first name alone may be, with the title or short post before it."""

    field: TextField
    spot: Spot
    title: Span | None = None
    post: Span | None = None


def find_people(texts: Mapping[TextField, str], written: Mapping[TextField, str]) -> list[Person]:
    """Return the mentions of persons in an article, in reading order, without overlaps.

    Args:
        texts: the folded text of each field.
        written: the same before capital letters were folded, so that offsets are equal.
    """
    found = [item for field, text in texts.items() for item in _titled_spots(field, text)]
    untitled = {
        (field, name.start): name for field, text in texts.items() for name in listed_names(text)
    }
    names = _certain_names(texts, found, untitled)
    people = [
        person
        for field, text in texts.items()
        for person in _titled_people(text, [item for item in found if item.field == field], names)
    ]
    people += _untitled_people(people, texts, untitled, names)
    people += _styled_people(texts)
    people += _english_people(people, texts, written)
    spellings = preferred_spellings([person.name for person in people])
    people = [person._replace(name=spellings[person.name]) for person in people]
    people += _first_names(people, texts, found)
    return _with_posts_of_rows(_in_reading_order(people), texts)


def _titled_spots(field: TextField, text: str) -> Iterator[_Found]:
    """Yield what follows each title, unless it is the name of a place or firm."""
    for title in find_titles(text):
        spot = read_spot(text, title.name_start)
        if (
            spot
            and not _NAMED_AFTER.search(text, max(0, title.start - 12), title.start)
            and not _ALIAS.search(text, max(0, title.start - 3), title.start)
        ):
            yield _Found(field, title, spot)


def _certain_names(
    texts: Mapping[TextField, str],
    found: list[_Found],
    untitled: Mapping[tuple[TextField, int], Name],
) -> dict[str, Name]:
    """Return the names with a clear end, keyed by ``joined``; a listed split wins over others."""
    names: dict[str, Name] = {}
    firsts = known_names().first
    certain = (certain_name(texts[item.field], item.spot, weak=item.title.weak) for item in found)
    for name in (*certain, *untitled.values()):
        if name is not None:
            before = names.setdefault(name.joined, name)
            if before.first not in firsts and name.first in firsts:
                names[name.joined] = name
    return {joined: name for joined, name in names.items() if not _is_continued(name, names)}


def _is_continued(name: Name, names: Mapping[str, Name]) -> bool:
    """Return whether an unlisted surname is another one of the article with a word glued to it."""
    if name.surname in known_names().surnames:
        return False
    shortest = len(name.first) + SHORTEST_KNOWN
    shorter = (names.get(name.joined[:n]) for n in range(shortest, len(name.joined)))
    return any(other is not None and other.first == name.first for other in shorter)


def _titled_people(text: str, found: list[_Found], names: Mapping[str, Name]) -> Iterator[Person]:
    """Yield the persons with a title and a full name in one field."""
    firsts = frozenset(name.first for name in names.values())
    named: list[tuple[_Found, Name]] = []
    for item in found:
        if named and item.title.start < named[-1][1].end:
            continue
        if name := decided_name(text, item.spot, names, firsts, weak=item.title.weak):
            named.append((item, name))
    floor = 0
    for index, (item, name) in enumerate(named):
        title = item.title
        edge = named[index + 1][0].title.start if index + 1 < len(named) else None
        own_line = text[max(0, title.start - 1) : title.start] in ("", "\n")
        post = post_after(text, name.end, edge, own_line=own_line)
        post = post or post_before(text, title.start, floor)
        yield Person(
            item.field, name.start, name.end, f"{name.first} {name.surname}",
            Span(title.start, title.end), post, full=True,
        )  # fmt: skip
        floor = max(name.end, post.end if post else 0)


def _untitled_people(
    people: list[Person],
    texts: Mapping[TextField, str],
    untitled: Mapping[tuple[TextField, int], Name],
    names: Mapping[str, Name],
) -> list[Person]:
    """Return full names without a title: where a name is expected, and known ones anywhere."""
    known = {person.name.replace(" ", "") for person in people}
    known.update(name.joined for name in untitled.values())
    surnames: defaultdict[str, set[str]] = defaultdict(set)
    for name in (names[joined] for joined in known if joined in names):
        surnames[name.first].add(name.surname)
    found = dict(untitled)
    for field, text in texts.items():
        found.update(((field, name.start), name) for name in repeated_names(text, surnames))
    taken = {(person.field, person.start) for person in people}
    return [
        Person(
            field, start, name.end, f"{name.first} {name.surname}", None,
            post_after(texts[field], name.end) or post_before(texts[field], start, 0), full=True,
        )
        for (field, start), name in found.items()
        if (field, start) not in taken
    ]  # fmt: skip


def _styled_people(texts: Mapping[TextField, str]) -> Iterator[Person]:
    """Yield royalty, and monks with a Pali name."""
    for field, text in texts.items():
        for styled in find_styled_names(text):
            post = post_after(text, styled.end) if styled.is_monk else None
            yield Person(field, styled.start, styled.end, styled.name, None, post, full=True)


def _english_people(
    people: list[Person], texts: Mapping[TextField, str], written: Mapping[TextField, str]
) -> Iterator[Person]:
    """Yield names in Latin letters, but not those in brackets after the same name in Thai."""
    ends = {(person.field, person.end) for person in people}
    for field, text in texts.items():
        for name in find_english_names(written[field]):
            begin = name.title.start if name.title else name.start
            opening = text.rfind("(", max(0, begin - 2), begin)
            if opening > 0 and not ends.isdisjoint({(field, opening), (field, opening - 1)}):
                continue
            post = name.post or post_after(text, name.end)
            full = written[field][name.start : name.end]
            yield Person(field, name.start, name.end, full, name.title, post, full=True)


def _first_names(
    people: list[Person], texts: Mapping[TextField, str], found: list[_Found]
) -> Iterator[Person]:
    """Yield the lone first names that belong to exactly one full name of the article."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for person in people:
        names[person.name.partition(" ")[0]].add(person.name)
    firsts = {first: min(full) for first, full in names.items() if len(full) == 1}
    if not firsts:
        return
    no_name = person_words().no_weak_name
    spots = [
        _FirstNameSpot(item.field, item.spot, title=Span(item.title.start, item.title.end))
        for item in found
        if not (item.title.weak and no_name.match(item.spot.first))  # คุณวุฒิ
    ]
    for field, text in texts.items():
        spots += _first_name_spots(field, text, firsts)
    taken = {(person.field, person.start) for person in people}
    for field, spot, title, short in spots:
        first = first_name(spot, firsts)
        if first is None or (field, spot.start) in taken:
            continue
        taken.add((field, spot.start))
        end = spot.start + len(first)
        post = short or post_after(texts[field], end + texts[field].startswith("ฯ", end))
        yield Person(field, spot.start, end, firsts[first], title, post, full=False)


def _first_name_spots(
    field: TextField, text: str, firsts: Mapping[str, str]
) -> Iterator[_FirstNameSpot]:
    """Yield where a first name may be: after a short post, in quotes, in headlines."""
    for short in person_words().short.finditer(text):
        end = short.end() + (text[short.end() : short.end() + 1] == " ")
        if spot := read_spot(text, end):
            span = Span(*short.span())
            address = short[0] in person_words().address
            yield _FirstNameSpot(
                field, spot, title=span if address else None, post=None if address else span
            )
    quotes = ((quoted.start(1), quoted[1]) for quoted in _QUOTED.finditer(text))
    runs = ((match.start(), match[0]) for match in RUN.finditer(text))
    in_head = field in (TextField.TITLE, TextField.LEAD)
    for start, word in (*quotes, *(runs if in_head else ())):
        if word in firsts:
            yield _FirstNameSpot(field, Spot(start, word, start + len(word), ""))


def _in_reading_order(people: list[Person]) -> list[Person]:
    """Return the persons by field and place; of two that overlap, the first."""
    order = {field: rank for rank, field in enumerate(TextField)}
    people.sort(key=lambda person: (order[person.field], person.start, -person.end))
    kept: list[Person] = []
    for person in people:
        if not kept or kept[-1].field != person.field or kept[-1].end <= person.start:
            kept.append(person)
    return kept


def _with_posts_of_rows(people: list[Person], texts: Mapping[TextField, str]) -> list[Person]:
    """Give persons in a row the post after the last, if they have none in the article."""
    with_post = {person.name for person in people if person.post}
    shared = list(people)
    for index in range(len(people) - 2, -1, -1):
        person, following = people[index], shared[index + 1]
        if not person.full or person.name in with_post or following.post is None:
            continue
        begin = following.title.start if following.title else following.start
        row = _ROW.match(texts[person.field], person.end)
        if (
            person.field == following.field
            and following.post.start > following.start
            and row is not None
            and row.end() == begin
        ):
            shared[index] = person._replace(post=following.post)
    return shared
