"""Finds named projects, programmes, policies and campaigns in a folded text.

A name is in quotation marks after a word for its kind (โครงการ “…”), begins after an opening mark
with such a word (“โครงการ…”), follows โครงการ without marks, or is known (``programmes.csv``).
Quotation marks are also used for speeches, and in a tenth of the articles with marks one is never
closed, so a name is short and ends in its line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import read_table
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator


class Programme(NamedTuple):
    """A programme named in a folded text.

    Attributes:
        kind: ``project``, ``programme``, ``policy`` or ``campaign``.
        start: offset of its name in the folded text.
        end: offset after the name.
        known: the name in one spelling if it is in the table, else None.
        whole: offsets of the full name given earlier, if this one is shortened with ฯ.
    """

    kind: str
    start: int
    end: int
    known: str | None = None
    whole: tuple[int, int] | None = None


_KINDS = {
    "โครงการ": "project",
    "แผนงาน": "programme",
    "โปรแกรม": "programme",
    "นโยบาย": "policy",
    "มาตรการ": "policy",
    "แคมเปญ": "campaign",
    "รณรงค์": "campaign",
}
_WORD = "โครงการ|แผนงาน|โปรแกรม|นโยบาย|มาตรการ|แคมเปญ|รณรงค์"
_OPEN, _CLOSE = "“\"‘'", "”\"’'"
_LONGEST, _SHORTEST = 110, 3  # characters of a name in marks
_QUOTED = re.compile(
    rf"(?P<word>{_WORD}) ?(?:ภายใต้ชื่อ ?|(?:ที่มี)?ชื่อ(?:ว่า)? ?|คือ ?|รณรงค์ ?|: ?)?[{_OPEN}] ?"
    rf"(?:{_WORD})? ?(?P<name>[^\n“”\"‘’]{{{_SHORTEST},{_LONGEST}}})(?P<close>[{_CLOSE}“])?"
)
# โครงการ… after an opening mark.
_INSIDE = re.compile(
    rf"[{_OPEN}] ?(?P<word>{_WORD})(?P<name>[^\n“”\"‘’]{{{_SHORTEST},80}})[{_CLOSE}]"
)
_PLAIN = re.compile("โครงการ")

# Not a name, whatever its marks: a reference, a sentence, a person.
_NO_NAME = re.compile(
    r" ?(?:นี้|นั้น|ดังกล่าว|ฯ|ต่าง|อื่น|ที่(?!ดิน)|และ|หรือ|ให้|ได้|จะ|ทั้ง|ว่า|มี|เป็น|ซึ่ง|โดย|เพื่อ(?!น)|ใน|ของ|ต้อง"
    r"|ตาม|ใหม่|แล้ว|ไม่|เกี่ยว|จาก|แก่|กับ|ละ|ใด|ไป|มา|ไว้"
    r"|รม[วต]|นายก|ปลัด|อธิบดี|ผู้|รองนายก|พล\.|ดร\.|เรา(?!ชนะ|เที่ยว|ไม่|ทำ|รัก)|ผม|เอง|แต่|จึง|อย่าง|จำนวน|ระดับ|ขนาด|สำคัญ|หลัก|ย่อย|แรก|เดิม|ลักษณะ|นำร่อง|ร่วม|"
    r"ภายใต้|รวม|ด้าน|ประเภท|ระยะ|ออก|สามารถ|เข้า|ควร|เช่น|อาทิ|ส่วน|ทุก|หนึ่ง|ของ|เหล่า"
    r"|ปี(?:งบ)?|ดี|ตลอด|คอมพิวเตอร์|ผ่าน|เสนอ|อยู่|จุด|จัดซื้อจัดจ้าง|รองรับประเด็น|ทางเทคโนโลยี"
    r"|ความร่วมมือ ?[^ก-๎]|(?:พัฒนา|สิ่งแวดล้อม|อาหารโลก)แห่งสหประชาชาติ|อาหารโลก|บ้านจัดสรร"
    r"|ชลประทาน(?!น้ำ)|สำหรับ|เดือน|ประสบ|ประจำปี|ระหว่าง|พร้อม|หลวง|คิดเป็น|เติบโต|ยัง(?!สม)|บรรจุ|ส่งผล|ทำให้|แล้วเสร็จ|เสร็จ|เริ่ม|ครอบคลุม|กำหนด|ต่อเนื่อง|อาคารชุด|ลงทุน|ฝ่าย|อันเนื่อง|พระราชดำริ|ความร่วมมือ(?:สำคัญ|แผนงาน)|พัฒนาของ|สาธารณูปโภค|ต่อ(?!ต้าน|เรือ|ยอด|เติม)|เพิ่มเติม|เกิด|ไหน|ก่อน(?!วัย)"
    r"|[0-9.,)/:\-–]|\Z|\n)"
)
# Words before the title of a speech: หัวข้อ “นโยบาย…”.
_TALK = re.compile("(?:เรื่อง|หัวข้อ|ประเด็น) ?\\Z")
_SPEECH = re.compile("กล่าว|ครับ|ค่ะ|ผม|เราจะ|ดิฉัน|นะคะ|ขอบคุณ|ได้มี|ต้องการ|จะต้อง")
_ENDS = re.compile(
    r"[\n“”\"‘’'(),;:/\[\]]|(?<!กรุงเทพ)ฯ| "
    r"|(?<!หน้า)(?<!พื้น)ที่(?=มี|ได้|จะ|กำหนด|อยู่|ให้|เป็น|ต้อง|ดำเนิน|เกี่ยว|ใช้|ผ่าน|สนับสนุน)|ซึ่ง"
    r"|โดย(?!ภาครัฐ|ชุมชน|การมี)|ดังกล่าว|นี้|เนื่องจาก|จะ|ได้(?=แก่|รับ|มี|ดำเนิน|จัด|ถูก|ผ่าน|ใช้)|แล้ว|ไม่ได้"
    r"|สามารถ|อย่าง(?!ยั่งยืน)|จำนวน(?=[ 0-9])|วงเงิน|ตั้งแต่|ระหว่าง(?=[ 0-9]|วันที่|การ|ปี)|เมื่อ(?!วัน)"
    r"|ณ(?= )|มาใช้|มาดำเนิน|เป็นต้น|ประจำปี|มากขึ้น|ออกมา|มี(?=เพียง|จำนวน|มูลค่า|ผู้|การ|ความ)"
    r"|เป็น(?=การ|โครงการ|ผู้|ส่วน|ไป)|ต่อไป|อาจ(?=มี|จะ|ต้อง|ไม่|ทำ)|(?:จน)?(?:ประสบ|สำเร็จ|ลุล่วง|บรรลุ)|จัดอยู่|อยู่ภายใต้|ร้อยละ"
    r"|ให้(?=กับ|แก่|เป็น|มี|แล้ว|สามารถ|ครอบ|สำนัก|กรม|กระทรวง|หน่วยงาน)"
    r"|และ(?=ได้|ให้|มี|จะ|ขอ|โครงการ|ปรับวัตถุ)|ของ(?=กระทรวง|กรม|รัฐบาล|สำนัก|หน่วย|ประเทศ)"
)
# A name goes on after a space: a route or section, a name in Latin letters, the rest of a phrase.
_ROUTE = re.compile(r"(?:(?:สาย|ช่วง|หมายเลข|ตอน)(?!ที่)(?=[ก-๎ 0-9])|[-–] (?!โครงการ)(?=[ก-ฮเ-ไ]))")
_LATIN = re.compile(r"[a-z][a-z0-9&.+’'-]*(?: [a-z0-9&][a-z0-9&.+’'-]*){0,6}")
_UNFINISHED = re.compile(
    r"(?:จาก|ถึง|เชื่อม|ของ|สู่|ระหว่าง|แม่น้ำ|คลอง|พระราม|สูตร|โควิด|สาย|หมายเลข|สำหรับ|และ|สมาร์ท)\Z"
)
_COUNTED = re.compile(r"(?:ระยะ|ปี|ครั้ง|เครื่อง|ขั้น|ศตวรรษ)ที่\Z")
_NUMBER = re.compile("[0-9]{1,3}")
_REST = re.compile(r"[0-9]{1,4}(?: [ก-ฮเ-ไ])?|(?=[ก-ฮเ-ไ])")
_MOST_PARTS = 4  # of a name with spaces
_TRAILING = re.compile(
    r"(?:แห่ง|ของ|และ|หรือ|(?<!กำ)กับ|จาก|ถึง|(?<!ภาย)ใน|เพื่อ|(?<!ราย)ได้|ให้|(?<!จำ)เป็น|โดย|เชื่อม|ระหว่าง"
    r"|(?<!ติด)ตาม|(?<!ร้อย)สาย)\Z"
)
_LONGEST_WORD = 12  # letters of the words of _UNFINISHED and _TRAILING
_SHORTENED = 16  # letters; a shorter name with ฯ after it has been given in whole before
_SAME = 5  # first letters by which the whole name is looked up
_PHASE = re.compile(r" ?(?:ระยะที่|เฟส(?:ที่)?) ?[0-9]{1,2}(?:/[0-9]{1,4})?(?![0-9])")
_MINIMUM = 10  # letters of a name without marks; shorter ones are words such as พัฒนา
_MANY_THINGS = re.compile(
    r"(?:ก่อสร้าง|พัฒนา|ปรับปรุง|ส่งเสริม|สนับสนุน|แก้ไข|ช่วยเหลือ|จัดทำ|ฝึก|อบรม|ลงทุน|วิจัย|เพิ่ม|สร้าง|ขยาย)[ก-๎]{0,9}\Z"
)


def find_programmes(text: str) -> list[Programme]:
    """Return the programmes named in a folded text, in order, without overlaps. Linear.

    >>> [p.kind for p in find_programmes("เปิดโครงการ “น้ำใสใจดี” ตามนโยบายที่วางไว้")]
    ['project']
    """
    found = [*_known(text), *_in_marks(text), *_without_marks(text)]
    kept: list[Programme] = []
    for programme in sorted(found, key=lambda programme: (programme.start, -programme.end)):
        if not kept or programme.start >= kept[-1].end:
            kept.append(programme)
    return list(_resolved(text, kept))


def _resolved(text: str, programmes: list[Programme]) -> Iterator[Programme]:
    """Yield the programmes; those shortened with ฯ get the full name given earlier."""
    latest: dict[str, tuple[int, int]] = {}
    for programme in programmes:
        _, start, end, known, _ = programme
        if known is None and text.startswith("ฯ", end):
            whole = latest.get(text[start : start + _SAME])
            if whole and text.startswith(text[start:end], whole[0]):
                yield programme._replace(whole=whole)
            elif end - start >= _SHORTENED:
                yield programme
        else:
            latest[text[start : start + _SAME]] = (start, end)
            yield programme


def _in_marks(text: str) -> Iterator[Programme]:
    for pattern in (_QUOTED, _INSIDE):
        for match in pattern.finditer(text):
            kind, name = _KINDS[match["word"]], match["name"]
            if _NO_NAME.match(name) or _SPEECH.search(name):
                continue
            if pattern is _QUOTED and match["close"] is None:
                continue  # a mark that is never closed
            begin = max(0, match.start() - _LONGEST_WORD)
            if kind == "policy" and _TALK.search(text, begin, match.start()):
                continue
            if kind == "policy" and " " not in name and len(name) <= _PERSON and not name.isascii():
                continue  # ขานรับนโยบาย “สมใจ”: a person or an agency
            start, end = match.span("name")
            yield Programme(kind, start, start + len(text[start:end].rstrip(" ,.")))


_PERSON = 7
"""Letters of a word behind นโยบาย that is more often somebody's name."""


