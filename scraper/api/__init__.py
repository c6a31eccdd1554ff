"""The library: read Thai text and archives from Python. Names in ``__all__`` are kept.

Importing it is cheap; dictionaries and the database are loaded by the first call that needs them.
docs/library.md describes every name.
"""

from __future__ import annotations

from scraper.api.passages import (
    AgencyPassage,
    ContactPassage,
    DatePassage,
    LawPassage,
    MoneyPassage,
    Passage,
    PersonPassage,
    PlacePassage,
    ProgrammePassage,
)
from scraper.api.texts import (
    clean,
    find_agencies,
    find_contacts,
    find_dates,
    find_laws,
    find_ministries,
    find_money,
    find_people,
    find_places,
    find_programmes,
    fold,
    segment,
)

__all__ = [
    "AgencyPassage", "ContactPassage", "DatePassage", "LawPassage", "MoneyPassage", "Passage",
    "PersonPassage", "PlacePassage", "ProgrammePassage", "clean", "find_agencies",
    "find_contacts", "find_dates", "find_laws", "find_ministries", "find_money", "find_people",
    "find_places", "find_programmes", "fold", "segment",
]  # fmt: skip
