"""Agencies by any of their official names, for what people type."""

from __future__ import annotations

from scraper.reference import read_table
from scraper.thai.text import fold


def agencies_called(name: str) -> dict[str, str]:
    """Return slug and Thai name of each agency with this slug, abbreviation or official name.

    >>> agencies_called("กรอ.")
    {'diw': 'กรมโรงงานอุตสาหกรรม'}
    """
    wanted = fold(name)
    return {
        row["slug"]: row["name_th"]
        for row in read_table("agencies.csv")
        for called in (row["slug"], row["abbreviation"], row["name_th"], row["name_en"])
        if wanted and fold(called) == wanted
    }
