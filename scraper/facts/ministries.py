"""Ministries that an article is about, strongest first, with evidence."""

from __future__ import annotations

from scraper.facts.kind import FactKind
from scraper.thai.government import government_voice
from scraper.thai.ministries import score_ministries

KIND = FactKind(
    name="ministries",
    table="article_ministries",
    columns=("ministry", "score", "evidence"),
    find=lambda text: score_ministries(
        text.names,
        text.article.title,
        government_voice(text.article.title, text.article.category, text.article.body),
    ),
    row=lambda found: (found.ministry, found.score, "; ".join(found.evidence)),
    order="score DESC, ministry",
    heading="Ministries",
    line=lambda row: f"{row['ministry']} {row['score']:g}: {row['evidence']}",
    brief=lambda found: str(found.ministry),
    key="ministry",
    filter="ministry",
    facet="ministry",
)
