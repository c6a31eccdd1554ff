"""Finds what may be the name of a place in a folded text; `reading` decides what is one."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import read_table
from scraper.thai.places.gazetteer import (
    CAPITAL_PREFIX,
    Area,
    bangkok_districts,
    districts,
    province_names,
    subdistricts,
)
from scraper.thai.text import fold
from scraper.thai.tries import any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.thai.places.gazetteer import AreaNames

_CONTEXT = 24
"""Characters before a name that may decide what it is; the longest rows of the tables."""
_FIRM = 60
"""Characters between บริษัท and จำกัด."""


class ProvinceCandidate(NamedTuple):
    """What may be a province.

    Attributes:
        start, end: its offsets, with the word จังหวัด or จ. if there is one.
        name: the folded name.
        code: ISO 3166-2 code of the province.
        marked: whether จังหวัด or จ. stands before it.
        certain: whether it counts without further evidence.
        free: whether no Thai letter touches it but a joining word, such as และ.
    """

    start: int
    end: int
    name: str
    code: str
    marked: bool
    certain: bool
    free: bool


class AreaCandidate(NamedTuple):
    """What may be a district or subdistrict.

    Attributes:
        start, end: its offsets, with the word before it.
        name_start: where the name begins.
        name: the folded name.
        areas: those that have the name.
    """

    start: int
    end: int
    name_start: int
    name: str
    areas: tuple[Area, ...]

    @property
    def is_capital(self) -> bool:
        """Whether it is the district of a province's seat."""
        return self.name.startswith(CAPITAL_PREFIX)


class _Exceptions(NamedTuple):
    """The words that make one name something else; see ``place_exceptions.csv``."""

    before: tuple[str, ...]
    before_village: tuple[str, ...]
    after: tuple[str, ...]


@cache
def _province_pattern() -> re.Pattern[str]:
    names = province_names().codes
    thai = [name for name in names if not name.isascii()]
    english = [name for name in names if name.isascii()]
    first = "".join(sorted({re.escape(name[0]) for name in names}))
    return re.compile(
        # จ is the first letter of the words before a name and of a name.
        f'(?=[{first}จ])(?:((?:จังหวัด|(?<![ก-ฮ])จ\\.|(?<![ก-ฮ])จว\\.)[ "“]?)?'
        # A vowel or tone mark that follows belongs to the last letter: ประชุมพร้อม.
        f"(?<![เ-ไ])({any_of(thai)})(?![ะ-ฺๅ็-๎])"
        f"|(?<![a-z])({any_of(english)})(?![a-z]))"
    )


@cache
def _exceptions(name: str) -> _Exceptions:
    rows = [
        row
        for row in read_table("place_exceptions.csv")
        if name.startswith(tuple(fold(row["of"]).split("|")))
    ]
    before = [(fold(row["before"]), row["sense"]) for row in rows if row["before"]]
    return _Exceptions(
        tuple(word for word, sense in before if sense != "village"),
        tuple(word for word, sense in before if sense == "village"),
        tuple(fold(row["after"]) for row in rows if row["after"]),
    )


@cache
def _hints() -> tuple[str, ...]:
    return tuple(fold(row["word"]) for row in read_table("province_hints.csv"))


def find_provinces(text: str, villages: set[str]) -> Iterator[ProvinceCandidate]:
    """Yield what may be a province of a folded text, from left to right.

    Args:
        text: a folded text.
        villages: receives the names that a village or temple bears in the text.
    """
    names = province_names()
    for match in _province_pattern().finditer(text):
        marker, thai, english = match.groups()
        name = thai or english
        start, end = match.start(2 if thai else 3), match.end()
        is_word = name in names.words
        before = text[max(0, start - _CONTEXT) : start].rstrip(" ")
        exceptions = _exceptions(name)
        if is_word or not marker:
            after = text[end : end + _CONTEXT].lstrip(" ")
            if after.startswith(exceptions.after):
                continue
        if not marker:
            if before.endswith(exceptions.before_village):
                villages.add(name)
                continue
            if before.endswith(exceptions.before) or _is_surname(text, start, before):
                continue
            if _is_in_firm(text, start, end):
                continue
            if name in _CITY and _is_city_hall(text, end, before):
                continue
        free = (not _is_thai_letter(text[end : end + 1]) or text.startswith(_JOINERS, end)) and (
            start == 0 or not _is_thai_letter(text[start - 1]) or before.endswith(_JOINERS)
        )
        hinted = before.endswith(_hints()) and not _is_thai_letter(text[end : end + 1])
        yield ProvinceCandidate(
            match.start(),
            end,
            name,
            names.codes[name],
            marked=bool(marker),
            certain=bool(marker) or not is_word or hinted,
            free=free,
        )