def _without_marks(text: str) -> Iterator[Programme]:
    for match in _PLAIN.finditer(text):
        start = match.end() + text.startswith(" ", match.end())
        spaced = start > match.end()
        if _NO_NAME.match(text, start) or (spaced and not text[start : start + 1].isascii()):
            continue  # what follows a space may be the rest of the sentence
        known = _table()[0].match(text, start)
        end = known.end() if known else _end_of_name(text, start)
        name = text[start:end].strip(" .-–")
        if phase := _PHASE.match(text, start + len(name)):
            name = text[start : phase.end()]
        if (
            len(name) >= _MINIMUM
            and not name.endswith(("ต่าง", "อื่น"))
            and not _MANY_THINGS.fullmatch(name)
            and not _SPEECH.search(name)
        ):
            yield Programme("project", start, start + len(name))


def _end_of_name(text: str, start: int) -> int:
    """Return where a name without marks ends; the start if it is too long."""
    limit = min(len(text), start + _LONGEST)
    end = at = start
    for _ in range(_MOST_PARTS):
        stop = _ENDS.search(text, at, limit)
        if stop is None:
            end = limit if limit == len(text) else end
            break
        end = stop.start()
        at = _further_part(text, end)
        if at == end:
            break
        if latin := _LATIN.match(text, at):
            end = at = latin.end()
    while trailing := _TRAILING.search(text, max(start, end - _LONGEST_WORD), end):
        end = trailing.start()
    return end


