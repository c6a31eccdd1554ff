"""Persons that an article names, with title, post and agency as written beside the name."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.facts.kind import (
    MENTION_COLUMNS,
    READING_ORDER,
    ArticleText,
    Entities,
    FactKind,
    FactRow,
    Mention,
)
from scraper.thai.names import find_names
from scraper.thai.people import find_people
from scraper.thai.text import clean, clean_line, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.model import TextField
    from scraper.thai.people import Span

_ID_BITS = 52  # JavaScript reads integers of up to 53 bits exactly
_CACHED_POSTS = 4_096  # an officer's post is the same in hundreds of articles


class PersonMention(NamedTuple):
    """A place where an article names a person.

    Attributes:
        at: the name as written, without title.
        name: first name, one space, surname.
        title: words of address and rank as written, None without.
        post: the post beside the name as written, with others joined to it by และ; None without.
        agency: slug in ``agencies.csv`` of the first agency that the post names, None without.
        form: ``full``, or ``first`` for a first name alone.
    """

    at: Mention
    name: str
    title: str | None
    post: str | None
    agency: str | None
    form: str

    @property
    def person(self) -> int:
        """The id of the person."""
        return person_id(self.name)


def person_id(name: str) -> int:
    """Return the id of a person, which depends on the name apart from spaces and case.

    >>> person_id("มาลี ใจดี") == person_id("มา ลีใจดี")
    True
    """
    joined = fold(name).replace(" ", "").replace("\n", "")
    digest = hashlib.sha256(joined.encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _ID_BITS)


def find_person_mentions(text: ArticleText) -> Iterator[PersonMention]:
    """Yield the places of an article where persons are named, in reading order."""
    folded = {field: value.text for field, value in text.folded.items()}
    written = {field: _as_written(text, field) for field in folded}
    taken = set()
    for person in find_people(folded, written):
        at = text.mention(person.field, person.start, person.end)
        if at[:2] in taken:
            continue  # two characters of the fold may come from one of the text
        taken.add(at[:2])
        post = _passage(text, person.field, person.post)
        yield PersonMention(
            at=at,
            name=person.name,
            title=_passage(text, person.field, person.title),
            post=post,
            agency=_agency_of(post) if post else None,
            form="full" if person.full else "first",
        )


def _as_written(text: ArticleText, field: TextField) -> str:
    """Return a field with its capital letters, as long as its fold."""
    original: str = getattr(text.article, field)
    return original if len(original) == len(text.folded[field].text) else clean(original)


def _passage(text: ArticleText, field: TextField, span: Span | None) -> str | None:
    return clean_line(text.mention(field, *span).text) or None if span else None


@lru_cache(_CACHED_POSTS)
def _agency_of(post: str) -> str | None:
    """Return the slug of the first agency that a post names beyond doubt."""
    for found in find_names(post, None, ""):
        slugs = {meaning.agency for meaning in found.meanings}
        if len(slugs) == 1 and (slug := slugs.pop()):
            return slug
    return None


def person_row(found: PersonMention) -> FactRow:
    """Return the row of a mention."""
    return (
        *found.at, person_id(found.name), found.title, found.post, found.agency, found.form,
    )  # fmt: skip


def person_line(row: dict[str, Any]) -> str:
    """Return a person on one line: title, name and post."""
    return f"{row['title'] or ''}{row['name']}" + (f": {row['post']}" if row["post"] else "")


KIND = FactKind(
    name="people",
    table="person_mentions",
    columns=(*MENTION_COLUMNS, "person", "title", "post", "agency", "form"),
    find=find_person_mentions,
    row=person_row,
    select="t.field, t.position, t.text, t.person, p.name, t.title, t.post, t.agency, t.form "
    "FROM person_mentions t JOIN people p ON p.id = t.person",
    order=READING_ORDER,
    group=("person",),
    heading="People",
    line=person_line,
    brief=lambda found: str(found.name),
    judged=("field", "person", "title", "post", "agency", "form"),
    key="person",
    filter="person",
    facet="person",
    entities=Entities(
        table="people",
        columns=("id", "name"),
        rows=lambda found: [(person_id(found.name), found.name)],
        label="name",
        key_of=person_id,
    ),
)
