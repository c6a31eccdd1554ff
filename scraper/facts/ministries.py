"""Ministries that an article is about, strongest first, with the names that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.facts.kind import FactKind, Row
from scraper.thai.ministries import score_ministries

if TYPE_CHECKING:
    from scraper.model import MinistryScore


def row(found: MinistryScore) -> Row:
    """Return the row of a ministry."""
    return found.ministry, found.score, "; ".join(found.evidence)


KIND = FactKind(
    name="ministries",
    table="article_ministries",
    columns=("ministry", "score", "evidence"),
    find=lambda text: score_ministries(text.names),
    row=row,
    order="score DESC, ministry",
    heading="Ministries",
    line=lambda found: f"{found['ministry']} {found['score']:g}: {found['evidence']}",
    brief=lambda found: str(found.ministry),
    key="ministry",
    filter="ministry",
    facet="ministry",
)
