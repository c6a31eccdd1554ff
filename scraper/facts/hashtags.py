"""Hashtags of an article, in reading order. Parsers find them; see ``pages.references``."""

from __future__ import annotations

from scraper.facts.kind import FactKind

KIND = FactKind(
    name="hashtags",
    table="hashtags",
    columns=("tag",),
    row=lambda tag: (tag,),
    heading="Hashtags",
    line=lambda row: f"#{row['tag']}",
    judged=("tag",),
    key="tag",
    filter="tag",
)