def _further_part(text: str, end: int) -> int:
    """Return the offset where a name goes on after a space, its end if it does not."""
    at = end + 1
    if not text.startswith(" ", end):
        return end
    if _LATIN.match(text, at):
        return at
    if route := _ROUTE.match(text, at):
        return route.end()
    begin = max(0, end - _LONGEST_WORD)
    if _COUNTED.search(text, begin, end) and (number := _NUMBER.match(text, at)):
        return number.end()
    if _UNFINISHED.search(text, begin, end) and (rest := _REST.match(text, at)):
        return rest.end()
    return end


def _known(text: str) -> Iterator[Programme]:
    pattern, names = _table()
    for match in pattern.finditer(text):
        kind, name = names[match[0]]
        yield Programme(kind, match.start(), match.end(), name)


@cache
def _table() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """Return the pattern of the known names, and their kind and one spelling."""
    names = {
        fold(name): (row["kind"], row["name"])
        for row in read_table("programmes.csv")
        for name in (row["name"], *filter(None, row["also"].split("|")))
    }
    branches = defaultdict[str, list[str]](list)
    for name in sorted(names, key=len, reverse=True):
        branches[name[0]].append(re.escape(name[1:]))
    # The first letter alone in front, by which the regex engine finds the places to try.
    pattern = "|".join(
        f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in branches.items()
    )
    return re.compile(f"(?:{pattern})(?![a-z])"), names
