"""Agencies that an article names, the most frequent first: a summary of ``agency_mentions``.

The summary also counts hashtags that were in place of the lead, which are in no text field.
"""

from __future__ import annotations

from scraper.facts.kind import FactKind
from scraper.thai.agencies import count_agencies

KIND = FactKind(
    name="agencies",
    table="article_agencies",
    columns=("agency", "mentions", "evidence"),
    find=lambda text: count_agencies(text.agencies),
    row=lambda found: (found.agency, found.mentions, "; ".join(found.evidence)),
    select="t.agency, n.name_th, t.mentions, t.evidence "
    "FROM article_agencies t JOIN agencies n ON n.slug = t.agency",
    heading="Agencies",
    line=lambda row: f"{row['agency']} ×{row['mentions']} {row['name_th']}: {row['evidence']}",
    brief=lambda found: str(found.agency),
    judged=("agency",),
    key="agency",
    filter="agency",
    facet="agency",
)
