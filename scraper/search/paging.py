"""Pages of search results, each of which begins where the one before ended.

The position is the sort key of the last hit, so that a page can be asked for however far it is, and
articles stored meanwhile move no hit to another page (keyset pagination).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from scraper.search.query import QueryError

_TOKENS = {
    True: re.compile(r"(?P<day>\d{4}-\d\d-\d\d|),(?P<site_id>\d{1,18}),(?P<id>\d{1,18})"),
    False: re.compile(r"(?P<whole>[01]),(?P<rank>-?\d[\d.e+-]{0,30}),(?P<id>\d{1,18})"),
}


@dataclass(frozen=True)
class Cursor:
    """An order of hits and the positions in it.

    The rows of a page are ``id, published_on, site_id``, newest first, or ``id, whole, rank``, best
    first.
    """

    by_date: bool

    @property
    def order(self) -> str:
        """The terms of ORDER BY."""
        if self.by_date:
            return "published_on DESC, site_id DESC, id DESC"
        return "whole DESC, rank, id DESC"

    def condition(self, token: str | None) -> str:
        """Return a WHERE clause for the rows after a position; empty for None."""
        if token is None:
            return ""
        if not self.by_date:
            return "WHERE (-whole, rank, -id) > (-?, ?, -?)"
        if not self.values(token)[0]:
            return "WHERE published_on IS NULL AND coalesce(?, 1) AND (site_id, id) < (?, ?)"
        return "WHERE (published_on, site_id, id) < (?, ?, ?) OR published_on IS NULL"

    def values(self, token: str | None) -> list[Any]:
        """Return the parameters of ``condition``.

        Raises:
            QueryError: the position was not made by ``token``, or for another order.
        """
        if token is None:
            return []
        found = _TOKENS[self.by_date].fullmatch(token)
        try:
            if found and self.by_date:
                return [found["day"] or None, int(found["site_id"]), int(found["id"])]
            if found:
                return [int(found["whole"]), float(found["rank"]), int(found["id"])]
        except ValueError:
            pass  # not a number after all; refused below
        raise QueryError(f"“{token[:80]}” is not a position in these results; begin without one")

    def token(self, row: tuple[Any, ...]) -> str:
        """Return the position of a row, by which the next page is asked for."""
        number, first, second = row
        return f"{'' if first is None else first},{second!r},{number}"
