"""Projects, programmes, policies and campaigns that an article names, in reading order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.facts.kind import (
    MENTION_COLUMNS,
    READING_ORDER,
    ArticleText,
    FactKind,
    FactRow,
    Mention,
)
from scraper.thai.programmes import find_programmes
from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator


class ProgrammeMention(NamedTuple):
    """A programme that is named; see ``scraper.thai.programmes.Programme``."""

    at: Mention
    kind: str
    name: str


def find_programme_mentions(text: ArticleText) -> Iterator[ProgrammeMention]:
    """Yield the programmes of each field, in reading order."""
    for field, folded in text.folded.items():
        for kind, start, end, known, whole in find_programmes(folded.text):
            at = text.mention(field, start, end)
            written = text.mention(field, *whole) if whole else at
            yield ProgrammeMention(at, kind, known or clean_line(written.text))


def programme_row(found: ProgrammeMention) -> FactRow:
    """Return the row of a programme."""
    return (*found.at, found.kind, found.name)


def programme_line(row: dict[str, Any]) -> str:
    """Return a programme on one line: its kind and name."""
    return f"{row['kind']}: {row['name']}"


KIND = FactKind(
    name="programmes",
    table="programme_mentions",
    columns=(*MENTION_COLUMNS, "kind", "name"),
    find=find_programme_mentions,
    row=programme_row,
    order=READING_ORDER,
    group=("kind", "name"),
    heading="Programmes",
    line=programme_line,
    brief=lambda found: str(found.name),
    judged=("field", "kind", "name"),
)
