"""The tables of provinces, districts and subdistricts, indexed by folded names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

from scraper.reference import ReferenceTableError, read_table
from scraper.thai.text import fold

BANGKOK = "TH-10"
CAPITAL_PREFIX = "เมือง"
"""Begins the name of the district of a province's seat, before the name of the province."""


class Province(NamedTuple):
    """A province, or Bangkok.

    Attributes:
        code: ISO 3166-2, such as ``TH-20``.
        name_th, name_en: the official names.
    """

    code: str
    name_th: str
    name_en: str


class Area(NamedTuple):
    """A district or subdistrict.

    Attributes:
        code: of the Ministry of Interior: four digits for a district, six for a subdistrict.
        name_th: official name, without its kind.
        province: ISO 3166-2 code of its province.
    """

    code: str
    name_th: str
    province: str


@dataclass(frozen=True, slots=True)
class AreaNames:
    """Districts or subdistricts by folded name.

    Attributes:
        areas: those of a name, often several.
        longest: characters of the longest name.
    """

    areas: dict[str, tuple[Area, ...]]
    longest: int

    def longest_match(self, text: str, start: int) -> tuple[int, tuple[Area, ...]] | None:
        """Return the end of the longest name at an offset and its areas, or None."""
        for end in range(min(len(text), start + self.longest), start + 1, -1):
            if found := self.areas.get(text[start:end]):
                return end, found
        return None


@dataclass(frozen=True, slots=True)
class ProvinceNames:
    """The names of provinces, folded.

    Attributes:
        codes: ISO 3166-2 code of each name.
        words: those names that are ordinary words too.
    """

    codes: dict[str, str]
    words: frozenset[str]


@cache
def provinces() -> dict[str, Province]:
    """Return the 76 provinces and Bangkok by code."""
    rows = read_table("provinces.csv")
    return {row["code"]: Province(row["code"], row["name_th"], row["name_en"]) for row in rows}


@cache
def province_names() -> ProvinceNames:
    """Return all names of the provinces: official, short, nicknames and in English."""
    codes: dict[str, str] = {}
    words = set()
    for province in provinces().values():
        for name in (province.name_th, *_spellings(province.name_en)):
            codes[fold(name)] = province.code
    for row in read_table("province_names.csv"):
        if row["province"] not in provinces():
            raise ReferenceTableError(
                f"province_names.csv: {row['name']} is a name of {row['province']}, which is not "
                "in provinces.csv"
            )
        for name in _spellings(row["name"]):
            codes[fold(name)] = row["province"]
            if row["kind"] == "word":
                words.add(fold(name))
    return ProvinceNames(codes, frozenset(words))


def _spellings(name: str) -> set[str]:
    """Return an English name with its words joined by spaces, hyphens and nothing."""
    parts = name.replace("-", " ").split()
    if len(parts) > 4:
        return {name, "".join(parts)}
    gaps = product(("", " ", "-"), repeat=len(parts) - 1)
    return {"".join(a + b for a, b in zip(parts, (*gap, ""), strict=True)) for gap in gaps}


def province_code(name: str) -> str | None:
    """Return the code of a province by code, or by any of its names, in any case; None if unknown.

    >>> province_code("th-20"), province_code("จังหวัดชลบุรี"), province_code("Chonburi")
    ('TH-20', 'TH-20', 'TH-20')
    """
    folded = fold(name)
    if folded.upper() in provinces():
        return folded.upper()
    for marker in ("จังหวัด", "จ."):
        folded = folded.removeprefix(marker).strip()
    return province_names().codes.get(folded.removesuffix(" province"))


@cache
def districts() -> AreaNames:
    """Return the districts; those of the seats also by the other names of their province."""
    by_name: defaultdict[str, list[Area]] = defaultdict(list)
    for row in read_table("districts.csv"):
        area = Area(row["code"], row["name_th"], row["province"])
        by_name[fold(area.name_th)].append(area)
    capitals = {
        area.province: area
        for name, code in province_names().codes.items()
        for area in by_name.get(f"{CAPITAL_PREFIX}{name}", ())
        if area.province == code
    }
    # อ.เมือง means the one of the province that is named beside it.
    by_name[CAPITAL_PREFIX] += capitals.values()
    for name, code in province_names().codes.items():
        known = by_name.get(f"{CAPITAL_PREFIX}{name}")
        if code in capitals and not known:
            by_name[f"{CAPITAL_PREFIX}{name}"].append(capitals[code])
    return _area_names(by_name)


@cache
def bangkok_districts() -> AreaNames:
    """Return the districts of Bangkok."""
    areas = districts().areas.items()
    return _area_names({
        name: own for name, every in areas if (own := [a for a in every if a.province == BANGKOK])
    })  # fmt: skip


@cache
def subdistricts() -> AreaNames:
    """Return the subdistricts."""
    owners = {row["code"]: row["province"] for row in read_table("districts.csv")}
    by_name: defaultdict[str, list[Area]] = defaultdict(list)
    for row in read_table("subdistricts.csv"):
        area = Area(row["code"], row["name_th"], owners[row["code"][:4]])
        by_name[fold(area.name_th)].append(area)
    return _area_names(by_name)


def _area_names(by_name: dict[str, list[Area]]) -> AreaNames:
    areas = {name: tuple(found) for name, found in by_name.items()}
    return AreaNames(areas, max(map(len, areas)))
