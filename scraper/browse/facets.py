"""Counts how the hits of a search divide: by ministry, agency, category, year, source and so on.

A number of articles that have something in common is one integer here: the bit at the place of an
article's id tells whether it is among them. How many of the hits have a value is the number of bits
that two integers share, which takes microseconds where a query takes a tenth of a second.

The integers of all values are read from indexes, no article's text, and then kept. New articles
are added as they come; what a run changes of those already there, such as the ministry of an edited
one, is counted when the run has ended. They take ``max(id) / 8`` bytes for each value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from scraper.browse.dates import be_year
from scraper.facts import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlite_utils import Database

# For each facet its name in the query string, and a query for its values and the articles that have
# them, see ``listed``. A plus keeps SQLite from walking the table itself, with its texts, or from
# sorting what an index has in order.
_FACT_FACETS = {
    kind.facet: f"SELECT {kind.key}, group_concat(article_id) FROM {kind.table} "
    "WHERE +article_id > :after GROUP BY 1"
    for kind in KINDS
    if kind.facet
}
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
    """One value of a facet: what goes into the address, and how many hits have it."""

    value: str
    articles: int


@dataclass(frozen=True, eq=False)
class Facets:
    """The articles that have each value of each facet.

    Attributes:
        sets: for each facet and value the integer of its articles, see ``bits``.
        last: the highest id of an article among them.
        runs: how many runs had begun and ended when the sets were first read.
    """

    sets: Mapping[str, Mapping[str, int]]
    last: int = 0
    runs: str = ""

    def count(self, hits: Iterable[int]) -> dict[str, list[FacetCount]]:
        """Return how hits divide: most frequent values first, years newest first and in BE.

        Args:
            hits: ids of articles, in any order.
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
        }


def read_facets(db: Database, known: Facets | None = None) -> Facets:
    """Return the facets of an archive as it is now.

    Args:
        db: the archive.
        known: what was read before; it is returned again if there is nothing new.
    """
    (runs,), (last,) = (db.execute(sql).fetchone() for sql in (RUN_COUNTS, LAST_ARTICLE))
    if known is None or known.runs != runs:
        known = Facets({name: {} for name in FACETS}, 0, runs)
    elif known.last == last:
        return known
    return Facets({name: _extended(db, name, known) for name in FACETS}, last, runs)


def _extended(db: Database, name: str, known: Facets) -> dict[str, int]:
    """Return the sets of a facet with the articles that came after those known."""
    sets = dict(known.sets[name])
    for value, ids in db.execute(FACETS[name], {"after": known.last}):
        shown = str(be_year(f"{value}-01-01")) if name == "year" else value
        sets[shown] = sets.get(shown, 0) | bits(split_ids(ids))
    return sets


def split_ids(ids: str | None) -> Iterable[int]:
    """Return the ids that SQLite's group_concat joined: quicker than a row for each."""
    return map(int, ids.split(",")) if ids else ()


def bits(ids: Iterable[int]) -> int:
    """Return the integer in which the bits at some places are set.

    Args:
        ids: the places, from 0, in any order.
    """
    places = list(ids)
    digits = bytearray(b"0") * (max(places, default=0) + 1)
    for place in places:
        digits[place] = _ONE
    digits.reverse()  # the last digit is the lowest
    return int(digits, 2)


def _frequency_order(value: FacetCount) -> tuple[int, str]:
    return -value.articles, value.value


def _newest_order(value: FacetCount) -> int:
    return -int(value.value)
