"""Finds telephone numbers, hotlines and addresses of any kind in a folded text.

A rule of our own instead of the library ``phonenumbers``: its matcher takes 1.1 ms an article,
finds none of ``0 2202 3222-4`` (a range of lines, the usual form of offices), and knows no
hotlines, which are half of the numbers. The shapes of Thai numbers are few.
"""

from __future__ import annotations

from itertools import chain

from scraper.thai.contacts.addresses import find_addresses
from scraper.thai.contacts.contact import Contact
from scraper.thai.contacts.hotlines import find_hotlines
from scraper.thai.contacts.phones import find_phones

__all__ = ["Contact", "find_contacts"]


def find_contacts(text: str) -> list[Contact]:
    """Return the contacts in a folded text, in order, without overlaps. Linear.

    >>> [(c.kind, c.value) for c in find_contacts("โทร. 0 2202 3222-4 หรือสายด่วน 1564")]
    [('phone', '022023222'), ('hotline', '1564')]
    """
    found = chain(find_addresses(text), find_phones(text), find_hotlines(text))
    kept: list[Contact] = []
    for contact in sorted(found, key=lambda contact: (contact.start, -contact.end)):
        if not kept or contact.start >= kept[-1].end:
            kept.append(contact)
    return kept
