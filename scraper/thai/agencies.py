"""Tells which agencies an article names, how often and where.

Departments, state enterprises, offices and institutes. Knows no name and no archive; the names are
found by ``names``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scraper.model import AgencyMentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.thai.names import Named


def count_agencies(names: Sequence[Named]) -> tuple[AgencyMentions, ...]:
    """Return the agencies an article names, the most frequent first; of equals, the first named.

    An abbreviation that several agencies share counts for those of them that are named by a name
    of their own too, where there are any: กพร. in an article that also has กรมพัฒนาฝีมือแรงงาน.

    Args:
        names: from ``find_names``.
    """
    clear = {slug for named in names if len(slugs := _agencies(named)) == 1 for slug in slugs}
    counts: defaultdict[str, int] = defaultdict(int)
    evidence: defaultdict[str, list[str]] = defaultdict(list)
    for named in names:
        meant = _agencies(named)
        for slug in [slug for slug in meant if slug in clear] or meant:
            counts[slug] += named.times
            evidence[slug].append(named.evidence)
    return tuple(
        AgencyMentions(agency=slug, mentions=count, evidence=tuple(evidence[slug]))
        for slug, count in sorted(counts.items(), key=lambda item: -item[1])
    )


def _agencies(named: Named) -> list[str]:
    return [meaning.agency for meaning in named.meanings if meaning.agency]
