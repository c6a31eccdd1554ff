"""Hotlines: four digits from 1000 to 1999, or 191 and 199, after a word that announces them.

Such numbers are also years, extensions, roads and standards, so a number alone is none. Between the
word and the number there may be a name: สายด่วนศูนย์ดำรงธรรม โทร. 1567.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.reference import read_table
from scraper.thai.contacts.contact import Contact
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

# Every branch begins with a letter and looks back after it, which the regex engine finds quickly.
_HOTLINE = "สายด่วน|ฮอ[ตท]ไลน์|คอล ?เซ็?นเตอร์|call ?cent(?:er|re)|contact ?cent(?:er|re)|hot ?line"
_PHONE = (
    "โทร(?!สาร|ทัศน์|คม|เลข)(?:ศัพท์)?|เบอร์|tel(?<![a-z]tel)(?![a-z])|call (?<![a-z]call )|dial "
    "|หมายเลข(?<!ทางหลวงหมายเลข)(?<!แผ่นดินหมายเลข)(?<!พิเศษหมายเลข)(?<!ชนบทหมายเลข)"
)
_NUMBER = "(?P<number>1[0-9]{3}|191|199)"
_COUNTED = (
    "คน|ราย|ครั้ง|แห่ง|บาท|ล้าน|เรื่อง|สาย ?(?:[,0-9]|\\Z)|กม|กิโล|เมตร|ตัน|ไร่|ชุด|โรง|เครื่อง|ปี|ฉบับ"
    "|วัน(?!ที่|เวลา)|คดี|กรณี|รายการ|หมู่|ตาราง|เลขหมาย|ตัวอย่าง|คู่สาย|%"
)
_ENDS = rf"(?![0-9a-z]|[.,:/-][0-9a-z]| ?(?:{_COUNTED}))"
_ANNOUNCED = re.compile(rf"(?:{_HOTLINE}|{_PHONE})(?P<name>[^0-9\n]{{0,60}}){_NUMBER}{_ENDS}")
_LAST_WORD = re.compile(rf".*(?:{_HOTLINE}|{_PHONE})")
_ANY_HOTLINE = re.compile(_HOTLINE)
_NEAR = 25  # characters of a name after โทร and the like; after a hotline's word it may be longer
_ANOTHER = re.compile(
    rf"(?: ?(?:กด|ต่อ) ?[0-9*#]{{1,3}})?\)?(?: ?(?:,|/|และ|หรือ|กับ"
    rf"|ต่อด้วย)){{1,2}} ?(?:หมายเลข|เบอร์|โทร(?:ศัพท์)?\.?|ที่|สายด่วน)? ?{_NUMBER}{_ENDS}"
)
_FOUR_DIGITS = re.compile(rf"{_NUMBER}{_ENDS}")
_LONGEST_OWNER = 60
# Words that make the number something else.
_NOT_A_NAME = re.compile(
    r"จำนวน|ตั้งแต่|พ\.ศ|ค\.ศ|วันที่|มาตรา|มอก|iso|www|เลขที่|เกี่ยวกับ|ทั้งสิ้น|ได้รับ|พบว่า"
    r"|(?:ต่อ|กด|ext\.?|ปี|ข้อ|หน้า|ห้อง|กว่า|ราว|ประมาณ|รวม|เพียง|ครั้งที่|@|#|_) ?\Z"
)


def find_hotlines(text: str) -> Iterator[Contact]:
    """Yield the hotlines in a folded text; some may be found twice. Linear."""
    announced = (match for match in _ANNOUNCED.finditer(text) if _is_announced(text, match))
    owned = (match for match in _FOUR_DIGITS.finditer(text) if _follows_its_owner(text, match))
    for matches in (announced, owned):
        end = 0
        for match in matches:
            if match.start("number") >= end:
                for contact in _with_others(text, match):
                    end = contact.end
                    yield contact


def _is_announced(text: str, match: re.Match[str]) -> bool:
    """Return whether only a name may be between the announcing word and the number."""
    start, end = match.start(), match.start("number")
    word = _LAST_WORD.match(text, start, end)
    name = text[word.end() : end] if word else match["name"]
    near = len(name) <= _NEAR or _ANY_HOTLINE.search(text, start, end) is not None
    return near and not _NOT_A_NAME.search(name)


def _with_others(text: str, match: re.Match[str]) -> Iterator[Contact]:
    """Yield a number and those that are listed after it: สายด่วน 1567 และ 1784."""
    other: re.Match[str] | None = match
    while other:
        yield Contact("hotline", *other.span("number"), other["number"])
        other = _ANOTHER.match(text, other.end("number"))


@cache
def _owners() -> dict[str, tuple[str, ...]]:
    return {
        row["number"]: tuple(fold(owner) for owner in row["owner"].split("|"))
        for row in read_table("hotlines.csv")
    }


def _follows_its_owner(text: str, match: re.Match[str]) -> bool:
    """Return whether a known number is after its owner's name or ได้ที่: ศูนย์ดำรงธรรม (1567."""
    before = text[max(0, match.start() - _LONGEST_OWNER) : match.start()].rstrip(' (“"')
    owners = _owners().get(match["number"])
    return owners is not None and before.endswith((*owners, "ได้ที่"))
