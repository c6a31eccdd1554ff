"""``geojson``: articles and events as points at the seats of their provinces (RFC 7946).

A feature's ``kind`` is ``article`` (one for each province that an article names), ``event`` or
``province``, which counts both.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from scraper.export.format import Format, FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scraper.export.format import Notes, Options
    from scraper.export.selection import ArticleBatch, Selection

PROVINCES, PLACES, EVENTS = "provinces", "place_mentions", "events"
OF_ARTICLE = ("url", "title", "published_on", "ministry", "category")
OF_EVENT = ("start_on", "end_on", "start_time", "end_time", "place", "confidence")
Feature = dict[str, Any]


def write_geojson(selection: Selection, out: Path, options: Options) -> Notes:
    """Write the features of articles and events, then those of the provinces.

    Raises:
        FormatError: no chosen article names a province.
    """
    del options
    provinces = selection.entities_by_key(PROVINCES)
    counts: Counter[tuple[str, str]] = Counter()
    separator = "\n"
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type":"FeatureCollection","features":[')
        for feature in _features(selection, provinces, counts):
            file.write(separator)
            file.write(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
            separator = ",\n"
        file.write("\n]}\n")
    if not counts:
        raise FormatError("none of these articles names a province, so nothing was written")
    return []


def _features(
    selection: Selection, provinces: Mapping[str, Feature], counts: Counter[tuple[str, str]]
) -> Iterator[Feature]:
    for batch in selection.batches():
        for kind, code, properties in _placed(selection, batch):
            if code in provinces:
                counts[kind, code] += 1
                yield _feature(kind, provinces[code], properties)
    for code, province in provinces.items():
        found = {"articles": counts["article", code], "events": counts["event", code]}
        if any(found.values()):
            yield _feature("province", province, found)


def _placed(selection: Selection, batch: ArticleBatch) -> Iterator[tuple[str, str, Feature]]:
    """Yield kind, province and properties of each article and event of a batch that has one."""
    places, events = (
        selection.facts_by_article(table, batch) if (table := selection.table(name)) else {}
        for name in (PLACES, EVENTS)
    )
    if not places and not events:
        return
    for article in selection.article_rows(batch):
        shown = {name: article[name] for name in OF_ARTICLE}
        found = places.get(article["id"], ())
        for code in dict.fromkeys(place["province"] for place in found):
            yield "article", code, shown
        for event in events.get(article["id"], ()):
            if event["province"]:
                yield "event", event["province"], {**shown, **{n: event[n] for n in OF_EVENT}}


def _feature(kind: str, province: Feature, properties: Feature) -> Feature:
    return {
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [province["longitude"], province["latitude"]],
        },
        "properties": {
            "kind": kind,
            "province": province["code"],
            "province_th": province["name_th"],
            "province_en": province["name_en"],
            **properties,
        },
    }


FORMAT = Format("geojson", ".geojson", write_geojson)
