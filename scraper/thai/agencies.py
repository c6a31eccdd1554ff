"""Counts how often an article mentions each agency.

Agencies are departments, state enterprises, offices and institutes. ``names`` finds
the mentions.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scraper.model import AgencyMentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.thai.names import NameMention


def count_agencies(names: Sequence[NameMention]) -> tuple[AgencyMentions, ...]:
    """Return the agencies an article names, by frequency, then by first mention.

    An abbreviation shared by several agencies counts for those that the article also names
    unambiguously, if any: กพร. in an article that also has กรมพัฒนาฝีมือแรงงาน.

    Args:
        names: from ``find_names``.
    """
    unambiguous = {found[0] for named in names if len(found := _slugs(named)) == 1}
    counts: defaultdict[str, int] = defaultdict(int)
    evidence: defaultdict[str, list[str]] = defaultdict(list)
    for named in names:
        slugs = _slugs(named)
        for slug in [slug for slug in slugs if slug in unambiguous] or slugs:
            counts[slug] += named.times
            evidence[slug].append(named.evidence)
    return tuple(
        AgencyMentions(agency=slug, mentions=count, evidence=tuple(evidence[slug]))
        for slug, count in sorted(counts.items(), key=lambda item: -item[1])
    )


def _slugs(named: NameMention) -> list[str]:
    return [meaning.agency for meaning in named.meanings if meaning.agency]
