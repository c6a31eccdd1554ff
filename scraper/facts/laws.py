"""Laws that an article names, in reading order."""

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
from scraper.thai.laws import complete_names, find_laws

if TYPE_CHECKING:
    from collections.abc import Iterator


class LawMention(NamedTuple):
    """A law that is named; see ``scraper.thai.laws.Law``."""

    at: Mention
    kind: str
    name: str


def find_law_mentions(text: ArticleText) -> Iterator[LawMention]:
    """Yield the laws of each field, in reading order.

    A name without its year is completed where the article gives one year for it.
    """
    found = [
        (field, law) for field, folded in text.folded.items() for law in find_laws(folded.text)
    ]
    shortened = [
        law.name for field, law in found if text.folded[field].text.startswith("ฯ", law.end)
    ]
    names = complete_names((law.name for _, law in found), shortened)
    for field, law in found:
        yield LawMention(text.mention(field, law.start, law.end), law.kind, names[law.name])


def law_row(found: LawMention) -> FactRow:
    """Return the row of a law."""
    return (*found.at, found.kind, found.name)


def law_line(row: dict[str, Any]) -> str:
    """Return a law on one line: its kind and name."""
    return f"{row['kind']}: {row['name']}"


KIND = FactKind(
    name="laws",
    table="law_mentions",
    columns=(*MENTION_COLUMNS, "kind", "name"),
    find=find_law_mentions,
    row=law_row,
    order=READING_ORDER,
    group=("kind", "name"),
    heading="Laws",
    line=law_line,
    brief=lambda found: str(found.name),
    judged=("field", "kind", "name"),
)
