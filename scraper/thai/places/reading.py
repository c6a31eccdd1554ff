"""Decides which candidates are places: by the words beside them, lists, and the whole article.

A name that is also a word (แพร่, เลย) counts beside another province. A district or subdistrict
counts if its name fits a province that the article names, or is the only one of its name.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.places.candidates import find_areas, find_provinces
from scraper.thai.places.gazetteer import CAPITAL_PREFIX, province_names, provinces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scraper.thai.places.candidates import AreaCandidate, ProvinceCandidate
    from scraper.thai.places.gazetteer import Area

_JOINING = (",", "และ", "กับ", "หรือ", "-", "–", "/", "และจังหวัด", "จังหวัด", "and", ", and", "ฯ และ")
_LIST_GAPS = frozenset(
    (" ", "ฯ ", *("".join(gap) for gap in product(("", " "), _JOINING, ("", " "))))
)
_LONGEST_GAP = max(map(len, _LIST_GAPS))
_CHAIN = 60
"""Characters between a district and the province that follows it, such as ``อ.… จ.…``."""


class PlaceKind(StrEnum):
    """How large a place is."""

    PROVINCE = "province"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"


class Place(NamedTuple):
    """A place that a text names.

    Attributes:
        field: the text that names it.
        start, end: offsets in the folded text, with the word before the name (จังหวัด, อ.).
        kind: province, district or subdistrict.
        province: ISO 3166-2 code of the province that it is or lies in.
        district: code of the district that it is or lies in; None for a province.
        name_th: official Thai name.
        marked: whether the word จังหวัด or จ. stands before it; always for smaller places.
    """

    field: str
    start: int
    end: int
    kind: PlaceKind
    province: str
    district: str | None
    name_th: str
    marked: bool


class _Candidates(NamedTuple):
    provinces: list[ProvinceCandidate]
    areas: list[AreaCandidate]


def find_places(texts: Mapping[str, str]) -> list[Place]:
    """Return the places that the texts of one article name, in reading order.

    Args:
        texts: the folded fields of an article by name, in reading order.
    """
    villages: set[str] = set()
    fields = {
        field: _Candidates(list(find_provinces(text, villages)), list(find_areas(text)))
        for field, text in texts.items()
    }
    found = [candidate for candidates in fields.values() for candidate in candidates.provinces]
    certain = {candidate.name for candidate in found if candidate.marked}
    villages |= {
        area.name
        for candidates in fields.values()
        for area in candidates.areas
        if area.name in province_names().codes and not area.is_capital
    }
    named = {
        field: _accepted(texts[field], candidates, villages - certain)
        for field, candidates in fields.items()
    }
    known = {candidate.code for accepted in named.values() for candidate in accepted}
    places = []
    for field, candidates in fields.items():
        own = [
            Place(field, c.start, c.end, PlaceKind.PROVINCE, c.code, None,
                  provinces()[c.code].name_th, c.marked)
            for c in named[field]
        ]  # fmt: skip
        own += _areas_of(field, texts[field], candidates.areas, named[field], known)
        places += sorted(own, key=lambda place: place.start)
    return places


def _accepted(text: str, candidates: _Candidates, villages: set[str]) -> list[ProvinceCandidate]:
    """Return the candidates of one text that are provinces."""
    outside = _outside(candidates)
    possible = [c for c in outside if c.marked or c.name not in villages]
    accepted = [c.certain for c in possible]
    for order in (range(len(possible)), range(len(possible) - 1, -1, -1)):
        before: int | None = None
        for index in order:
            if not accepted[index] and before is not None and accepted[before]:
                first, second = (possible[i] for i in sorted((index, before)))
                accepted[index] = possible[index].free and _in_list(text, first.end, second.start)
            before = index
    _accept_beside_areas(text, candidates.areas, possible, accepted)
    return [c for c, is_accepted in zip(possible, accepted, strict=True) if is_accepted]


def _in_list(text: str, end: int, start: int) -> bool:
    """Return whether nothing but a comma, และ or the like lies between two names."""
    return start - end <= _LONGEST_GAP and text[end:start] in _LIST_GAPS


def _outside(candidates: _Candidates) -> list[ProvinceCandidate]:
    """Return the candidates outside the names of smaller places, such as ตำบลอ่างทอง.

    The province in อำเภอเมืองชลบุรี is named too.
    """
    areas = iter(candidates.areas)
    area = next(areas, None)
    outside = []
    for candidate in candidates.provinces:
        while area is not None and area.end <= candidate.start:
            area = next(areas, None)
        inside = area is not None and area.start <= candidate.start < area.end
        if area is not None and inside and area.is_capital and area.name != CAPITAL_PREFIX:
            outside.append(candidate._replace(certain=True))
        elif not inside:
            outside.append(candidate)
    return outside


def _accept_beside_areas(
    text: str,
    areas: Iterable[AreaCandidate],
    possible: list[ProvinceCandidate],
    accepted: list[bool],
) -> None:
    """Accept a name that is a word too if a district of that province stands before it."""
    ends = {area.end: area for area in areas}
    for index, candidate in enumerate(possible):
        if accepted[index] or not candidate.free:
            continue
        start = candidate.start
        area = ends.get(start) or (ends.get(start - 1) if text[start - 1 : start] == " " else None)
        accepted[index] = area is not None and any(
            one.province == candidate.code for one in area.areas
        )


def _areas_of(
    field: str,
    text: str,
    areas: Iterable[AreaCandidate],
    named: list[ProvinceCandidate],
    known: set[str],
) -> list[Place]:
    """Return the districts and subdistricts of one text that can be identified.

    Read from right to left: a smaller place stands before the larger one it lies in.
    """
    places: list[Place] = []
    at = len(named)
    following: Area | None = None  # the area after this one, and where it begins
    follows_at = 0
    for candidate in reversed(list(areas)):
        while at and named[at - 1].start >= candidate.end:
            at -= 1
        after = named[at] if at < len(named) else None
        before = named[at - 1] if at else None
        near = after.code if after and _is_near(text, candidate.end, after.start) else None
        chain = following if following and _is_near(text, candidate.end, follows_at) else None
        area = _resolve(candidate, near, chain, before.code if before else None, known)
        if area is None:
            continue
        is_district = len(area.code) == 4
        places.append(
            Place(
                field,
                candidate.start,
                candidate.end,
                PlaceKind.DISTRICT if is_district else PlaceKind.SUBDISTRICT,
                area.province,
                area.code[:4],
                area.name_th,
                marked=True,
            )
        )
        following, follows_at = area, candidate.start
    return places


def _is_near(text: str, end: int, start: int) -> bool:
    return start - end <= _CHAIN and "\n" not in text[end:start]


def _resolve(
    candidate: AreaCandidate,
    near: str | None,
    chain: Area | None,
    before: str | None,
    known: set[str],
) -> Area | None:
    """Return the one area that a name means in its context, or None.

    Args:
        candidate: the name.
        near: code of the province that follows it closely.
        chain: the larger area that follows it closely.
        before: code of the last province before it.
        known: codes of all provinces of the article.
    """
    choices = candidate.areas
    if len(choices) == 1:
        # The only place of its name; but a short name may be a word.
        area = choices[0]
        return area if len(candidate.name) > 4 or area.province in known else None
    if chain is not None:
        inside = [a for a in choices if a.code.startswith(chain.code) and a.code != chain.code]
        if len(inside) == 1:
            return inside[0]
        choices = tuple(a for a in choices if a.province == chain.province) or choices
    for province in (near, before):
        own = [area for area in choices if area.province == province]
        if len(own) == 1:
            return own[0]
    own = [area for area in choices if area.province in known]
    return own[0] if len(own) == 1 else None
