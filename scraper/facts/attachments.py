"""Files that an article shows or links to. Parsers find them; see ``pages.links``."""

from __future__ import annotations

from scraper.facts.kind import FactKind

KIND = FactKind(
    name="attachments",
    table="attachments",
    columns=("kind", "url", "original"),
    row=lambda file: (file.kind, file.url, file.original),
    heading="Files",
    line=lambda row: f"{row['kind']} {row['url']}",
    brief=lambda file: str(file.url),
    judged=("kind", "url"),
    key="kind",
    filter="attachment",
    facet="has",
)
