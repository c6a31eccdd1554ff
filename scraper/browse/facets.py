"""Counts the hits of a search by ministry, agency, category, year, source and so on.

A set of articles is an integer with one bit per article id (a bit set). The number of hits with a
value is the number of bits two integers have in common, which takes microseconds where an SQL query
takes a tenth of a second.

The bit sets are read from indexes and kept in memory, ``max(id) / 8`` bytes per value. New articles
are added at once; changes to existing articles are counted when the run has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from scraper.browse.dates import be_year
from scraper.facts import KINDS
from scraper.facts.kind import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlite_utils import Database

# For each facet, a query for its values and the ids of the articles with each (see ``split_ids``).
# The unary plus keeps SQLite from scanning the table itself, with its texts, and from sorting what
# an index already sorts.
_FACT_FACETS = {kind.facet: kind.facet_sql for kind in KINDS if kind.facet}
FACETS = {
    **{name: sql for name, sql in _FACT_FACETS.items() if name != "has"},
    "category": """SELECT category, group_concat(id) FROM articles INDEXED BY articles_by_category
        WHERE category IS NOT NULL AND +id > :after GROUP BY 1""",
    "year": """SELECT substr(published_on, 1, 4), group_concat(id)
        FROM articles INDEXED BY articles_by_day
        WHERE published_on IS NOT NULL AND +id > :after GROUP BY 1""",
    "source": """SELECT c.origin, group_concat(a.id) FROM articles a INDEXED BY articles_by_capture
        CROSS JOIN captures c ON c.id = a.capture_id WHERE +a.id > :after GROUP BY 1""",
    "has": _FACT_FACETS["has"],
}
RUN_COUNTS = "SELECT count(*) || '/' || count(finished_at) FROM runs"
LAST_ARTICLE = "SELECT coalesce(max(id), 0) FROM articles"
_ONE = ord("1")


class FacetCount(NamedTuple):
    """One value of a facet and the number of hits with it."""

    value: str
    articles: int


@dataclass(frozen=True, eq=False)
class Facets:
    """The sets of articles with each value of each facet.

    Attributes:
        sets: bit sets by facet and value, see ``bits``.
        last: the highest article id among them.
        runs: number of runs begun and ended when the sets were first read.
    """

    sets: Mapping[str, Mapping[str, int]]
    last: int = 0
    runs: str = ""

    def count(
        self, hits: Iterable[int], names: Iterable[str] | None = None
    ) -> dict[str, list[FacetCount]]:
        """Count hits by value, most frequent first, ``NONE`` last; years are in BE, newest first.

        Args:
            hits: article ids in any order.
            names: of the facets to count; all by default.
        """
        found = bits(hits)
        return {
            name: sorted(
                (
                    FacetCount(value, n)
                    for value, own in sets.items()
                    if (n := (found & own).bit_count())
                ),
                key=_newest_order if name == "year" else _frequency_order,
            )
            for name, sets in self.sets.items()
            if names is None or name in names
        }


def read_facets(db: Database, known: Facets | None = None) -> Facets:
    """Read the current facets of an archive.

    Args:
        db: the archive.
        known: the facets last read; returned again if nothing has changed.
    """
    (runs,), (last,) = (db.execute(sql).fetchone() for sql in (RUN_COUNTS, LAST_ARTICLE))
    if known is None or known.runs != runs:
        known = Facets({name: {} for name in FACETS}, 0, runs)
    elif known.last == last:
        return known
    return Facets({name: _extended(db, name, known) for name in FACETS}, last, runs)


def _extended(db: Database, name: str, known: Facets) -> dict[str, int]:
    """Return the sets of a facet, extended by the articles added since."""
    sets = dict(known.sets[name])
    for value, ids in db.execute(FACETS[name], {"after": known.last}):
        shown = str(be_year(f"{value}-01-01")) if name == "year" else value
        sets[shown] = sets.get(shown, 0) | bits(split_ids(ids))
    return sets


def split_ids(ids: str | None) -> Iterable[int]:
    """Split ids joined by SQLite's group_concat, which is faster than a row for each."""
    return map(int, ids.split(",")) if ids else ()


def bits(ids: Iterable[int]) -> int:
    """Return an integer with the bits of the given ids set.

    Args:
        ids: bit positions from 0, in any order.
    """
    places = list(ids)
    digits = bytearray(b"0") * (max(places, default=0) + 1)
    for place in places:
        digits[place] = _ONE
    digits.reverse()  # the last digit is the lowest
    return int(digits, 2)


def _frequency_order(value: FacetCount) -> tuple[bool, int, str]:
    return value.value == NONE, -value.articles, value.value


def _newest_order(value: FacetCount) -> int:
    return -int(value.value)
