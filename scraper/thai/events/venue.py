"""Finds where an event takes place, in the words of the text: ``ณ ห้องประชุม… กรุงเทพฯ``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.reference import read_table
from scraper.thai.text import fold
from scraper.thai.tries import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 120
# ณ วันที่, ณ ปัจจุบัน are times; names such as ณรงค์ begin with the letter.
_NA = (
    "ณ(?: (?!วัน|ขณะ|ปัจจุบัน|สิ้น|เดือน|ปี|เวลา|โอกาส|จุดนี้|ที่นี้|ตอน|บัดนี้)|(?=ห้อง|โรง|อาคาร|ตึก|ศูนย์|"
    "วัด|กระทรวง|กรม|ทำเนียบ|บริเวณ|สนาม|ลาน|หอ|สำนัก|มหา|ที่ว่าการ|จังหวัด|บ้าน|สวน))"
)
_AT = re.compile(f"(?<![ก-๎]){_NA}(?=[^\\n ])")
_TIME = "เวลา[\\d.: –-]{3,18}(?:น\\.|นาฬิกา)?"
_AT_PLACE = "ที่ ?(?!ผ่าน|จะ|ได้|มี|เกิด|จัด|กำหนด|เป็น|ทำ|เริ่ม|ประชุม)"
_AT_AFTER_DAY = re.compile(f"[ ):,]{{0,3}}(?:{_TIME} ?)?(?:{_AT_PLACE}|{_NA})(?=[^\\n ])")
_ENGLISH_ENDS = (
    r"(?<=[a-z])[.] |,? following "
    r"|, (?:h\.e|mr|ms|mrs|prime|gen[. ]|government spokes|deputy|minister|president|dr[. ])"
)
_GLUED_PERSON = "(?<=[ก-๎])(?:นาย(?!ก|อำเภอ|แพทย์|ทะเบียน)|นางสาว|พลเอก)(?=[ก-ฮเ-ไ])"
_AT_ENGLISH = re.compile(r" at (?:the )?(?=[^\n\d ])(?!\d|noon|the opening|an? |any )")
_ENGLISH_SENTENCE_END = re.compile(r"(?<=[a-z]{4})\.[ \n]")  # not Mr., Gen.


_DIPLOMAT = re.compile("(?:กงสุล|เอกอัครราชทูต)[^ณ\n]{0,40}\\Z")


def _venues(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield each ณ that is not part of a diplomat's post: กงสุลใหญ่… ณ เมือง…."""
    for match in _AT.finditer(text, start, end):
        if not _DIPLOMAT.search(text[max(0, match.start() - 50) : match.start()]):
            yield match


@cache
def _end_pattern() -> re.Pattern[str]:
    begins = any_of(fold(row["begins"]) for row in read_table("venue_ends.csv"))
    return re.compile(rf"\n| (?:{begins}|\d+ คน|#)|{_ENGLISH_ENDS}|{_GLUED_PERSON}")


def find_venue(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the offsets of the venue named between two offsets of a folded text, or None.

    Args:
        text: a folded text.
        start: where the day ends.
        end: where the search ends.
    """
    sentence = _ENGLISH_SENTENCE_END.search(text, start, end)
    match = (
        _AT_AFTER_DAY.match(text, start, end)
        or next(_venues(text, start, end), None)
        or _AT_ENGLISH.search(text, start, sentence.start() if sentence else end)
    )
    if match is None:
        return None
    first = match.end()
    stop = _end_pattern().search(text, first, min(len(text), first + _LONGEST))
    last = stop.start() if stop else min(len(text), first + _LONGEST)
    if not stop and last < len(text):
        last = text.rfind(" ", first, last)
    while last > first and text[last - 1] in " ,:-–":
        last -= 1
    return (first, last) if last - first > 2 else None
