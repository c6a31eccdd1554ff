"""The library: read Thai text and archives from Python. Names in ``__all__`` stay stable.

Importing it is cheap; dictionaries and the database are loaded by the first call that needs them.
docs/library.md describes every name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.api.errors import ArticleNotFoundError, PandasMissingError, SqlError
from scraper.api.opening import open_archive
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
from scraper.api.results import ArchivedArticle, ArchivedEvent, FoundArticle, SearchPage
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
from scraper.archive.errors import ArchiveError
from scraper.errors import FilterError, ReportedError
from scraper.model import MinistryScore
from scraper.search.query import QueryError

if TYPE_CHECKING:
    from scraper.api.archive import OpenArchive

__all__ = [
    "AgencyPassage", "ArchiveError", "ArchivedArticle", "ArchivedEvent", "ArticleNotFoundError",
    "ContactPassage", "DatePassage", "FilterError", "FoundArticle", "LawPassage", "MinistryScore",
    "MoneyPassage", "OpenArchive", "PandasMissingError", "Passage", "PersonPassage",
    "PlacePassage", "ProgrammePassage", "QueryError", "ReportedError", "SearchPage", "SqlError",
    "clean", "find_agencies", "find_contacts", "find_dates", "find_laws", "find_ministries",
    "find_money", "find_people", "find_places", "find_programmes", "fold", "open_archive",
    "segment",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load ``OpenArchive``, and the database with it, on first use."""
    if name == "OpenArchive":
        from scraper.api.archive import OpenArchive  # noqa: PLC0415

        return OpenArchive
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
