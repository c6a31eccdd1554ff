"""Reads the words around an amount of money: about, per tonne, a scheme's name."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from scraper.reference import read_table
from scraper.thai.text import fold

if TYPE_CHECKING:
    from scraper.thai.money import Money

_BEFORE, _AFTER = 40, 60  # characters beside an amount that are read
_ABOUT = (
    "ไม่น้อยกว่า|ไม่ต่ำกว่า|มากกว่า|เกินกว่า|สูงกว่า|(?<!ต่ำ)(?<!น้อย)กว่า|(?<!งบ)ประมาณ(?:การ)?"
    "|(?<!เรื่อง)ราว(?: ?ๆ)?|เกือบ"
    "|ร่วม|อย่างน้อย|about|approximately|approx\\.?|around|more than|over|nearly|almost|at least|some"
)
_FILLER = "ไม่เกิน|สูงสุด|ขั้นต่ำ|จำนวน|เป็นเงิน|วงเงิน|เงิน|ราคา|อัตรา|เพิ่มขึ้น|เฉลี่ย|อยู่ที่|เพียง|อีก|รวม|เริ่มต้น|ที่|เป็น"
_MORE_AFTER = re.compile(r" ?(?:ขึ้นไป|เศษ|กว่า|โดยประมาณ|or more)")
_REPEAT = re.compile(r"(?:ถ้วน)? ?[(\[] ?(?:หรือ|เท่ากับ|จำนวน)? ?")
_WEIGHED = re.compile(r"(?:หนัก|ทองคำ|ทองคำแท่ง|ทองรูปพรรณ|สร้อยคอทองคำ) ?\Z")
_PRICED = re.compile(
    r"(?:ราคา|ค่าโดยสาร|อัตรา|(?<!เบิก)จ่าย|เก็บ|ชำระ|เหลือ|เพียง|สูงสุด|ไม่เกิน|เริ่มต้น|คนละ"
    r"|วันละ|เที่ยวละ| ){1,4}\Z"
)


@cache
def _units() -> dict[str, str]:
    return {fold(row["word"]): row["per"] for row in read_table("money_units.csv")}


@cache
def _unit_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns for what is written before and after an amount."""
    words = sorted(_units(), key=len, reverse=True)
    unit = "|".join(re.escape(word) + "(?![a-z])" * word.isascii() for word in words)
    before = re.compile(
        f"(?:(?P<about>{_ABOUT})|(?P<unit>{unit})ละ"
        f"|(?<!บาท)(?<!บาท )ต่อ(?P<each>{unit})|{_FILLER}| )+\\Z"
    )
    per = rf"(?: ?(?:ต่อ|/|per) ?(?:1 ?)?|,? an? )(?:({unit}))"
    return before, re.compile(f"{per}(?:{per})?")


def with_context(text: str, money: Money) -> tuple[bool, str | None]:
    """Return whether the words around an amount call it approximate, and the unit it is per."""
    before, after = _unit_patterns()
    about, units = False, list[str | None]()
    if match := before.search(text[max(0, money.start - _BEFORE) : money.start]):
        about = match["about"] is not None
        units += match.group("unit", "each")
    following = text[money.end : money.end + _AFTER]
    if match := after.match(following):
        units += match.groups()
    about = about or _MORE_AFTER.match(following) is not None
    per = [name for unit in units if unit and (name := _units()[unit])]
    return about, "/".join(dict.fromkeys(per)) or None


def repeats(text: str, first: Money, second: Money) -> bool:
    """Return whether the second amount repeats the first in brackets, in words or figures."""
    if not _REPEAT.fullmatch(text, first.end, second.start):
        return False
    same = (first.low, first.high, first.currency) == (second.low, second.high, second.currency)
    return same or not text[second.start].isdigit()


# --- names of schemes and weights --------------------------------------------------------------


@cache
def _schemes() -> dict[float, list[tuple[str, str]]]:
    schemes: defaultdict[float, list[tuple[str, str]]] = defaultdict(list)
    for row in read_table("money_schemes.csv"):
        schemes[float(row["number"])].append((fold(row["before"]), fold(row["after"])))
    return schemes


def is_name_or_weight(text: str, money: Money) -> bool:
    """Return whether an amount is part of a scheme's name or the weight of gold in baht."""
    if money.currency != "THB":
        return False
    before = text[max(0, money.start - _BEFORE) : money.start].rstrip()
    if money.low < 1000 and _WEIGHED.search(before):
        return True
    following = text[money.end : money.end + _AFTER].lstrip()
    return any(
        before.endswith(first) and following.startswith(last)
        for first, last in _schemes().get(money.low, ())
    ) and not _PRICED.search(before)
