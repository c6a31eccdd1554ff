"""“Did you mean” on the search page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.browse.archive_database import cached
from scraper.browse.time_limit import QueryTimeoutError
from scraper.search.corrections import RARE, suggest_queries

if TYPE_CHECKING:
    from datasette.app import Datasette
    from sqlite_utils import Database

    from scraper.browse.search import SearchQuery
    from scraper.search.corrections import Suggestion


def read_suggestions(db: Database, search_query: SearchQuery, total: int) -> tuple[Suggestion, ...]:
    """Return what the reader of a result may have meant.

    Args:
        db: the archive.
        search_query: a valid search.
        total: the articles that it found.
    """
    return suggest_queries(db, search_query.q, search_query.filters(), total)


async def suggestions(
    site: Datasette, search_query: SearchQuery, total: int
) -> tuple[Suggestion, ...]:
    """Return the suggestions for a result; none if finding them takes too long."""
    if total >= RARE or not search_query.q:
        return ()
    try:
        return await cached(site, read_suggestions, search_query, total)
    except QueryTimeoutError:
        return ()
