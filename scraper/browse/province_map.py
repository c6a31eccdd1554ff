"""Lays out the map of provinces, shaded by number of articles; the template draws it as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.facts.kind import NONE
from scraper.reference import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.browse.facets import FacetCount

WIDTH, HEIGHT = 336, 615  # of the box of the outlines
SHADES = 5  # beside that of provinces without articles


class ProvinceCount(NamedTuple):
    """A province on the map.

    Attributes:
        code: ISO 3166-2.
        path: its outline as an SVG path.
        articles: how many name it or a place in it.
        shade: 0 for none, to ``SHADES`` for the most.
    """

    code: str
    path: str
    articles: int
    shade: int


@dataclass(frozen=True)
class ProvinceMap:
    """The map of provinces.

    Attributes:
        provinces: most articles first.
        legend: the first and last count of each shade that occurs, from the lightest.
        unplaced: articles that name no province.
    """

    provinces: list[ProvinceCount]
    legend: list[tuple[int, int, int]]
    unplaced: int


@cache
def outlines() -> dict[str, str]:
    """Return the outline of each province, by its code."""
    return {row["code"]: row["path"] for row in read_table("province_outlines.csv")}


def province_map(counts: Iterable[FacetCount]) -> ProvinceMap:
    """Return the map for the counts of the facet of provinces."""
    found = {count.value: count.articles for count in counts}
    ends = shade_ends(sorted(n for code, n in found.items() if code in outlines()))
    provinces = [
        ProvinceCount(code, path, n := found.get(code, 0), sum(n > end for end in ends))
        for code, path in outlines().items()
    ]
    provinces.sort(key=lambda province: (-province.articles, province.code))
    legend = []
    for shade in range(SHADES + 1):
        own = [province.articles for province in provinces if province.shade == shade]
        if own:
            legend.append((shade, min(own), max(own)))
    return ProvinceMap(provinces, legend, found.get(NONE, 0))


def shade_ends(counts: list[int]) -> list[int]:
    """Return the highest count of each shade but the darkest; as many provinces have each shade.

    Args:
        counts: of the provinces that have any, ascending.

    >>> shade_ends([1, 1, 2, 3, 4, 9, 20, 30, 50, 99])
    [0, 1, 3, 9, 30]
    """
    if not counts:
        return [0]
    quantiles = [counts[len(counts) * part // SHADES - 1] for part in range(1, SHADES)]
    return [0, *dict.fromkeys(quantiles)] if len(counts) >= SHADES else [0]
