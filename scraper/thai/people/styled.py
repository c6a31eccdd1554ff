"""Finds persons whose names have no title and surname: royalty by style, monks by Pali name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import read_table
from scraper.thai.people.tables import LETTERS, RUN
from scraper.thai.text import fold
from scraper.thai.tries import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_STYLE = 70
# The styles before a royal name, up to the part that tells the persons apart.
_STYLE = re.compile(
    r"(?:พระบาทสมเด็จ|สมเด็จ|ทูลกระหม่อม|พระเจ้าวรวงศ์เธอ|พระเจ้าหลานเธอ|พระองค์)"
    r"(?:พระ|เจ้า|กรม|หญิง|องค์|ปร|รามาธิบดี|บรม|กนิษฐา|น้อง|ลูก|พี่|นาง|อินทร|มินทร|เมนทร|ศรีสินทร"
    r"|อยู่หัว|เธอ|ธิราช|ยา|สมเด็จ|ชนก|มหา| )*\Z"
)
# What continues a royal name after its distinctive part.
_REST = re.compile(
    r"(?:[ฯ ]*(?:มหาภูมิพลอดุลยเดช|มหาราช|บรมนาถบพิตร|พระบรมราชินีนาถ|พระบรมราชินี|พระบรมราชชนนีพันปีหลวง"
    r"|พระบรมราชชนก|พัชรสุธาพิมลลักษณ|เจ้าฟ้ามหาจักรีสิรินธร|มหาวชิราลงกรณวรราชภักดี|สิริกิจการิณีพีรยพัฒน"
    r"|รัฐสีมาคุณากรปิยชาติ|สยามบรมราชกุมารี|อัครราชกุมารี|กรมพระศรีสวางควัฒน|วรขัตติยราชนารี"
    r"|นเรนทิราเทพยวดี|กรมหลวงราชสาริณีสิริพัชร|มหาวัชรราชธิดา|นารีรัตนราชกัญญา|วิชชุลดาเทพนารี"
    r"|มหาวชิโรตตมางกูร|สิริวิบูลยราชกุมาร|กรมหลวงนราธิวาสราชนครินทร์|สิริวัฒนาพรรณวดี"
    r"|พระวรราชาทินัดดามาตุ|อดุลยเดชวิกรม|พระวชิรเกล้าเจ้าอยู่หัว|บดินทรเทพยวรางกูร|เจ้าอยู่หัว))+"
)
# A monk's Pali name has a dot below or a circle above a consonant that ordinary Thai words lack.
_PALI_SIGN = re.compile("[ฺํ](?!า)")
_WORD = re.compile(f"[{LETTERS}]*")
_LONGEST_NAME = 30
_MONK_TITLE = re.compile(
    r"(?:พระ|หลวง)(?:ครูธรรมธร|ครูปลัด|ครูสมุห์|ครูใบฎีกา|ครู|มหา|อาจารย์|ปลัด|สมุห์|ใบฎีกา|พ่อสมุห์|พ่อ|ปู่|ตา)?"
)


class StyledName(NamedTuple):
    """A name at a place of a folded text.

    Attributes:
        start, end: offsets of the name.
        name: as ``people.name`` has it.
        is_monk: False for royalty.
    """

    start: int
    end: int
    name: str
    is_monk: bool


@cache
def _royal_parts() -> tuple[re.Pattern[str], dict[str, str]]:
    rows = read_table("royal_names.csv")
    names = {fold(row["part"]): row["name"] for row in rows}
    return re.compile(any_of(names)), names


def find_styled_names(text: str) -> Iterator[StyledName]:
    """Yield royal names and monks' names with a Pali name, each kind in the order of the text."""
    yield from _royal_names(text)
    yield from _monks(text)


def _royal_names(text: str) -> Iterator[StyledName]:
    pattern, names = _royal_parts()
    floor = 0
    for part in pattern.finditer(text):
        if part.start() < floor:
            continue
        window = max(floor, part.start() - _LONGEST_STYLE)
        style = _STYLE.search(text, window, part.start())
        if style is None:
            continue
        rest = _REST.match(text, part.end())
        floor = rest.end() if rest else part.end()
        yield StyledName(style.start(), floor, names[part[0]], is_monk=False)


def _monks(text: str) -> Iterator[StyledName]:
    at = 0
    while sign := _PALI_SIGN.search(text, at):
        at = sign.end()
        blank = text.rfind(" ", max(0, sign.start() - _LONGEST_NAME), sign.start())
        word = _WORD.match(text, blank + 1)
        if blank < 0 or word is None or word.end() < sign.end():
            continue
        at = word.end()
        floor = max(0, blank - _LONGEST_NAME)
        before = max(text.rfind(opening, floor, blank) + 1 for opening in ' (\n“"')
        before = max(before, floor)
        titles = list(_MONK_TITLE.finditer(text, before, blank))
        start = titles[-1].end() if titles else before
        if RUN.fullmatch(text, start, blank):
            yield StyledName(start, word.end(), text[start : word.end()], is_monk=True)
