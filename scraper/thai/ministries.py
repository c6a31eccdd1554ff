"""Scores which ministries an article is about, from the names in its text, with evidence.

The site has no field for the ministry. The weights of the places below decide 91 % of 41,241
measured pages clearly; 1.8 % contain no name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

from scraper.model import MinistryScore
from scraper.thai.government import GOVERNMENT
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scraper.thai.government import GovernmentVoice
    from scraper.thai.names import NameMention

# Weight of a mention by its place.
WEIGHTS = {"title": 5, "lead": 2, "opening": 3, "body": 1, "tail": 1}

MOST_AT_ONCE = 3
"""Most ministries an article can be about; if more score close to the first, it is about none."""

MOST_WITHOUT_LEADER = 12
"""Most ministries an article may name if none has half of all points. 52 of 55 summaries of cabinet
meetings name 15 to 20 and are about the government as a whole; 1 of 2,172 ministry pages does."""

LEAST_POINTS = 1
"""Fewest points of the best ministry. 198 of 28,990 articles have fewer: a word that the ministry
shares with others, once in the text."""

LEAST_SHARE = 0.25
"""Least share of the best score by which the subject of the headline comes first."""

# What may precede the name of a headline's subject: quotation marks and a post.
_BEFORE_SUBJECT = re.compile(
    r"[\W_]{0,4}(?:รอง|ผู้ช่วย|เลขานุการ|ที่ปรึกษา|โฆษก|คณะ){0,3}"
    r"(?:รัฐมนตรี(?:ช่วย)?ว่าการ|รมว\.|รมช\.|ปลัด|อธิบดี|เลขาธิการ|ผู้อำนวยการ|ผอ\.|ผู้ว่าการ)? ?"
)


def score_ministries(
    names: Iterable[NameMention],
    headline: str = "",
    government: GovernmentVoice | None = None,
) -> tuple[MinistryScore, ...]:
    """Return the ministries an article is about, by score, then by first mention.

    Each mention scores the weight of its name times that of its place: headline 5, lead 2, first
    two paragraphs 3, the rest and the tail 1. Returned are the best ministry and every other with
    more than half its score. Evidence reads ``title: กระทรวงอุตสาหกรรม ×2``.

    The ministry, agency or officer that a headline begins with is its subject: it comes first, with
    at least the score of the best. So does the government where it certainly speaks; the ministries
    that it speaks about follow if there are few.

    Args:
        names: from ``find_names``.
        headline: the headline.
        government: from ``government_voice``.

    Returns:
        Nothing if undecided: the best ministry has less than ``LEAST_POINTS``, more than
        ``MOST_AT_ONCE`` ministries would be returned, or more than ``MOST_WITHOUT_LEADER`` are
        named and none has half of all points.
    """
    names = list(names)
    scores: defaultdict[str, float] = defaultdict(float)
    evidence: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for named in names:
        for meaning in named.meanings:
            if meaning.ministry is None:
                continue  # an agency that belongs to no ministry
            points = meaning.weight * WEIGHTS[named.place] * named.times
            scores[meaning.ministry] += points
            evidence[meaning.ministry].append((points, named.evidence))
    if government:
        scores[GOVERNMENT] += government.points
        evidence[GOVERNMENT].append((government.points, government.evidence))

    leading = _leading(scores)
    first = _subject(names, headline, scores)
    if government:
        of_ministries = {m: score for m, score in scores.items() if m != GOVERNMENT}
        if government.certain or scores[GOVERNMENT] >= max(of_ministries.values(), default=0):
            leading = _leading(of_ministries) or leading
            first = GOVERNMENT
    if first:
        scores[first] = max(scores.values())
        leading = [first, *(m for m in leading if m != first)]
    return tuple(
        MinistryScore(
            ministry=ministry,
            score=round(scores[ministry], 2),
            evidence=tuple(
                reason for _, reason in sorted(evidence[ministry], key=itemgetter(0), reverse=True)
            ),
        )
        for ministry in leading
    )


def _leading(scores: Mapping[str, float]) -> list[str]:
    """Return the ministries that lead by these scores, strongest first."""
    best = max(scores.values(), default=0)
    near = [ministry for ministry, score in scores.items() if score > best / 2]
    none_leads = len(scores) > MOST_WITHOUT_LEADER and best < sum(scores.values()) / 2
    if best < LEAST_POINTS or none_leads or len(near) > MOST_AT_ONCE:
        return []
    return sorted(near, key=scores.__getitem__, reverse=True)  # equals keep their order


def _subject(
    names: Iterable[NameMention], headline: str, scores: Mapping[str, float]
) -> str | None:
    """Return the ministry that the headline begins with, if it has a share of the points."""
    title = fold(headline)
    starts = {match.end() for match in [_BEFORE_SUBJECT.match(title)] if match} | {0, 1}
    for named in names:
        if named.place == "title" and len(named.meanings) == 1 and named.meanings[0].weight == 1:
            ministry = named.meanings[0].ministry
            begins = any(title.startswith(fold(named.name), start) for start in starts)
            if ministry and begins and scores[ministry] >= LEAST_SHARE * max(scores.values()):
                return ministry
    return None