def _is_thai_letter(character: str) -> bool:
    return "ก" <= character <= "๎" and character not in "ฯๆ"


# The name and ณ of a surname such as ณ เชียงใหม่, after a title.
_NAME_WITH_NA = re.compile(
    r"(?:นาย|นาง|นางสาว|น\.ส\.|ดร\.|ม\.ร\.ว\.|ม\.ล\.|คุณ|ผศ\.|รศ\.|นพ\.|พญ\.|[ก-ฮ]\.[ก-ฮ]\.) ?"
    r"[ก-๎]{2,20} ?ณ ?\Z"
)


def _is_surname(text: str, start: int, before: str) -> bool:
    """Return whether a name is the surname of a person, such as ณ เชียงใหม่."""
    return before.endswith("ณ") and bool(_NAME_WITH_NA.search(text[max(0, start - 40) : start]))


_CITY = frozenset({"กรุงเทพมหานคร", "กทม.", "กทม"})
_AFTER_MINISTRY = re.compile(r"(?:กระทรวง[ก-๎ ]{3,12}|มหาดไทย|[ก-ฮ]\.\)?) ?และ\Z")
_AGENCY_BEFORE = re.compile(r"\([ก-ฮ.]{1,10}\.\)\Z")
_MORE_AFTER = re.compile(r"(?: ?\(กทม\.\))? ?และ")


def _is_city_hall(text: str, end: int, before: str) -> bool:
    """Return whether Bangkok is an authority among agencies: กระทรวงมหาดไทย และกรุงเทพมหานคร."""
    if before.endswith("และ"):
        return bool(_AFTER_MINISTRY.search(before))
    return bool(_AGENCY_BEFORE.search(before) and _MORE_AFTER.match(text, end))


def _is_in_firm(text: str, start: int, end: int) -> bool:
    """Return whether a name lies between บริษัท and จำกัด, on one line."""
    after = text[end : end + _FIRM].partition("\n")[0]
    closing = after.find("จำกัด")
    if closing < 0 or "บริษัท" in after[:closing]:
        return False
    before = text[max(0, start - _FIRM) : start].rpartition("\n")[2]
    return "บริษัท" in before and "จำกัด" not in before.rpartition("บริษัท")[2]


_JOINERS = ("และ", "กับ", "หรือ", "ถึง", "จังหวัด", "ระหว่าง", "ได้แก่", "เช่น", "คือ", "จาก")

# --- districts and subdistricts ------------------------------------------------------------------

# อ. and ต. also end the ranks of the police: พ.ต.อ.
_AREA_WORD = re.compile(r"(อำเภอ|เขต|ตำบล|แขวง|(?<![.a-zก-ฮ])[อต]\.|(?<=[นบ]|ะ)[อต]\.(?=เมือง)) ?")
_AREA_NAMES: dict[str, Callable[[], AreaNames]] = {
    "อำเภอ": districts,
    "อ.": districts,
    "เขต": bangkok_districts,
    "ตำบล": subdistricts,
    "ต.": subdistricts,
    "แขวง": subdistricts,
}
_SHORT = 4
"""Characters of a name that counts only if no Thai letter follows: ตำบลและอำเภอ."""


def find_areas(text: str) -> Iterator[AreaCandidate]:
    """Yield what may be a district or subdistrict of a folded text, from left to right."""
    for match in _AREA_WORD.finditer(text):
        found = _AREA_NAMES[match[1]]().longest_match(text, match.end())
        if found is None:
            continue
        end, areas = found
        name = text[match.end() : end]
        following = text[end : end + 1]
        if following and following in "ะาำิีึืุู็่้๊๋์":
            continue
        if len(name) <= _SHORT and _is_thai_letter(following):
            continue
        # อำเภอเมือง is followed by the province, อ.เมืองฯ by nothing.
        if name == CAPITAL_PREFIX and _is_thai_letter(following):
            continue
        yield AreaCandidate(match.start(), end, match.end(), name, areas)
