"""The value that every rule for contacts returns."""

from __future__ import annotations

from typing import NamedTuple


class Contact(NamedTuple):
    """A contact in a folded text.

    Attributes:
        kind: ``phone``, ``hotline``, ``url``, ``email``, ``facebook`` or ``line``.
        start: offset in the folded text.
        end: offset after it.
        value: digits of a number; what is written for an address, which is in lower case here.
    """

    kind: str
    start: int
    end: int
    value: str
