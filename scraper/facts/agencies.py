"""Agencies that an article names, the most frequent first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.facts.kind import FactKind, Row
from scraper.thai.agencies import count_agencies

if TYPE_CHECKING:
    from scraper.model import AgencyMentions


def row(found: AgencyMentions) -> Row:
    """Return the row of an agency."""
    return found.agency, found.mentions, "; ".join(found.evidence)


def line(found: dict[str, Any]) -> str:
    """Return an agency on one line, with its Thai name and where it is named."""
    return f"{found['agency']} ×{found['mentions']} {found['name_th']}: {found['evidence']}"


KIND = FactKind(
    name="agencies",
    table="article_agencies",
    columns=("agency", "mentions", "evidence"),
    find=lambda text: count_agencies(text.names),
    row=row,
    select="t.agency, n.name_th, t.mentions, t.evidence "
    "FROM article_agencies t JOIN agencies n ON n.slug = t.agency",
    heading="Agencies",
    line=line,
    brief=lambda found: str(found.agency),
    judged=("agency",),
    key="agency",
    filter="agency",
    facet="agency",
)
