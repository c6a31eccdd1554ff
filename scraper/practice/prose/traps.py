"""Composes pages from sentences that trip up the rules: ``traps.csv``, thirty kinds of traps.

A trap is read in its own page, because what a name means depends on the whole article: first names,
abbreviations, villages named like provinces, the one event.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from scraper.practice.prose.english import compose_english
from scraper.practice.prose.releases import compose
from scraper.practice.prose.scenes import Scene, rows_by

if TYPE_CHECKING:
    from random import Random

    from scraper.practice.prose.drafts import Draft, Entry

_TRAP = "trap-"
_TEXTS = frozenset({"title", "lead", "opening", "body", "tail"})


@cache
def trap_names() -> tuple[str, ...]:
    """Return the names of the traps in the order of the table: ``trap-9-names-in-a-row``."""
    return tuple(_TRAP + name for name in rows_by("traps", "trap"))


@cache
def english_traps() -> frozenset[str]:
    """Return the names of the traps whose pages are in English."""
    return frozenset(
        _TRAP + name
        for name, rows in rows_by("traps", "trap").items()
        if any((row["field"], row["template"]) == ("language", "en") for row in rows)
    )


def compose_trap(rng: Random, entry: Entry, name: str) -> Draft:
    """Return a release with the sentences of a trap.

    Whatever the trap does not give (headline, first paragraph, tail) is that of a usual release.
    """
    fields: dict[str, list[str]] = {}
    for row in rows_by("traps", "trap")[name.removeprefix(_TRAP)]:
        fields.setdefault(row["field"], []).append(row["template"])
    given = {field: rows[0] for field, rows in fields.items()}
    scene = Scene(rng, given.get("ministry", "interior"), entry.published_on)
    texts = {
        field: tuple(map(scene.fill, rows)) for field, rows in fields.items() if field in _TEXTS
    }
    if given.get("language") == "en":
        draft = compose_english(rng, entry)
    else:
        usual = "" if "opening" in texts else "culture"
        draft = compose(rng, entry, ministry=given.get("ministry", usual))
    opening = texts.get("opening", draft.paragraphs[:1])
    draft = replace(
        draft,
        paragraphs=(*opening, *texts.get("body", ())),
        copies=(),
        tail=texts.get("tail", ()),
        hashtags=(),
        links=(),
        one_story="opening" in texts,
    )
    if "opening" not in texts:
        return replace(draft, lead=None, lead_lines=(draft.title,))
    headline = texts["title"][0]
    return replace(
        draft,
        headline=headline,
        lead=texts.get("lead", (None,))[0],
        lead_lines=tuple(text.string for text in texts.get("lead", (headline,))),
    )
