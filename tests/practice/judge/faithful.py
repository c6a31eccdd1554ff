"""Articles as a perfect parser and perfect stages would make them from the truth of a page."""

from __future__ import annotations

from dataclasses import fields

from scraper.facts import KINDS
from scraper.model import AgencyMentions, Article, MinistryScore
from scraper.practice.site.truth import Truth
from tests.factories import make_article

_FIELDS = {field.name for field in fields(Truth)} & set(Article.model_fields)
_FOUND = [kind.name for kind in KINDS if kind.find and kind.judged and kind.name != "agencies"]


def faithful(truth: Truth) -> Article:
    """Return the article of a page; a kind whose truth is open has no facts."""
    ministries: tuple[MinistryScore, ...] = ()
    if truth.ministry:
        ministries = (MinistryScore(ministry=truth.ministry, score=9, evidence=("title",)),)
    agencies = (AgencyMentions(agency=slug, mentions=1, evidence=()) for slug in truth.agencies)
    return make_article(
        truth.number,
        **{name: getattr(truth, name) for name in _FIELDS},
        **{name: getattr(truth, name) or () for name in _FOUND},
        ministries=ministries,
        agencies=agencies,
    )
