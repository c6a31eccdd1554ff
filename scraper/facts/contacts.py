"""Telephone numbers, hotlines and addresses in all fields of an article, in reading order."""

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
from scraper.thai.contacts import find_contacts
from scraper.thai.contacts.addresses import address_value
from scraper.thai.contacts.warnings import is_warned_of
from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = ("phone", "hotline")


class ContactMention(NamedTuple):
    """A contact; see ``scraper.thai.contacts``.

    Attributes:
        at: where it is written.
        kind: ``phone``, ``hotline``, ``url``, ``email``, ``facebook`` or ``line``.
        value: digits of a number, absolute URL, or name, in one form.
        warned: whether the text warns of it.
    """

    at: Mention
    kind: str
    value: str
    warned: bool


def find_contact_mentions(text: ArticleText) -> Iterator[ContactMention]:
    """Yield the contacts of each field, in reading order."""
    for field, folded in text.folded.items():
        for kind, start, end, written in find_contacts(folded.text):
            at = text.mention(field, start, end)
            # An address is read again as it is written: the fold is in lower case, a path is not.
            number = kind in _NUMBERS
            value = written if number else address_value(kind, clean_line(at.text))
            warned = kind != "hotline" and is_warned_of(folded.text, start, end)
            yield ContactMention(at, kind, value, warned)


def contact_row(found: ContactMention) -> FactRow:
    """Return the row of a contact."""
    return (*found.at, found.kind, found.value, int(found.warned))


def contact_line(row: dict[str, Any]) -> str:
    """Return a contact on one line: its kind, its value, and a warning."""
    return f"{row['kind']} {row['value']}{' (warned of)' if row['warned'] else ''}"


KIND = FactKind(
    name="contacts",
    table="contacts",
    columns=(*MENTION_COLUMNS, "kind", "value", "warned"),
    find=find_contact_mentions,
    row=contact_row,
    order=READING_ORDER,
    group=("kind", "value"),
    heading="Contacts",
    line=contact_line,
    brief=lambda found: str(found.value),
    judged=("field", "kind", "value", "warned"),
)
