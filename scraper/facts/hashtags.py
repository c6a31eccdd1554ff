"""Hashtags of an article, in reading order. The parsers find them; see ``pages.references``."""

from __future__ import annotations

from scraper.facts.kind import FactKind

KIND = FactKind(
    name="hashtags",
    table="hashtags",
    columns=("tag",),
    row=lambda tag: (tag,),
    heading="Hashtags",
    line=lambda found: f"#{found['tag']}",
    judged=("tag",),
    key="tag",
    filter="tag",
)
