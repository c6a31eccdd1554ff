"""Provinces, districts and subdistricts that an article names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.facts.kind import MENTION_COLUMNS, READING_ORDER, ArticleText, FactKind, Mention
from scraper.model import TextField
from scraper.thai.places import PlaceKind, find_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.facts.kind import FactRow


class PlaceMention(NamedTuple):
    """A place and the passage that names it.

    Attributes:
        at: the passage, with the word before the name (จังหวัด, อ.).
        kind: province, district or subdistrict.
        province: ISO 3166-2 code of the province that it is or lies in.
        district: code of the district that it is or lies in; None for a province.
        name_th: official Thai name.
    """

    at: Mention
    kind: PlaceKind
    province: str
    district: str | None
    name_th: str


def find_place_mentions(text: ArticleText) -> Iterator[PlaceMention]:
    """Yield the places of an article in reading order, except inside names of persons."""
    people = _people_spans(text)
    texts = {field.value: folded.text for field, folded in text.folded.items()}
    for place in find_places(texts):
        at = text.mention(TextField(place.field), place.start, place.end)
        if place.marked or (at.field, at.position) not in people:
            yield PlaceMention(at, place.kind, place.province, place.district, place.name_th)


def _people_spans(text: ArticleText) -> set[tuple[TextField, int]]:
    """Return field and offset of every character in the name of a person."""
    return {
        (at.field, at.position + offset)
        for at in (person.at for person in text.article.facts.get("people", ()))
        for offset in range(len(at.text))
    }


def place_row(found: PlaceMention) -> FactRow:
    """Return the row of a place."""
    return (*found.at, found.kind, found.province, found.district, found.name_th)


KIND = FactKind(
    name="places",
    table="place_mentions",
    columns=(*MENTION_COLUMNS, "kind", "province", "district", "name_th"),
    find=find_place_mentions,
    row=place_row,
    select="t.field, t.position, t.text, t.kind, t.province, t.district, t.name_th, "
    "p.name_th AS province_name FROM place_mentions t JOIN provinces p ON p.code = t.province",
    order=READING_ORDER,
    group=("kind", "province", "district", "name_th"),
    heading="Places",
    line=lambda row: f"{row['text']} = {row['kind']} {row['name_th']}, {row['province']}",
    brief=lambda found: str(found.province),
    judged=("field", "kind", "province", "district", "name_th"),
    key="province",
    filter="province",
    facet="province",
)
