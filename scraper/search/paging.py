"""Keyset pagination: each page of search results begins where the one before ended.

The position is the sort key of the last hit. So any page can be requested, however deep, and
articles stored meanwhile never move a hit to another page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scraper.search.query import QueryError


class Order(StrEnum):
    """The orders of hits, by the words of the query string."""

    BEST = "best"
    NEW = "new"
    CHANGED = "changed"
    SEEN = "seen"

    @property
    def column(self) -> str | None:
        """The column of ``articles`` whose latest values come first; None for best match."""
        return _COLUMNS.get(self)


_COLUMNS = {Order.NEW: "published_on", Order.CHANGED: "changed_at", Order.SEEN: "first_seen_at"}
_BY_TIME = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[\dT:.Z+]{0,22}|),(?P<site_id>\d{1,18}),(?P<id>\d{1,18})"
)
_BY_RANK = re.compile(r"(?P<whole>[01]),(?P<rank>-?\d[\d.e+-]{0,30}),(?P<id>\d{1,18})")


@dataclass(frozen=True)
class Cursor:
    """An order of hits and the positions in it.

    The rows of a page are ``id``, the order's column and ``site_id``, latest first, or ``id, whole,
    rank``, best first.
    """

    order: Order

    @property
    def order_by(self) -> str:
        """The terms of ORDER BY."""
        if column := self.order.column:
            return f"{column} DESC, site_id DESC, id DESC"
        return "whole DESC, rank, id DESC"

    def condition(self, token: str | None) -> str:
        """Return a WHERE clause for the rows after a position; empty for None."""
        if token is None:
            return ""
        if not (column := self.order.column):
            return "WHERE (-whole, rank, -id) > (-?, ?, -?)"
        if not self.values(token)[0]:
            return f"WHERE {column} IS NULL AND coalesce(?, 1) AND (site_id, id) < (?, ?)"
        return f"WHERE ({column}, site_id, id) < (?, ?, ?) OR {column} IS NULL"

    def values(self, token: str | None) -> list[Any]:
        """Return the parameters of ``condition``.

        Raises:
            QueryError: the position was not made by ``token``, or for another order.
        """
        if token is None:
            return []
        found = (_BY_TIME if self.order.column else _BY_RANK).fullmatch(token)
        try:
            if found and self.order.column:
                return [found["time"] or None, int(found["site_id"]), int(found["id"])]
            if found:
                return [int(found["whole"]), float(found["rank"]), int(found["id"])]
        except ValueError:
            pass  # not a number after all; refused below
        raise QueryError(f"“{token[:80]}” is not a position in these results; begin without one")

    def token(self, row: tuple[Any, ...]) -> str:
        """Return the position of a row, by which the next page is asked for."""
        number, first, second = row
        return f"{'' if first is None else first},{second!r},{number}"
