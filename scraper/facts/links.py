"""Articles that an article refers to. Parsers find them; see ``pages.references``."""

from __future__ import annotations

from scraper.facts.kind import FactKind

KIND = FactKind(
    name="links",
    table="article_links",
    columns=("url",),
    row=lambda url: (url,),
    heading="Refers to",
    line=lambda found: str(found["url"]),
    judged=("url",),
)
