"""Where the name of a law ends, and the one spelling of it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import read_table
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

HEAD_WORDS = (
    r"พ(?:ระราช(?:บัญญัติ|กำหนด|กฤษฎีกา)|\.ร\.(?:บ\.?|ป\.|ก\.|ฎ\.)|รบ\.|รบ(?<![ก-๎]พรบ)(?![ะ-๎])|รก\.)|ประ(?:มวลกฎหมาย|มวลรัษฎากร|กาศ)"
    r"|รัฐธรรมนูญ|ก[ฎฏ](?:กระทรวง|หมาย)|ระเบียบ|ข้อ(?:บังคับ|กำหนด)|คำสั่ง"
)
"""Pattern of the words that begin the names of laws."""

WORDS = {"act": "พระราชบัญญัติ", "decree": "พระราชกำหนด", "code": "ประมวลกฎหมาย"}
"""The words that the kinds of ``laws.csv`` begin with."""

_LONGEST = 260
"""Characters of a name at most; the longest of the archive has 232."""

# What closes a name: an amendment's number, the year, or the dots of a draft without one.
_NUMBER = r"\(ฉบับ(?:ที่)? ?(?P<number>[0-9]{1,3}|[.… ]{1,6}) ?\)"
_YEAR = (
    r"(?:พ\. ?ศ\.?|(?:พระ)?พุทธศักราช|ปี) ?"
    r"(?P<year>2[45][0-9]{2}(?![0-9])|…[.… ]{0,6}|\.[.… ]{1,6})"
)
_CLOSING = re.compile(
    rf"[ \n]?(?:{_NUMBER}[ \n]?)?{_YEAR}| ?\(ฉบับ(?:ที่)? ?(?P<only>[0-9]{{1,3}}|[.… ]{{1,6}}) ?\)"
    r"|(?<!คม)(?<!ยน)(?<!พันธ์) (?P<bare>2[45][0-9]{2})(?![0-9])"
)
# The dots of a draft behind the year of the law that it amends or repeals.
_REPEALED = re.compile(
    r" (?:\(ฉบับ(?:ที่)? ?(?P<number>[.… ]{1,6})\) ?)?พ\.ศ\. ?(?P<year>…[.… ]{0,6}|\.[.… ]{1,6})"
    r"(?P<only>(?!))?(?P<bare>(?!))?"
)
_STOPS = re.compile(
    # Marks, and a bracket unless it holds the amendment's number.
    r"[\n“”\"‘’;:,/\[\]=]|ฯ|\)| ?\((?!ฉบับ)"
    # The next law, unless this one amends, repeals or introduces it.
    r"|(?<!เพิ่มเติม)(?<!ยกเลิก)(?<!ให้ใช้)(?<!ประกอบ)(?:พระราชบัญญัติ|พ\.ร\.|พรบ|พระราชกำหนด|พระราชกฤษฎีกา|ประมวล(?:กฎหมาย|รัษฎากร)"
    r"|กฎกระทรวง|รัฐธรรมนูญ)"
    # Words that no name has.
    r"| ?(?:ซึ่ง(?!อสังหา|สินค้า)|มาตรา(?!การ)|ดังกล่าว|ฉบับ(?!ที่)|(?<!ว่า)กล่าว|(?<!การ)เปิดเผย|จึง|ลงวันที่|ครั้งที่"
    r"|วันที่|เมื่อวัน|ทั้งนี้|ทั้งสิ้น|ระบุ(?!ชื่อ|ฉลาก))"
)
# Behind a blank these begin a sentence, not the rest of a name.
_SENTENCE = re.compile(
    r" (?:ได้|จะ|มี|เป็น|ให้|ที่|โดย|เพื่อ|และ(?:ได้|จะ|มี|เป็น|ให้|ที่|กฎ|ระเบียบ|ประกาศ)|หรือ(?:ไม่"
    r"|ที่)|ว่า(?!ด้วย)|ตาม|ใน(?!กรณี|ท้องที่|เขต|พื้นที่)|ไม่|ต้อง|ขอ(?!ง)|นั้น|อีก|ถ้า|หาก"
    r"|แต่|จาก|กับ|นาย|นาง|กระทรวง|กรม(?!ธรรม์)|รัฐบาล|คณะรัฐมนตรี|ครม|สำหรับ|รวมทั้ง|รวมถึง|พร้อม|ต่อ|อัน|ด้วย|เห็น|พบ|ร่วม|ต่าง|อาทิ|เช่น)"
)
# These may also go on in a regulation's title that a year closes: หรือที่อาจ… พ.ศ. 2566.
_WEAK = re.compile(
    r" (?:กระทรวง[ก-๎]{2,40} ?(?=พ\.ศ\.|\(ฉบับ)|หรือ(?:ที่|ไม่)|ที่|เพื่อ|ให้|ต้อง|อัน|ต่อ|โดย|สำหรับ|ใน|และที่)"
)
# Without a year a name also ends where such a word is glued to it.
_GLUED = re.compile(
    r"(?<!วัตถุ)ที่(?=มี|ได้|จะ|กำหนด|ใช้|ออก|ให้|ผ่าน|อยู่|แก้|เสนอ|ว่า|ต้อง|เป็น|เกี่ยวข้อง|กระทรวง|สำนักงาน|ประกาศ|บัญญัติ)|กำหนดให้|เพื่อให้|เนื่องจาก|(?<!การ)มีผล"
    r"|โดย(?=มี|เฉพาะ|ให้)|อย่าง|วรรค|จำนวน|แล้ว|ทั้ง(?=[ 0-9สห])|รวม(?=[ 0-9])|จะ|ได้|ไม่"
    r"|เป็น(?=กฎ|การ(?!เฉพาะ|ชั่วคราว|ทั่วไป)|ที่|เครื่อง|หลัก)|ให้(?=มี|แก่|กับ|เป็น|สอด|ทัน|ครอบ|กระทรวง|ผู้)|(?<!ระห)ว่า(?!ด้วย|ง)"
    r"|อยู่|(?<!กำ)(?<!เกี่ยว)กับ|(?<!เป็นไป)ตาม|(?<!ค่าใช้จ่าย)ใน(?=การ|วาระ|ขั้น|เรื่อง|ปี|วัน|ข้อ|ประเทศ|ส่วน)"
    r"|เข้า(?=สู่|ที่)|เสนอ|มา(?=ใช้|ตั้ง|บังคับ|แล้ว|เป็น)|ของ(?=กระทรวง|กรม|รัฐบาล|ประเทศ|ไทย)|นี้|เพื่อ(?=นำ|เป็น|แก้|เพิ่ม|ส่ง|ป้อง|ดูแล)"
    r"|และ(?=กฎ|ประกาศ|ระเบียบ|ได้|มี|ที่|ขอ|ดำเนิน|ข้อ|มาตร|อนุ)|หรือ(?=กฎ|ไม่|ที่)|ต่อ(?=ที่|คณะ|สภา|ไป)|ถือ|ต้อง(?!เป็นไปตามมาตรฐาน|ห้าม)|มี(?=ผล|การ|ความ|วัตถุ|ทั้ง|ข้อ|โทษ|สาระ)|(?<!ปราศ)(?<!กระทบ)(?<!โรค)(?<!แรงงาน)จาก"
)
# The title of a notification, behind เรื่อง, is a sentence itself; only these end it.
_GLUED_TO_TITLE = re.compile(
    r"ที่(?=มี|ได้|จะ|ใช้|ออก|ผ่าน|แก้|เสนอ|กระทรวง|สำนักงาน|ประกาศ)|(?<!การ)มีผล|มีสาระ|จะ|ได้(?!รับ|มา)|แล้ว"
    r"|เนื่องจาก|ตามที่|ตามมติ|เพื่อให้|โดย(?=มี|เฉพาะ|ให้)|และ(?=กฎ|ประกาศ|ระเบียบ|คำสั่ง|ได้|ที่)"
    r"|(?<![สก])ว่า(?!ด้วย|ง|ราชการ|จ้าง)"
)
_NO_TITLE = re.compile(r" ?(?:นี้|นั้น|ดังกล่าว|ฯ|ที่(?=เกี่ยว|มี|ได้|จะ|ออก)|ต่าง|[0-9.,)]|\Z|\n)")
# A name without a year ends at a blank, unless it goes on like this.
_BLANK = re.compile(
    r" (?!วิธีการ|วิธีปฏิบัติ|หลักเกณฑ์|เงื่อนไข|และ(?:วิธี|เงื่อนไข|อัตรา)|นำเข้า|ส่งออก|หรือใบรับรอง"
    r"|(?<=โคโรนา )2019|(?<=หมายเลข )[0-9])"
)
_NO_NAME = re.compile(
    r" ?(?:นี้|นั้น|ดังกล่าว|ฯ|ฉบับ|ที่(?!ดิน|ราชพัสดุ)|และ|หรือ|ให้(?!ใช้|อำนาจ|เอกชน)|ได้|จะ|ทั้ง|ต่าง|อื่น"
    r"|ว่า(?!ด้วย)|มี|เป็น|ซึ่ง|โดย|เพื่อ|ใน|ของ|ต้อง|ตาม|ใหม่|ลูก|หลัก(?!เกณ|กณ|ทรัพย์|ประกัน)|จำนวน|อีก|เดิม|แล้ว|ก็|จึง|"
    r"ไม่|เกี่ยวกับ(?! )|ต่อ|จาก|กลาง|แม่บท|แห่ง(?!ชาติ)|กำหนดไว้|ไว้|ดัง|ข้าง|มาตรา|มา(?!ตร)|ไป(?!รษณีย์)"
    r"|ออก|บังคับ|เข้า(?!ชื่อ)|ใช้|ภายใต้|เพิ่มเติม|พร้อม|ปัจจุบัน|สำหรับ|ประกอบ(?!รัฐธรรมนูญ)|พิเศษ|เฉพาะ|[0-9.,)]|\Z|\n)"
)
_HEAD_INSIDE = re.compile(r"(?:พ\.ร\.บ\.|พรบ\.?|พระราชบัญญัติ)")


_LOOSE_END = re.compile(r"(?: |ของ|และ|หรือ|ใน|(?<!หน้า)(?<!พื้น)ที่|ทั้ง|ตาม|เพื่อ|โดย|แห่ง|กับ|ภายใต้)+\Z")


class LawName(NamedTuple):
    """Where a name ends in the text, and the name in one spelling, with the word it begins with."""

    end: int
    name: str


def read_name(text: str, start: int, word: str, *, title: bool = False) -> LawName | None:
    """Return the name that begins after a word for laws, None if it names none.

    Args:
        text: a folded text.
        start: offset after the word.
        word: the word, spelled out.
        title: whether it is the title of a notification.
    """
    begin = start + text.startswith(" ", start)
    limit = min(len(text), begin + _LONGEST)
    known = known_name_end(text, begin, word)
    if known is None and (_NO_TITLE if title else _NO_NAME).match(text, begin):
        return None
    stop = _STOPS.search(text, begin, limit)
    hard = stop.start() if stop else limit
    sentence = _SENTENCE.search(text, begin, hard)
    if sentence and _title_goes_on(text, sentence, hard, word):
        sentence = None
    if sentence:
        hard = sentence.start()
    closing = _CLOSING.search(text, begin, min(hard + 24, limit))
    beyond = begin if known is None else known.end - 2
    if closing and beyond < closing.start() <= hard:
        return _closed(text, begin, closing, word)
    if known is not None:
        return known
    end = hard
    if blank := _BLANK.search(text, begin, hard):
        end = blank.start()
    if glued := (_GLUED_TO_TITLE if title else _GLUED).search(text, begin + 2, end):
        end = glued.start()
    end = begin + len(_LOOSE_END.sub("", text[begin:end]))
    name = text[begin:end].strip(" .-–")
    if len(name) < _SHORTEST or end - begin == _LONGEST:
        return None
    return LawName(begin + len(text[begin:end].rstrip(" .-–")), _spelled(word, name))


_WITH_TITLES = frozenset({"", "กฎกระทรวง", "ระเบียบ", "พระราชกฤษฎีกา"})


def _title_goes_on(text: str, sentence: re.Match[str], hard: int, word: str) -> bool:
    """Return whether a regulation's title goes on behind a weak word, to its พ.ศ."""
    if word not in _WITH_TITLES or not _WEAK.match(text, sentence.start()):
        return False
    at = sentence.end()
    while (following := _SENTENCE.search(text, at, hard)) and _WEAK.match(text, following.start()):
        at = following.end()
    end = following.start() if following else hard
    return text.find("พ.ศ.", sentence.end(), end + 5) >= 0


_SHORTEST = 3
"""Letters of the shortest name that is not in the table, such as น้ำ."""


def known_name_end(text: str, begin: int, word: str) -> LawName | None:
    """Return the longest name of the table at an offset, with the year behind it if any."""
    begin += text.startswith(" ", begin)
    pattern, names = _known().get(word, (None, {}))
    match = pattern.match(text, begin) if pattern else None
    if match is None or not _ends_known(text, match.end(), match.end() - begin):
        return None
    closing = _CLOSING.match(text, match.end() + text.startswith("ฯ", match.end()))
    if closing:
        return _closed(text, begin, closing, word, names[_squashed(match[0])])
    return LawName(match.end(), _spelled(word, names[_squashed(match[0])]))


_SHORT = 5


def _ends_known(text: str, end: int, length: int) -> bool:
    """Return whether a known name ends here: ยา is known, ยาเส้น begins with it."""
    return (
        length > _SHORT
        or not text[end : end + 1].isalpha()
        or any(ends.match(text, end) for ends in (_STOPS, _GLUED, _NO_NAME))
    )


def _closed(
    text: str, begin: int, closing: re.Match[str], word: str, name: str | None = None
) -> LawName:
    """Return a name that ends with its year or number of amendment."""
    if name is None:
        written = text[begin : closing.start()].strip(" .-–")
        _, names = _known().get(word, (None, {}))
        name = names.get(_squashed(written), written)
    end = closing.end()
    if repeal := _REPEALED.match(text, end):
        name, closing, end = text[begin : repeal.start()].strip(), repeal, repeal.end()
    number = (closing["number"] or closing["only"] or "").strip(".… ")
    year = (closing["year"] or closing["bare"] or "").strip(".… ")
    full = _spelled(word, name) + f" (ฉบับที่ {number})" * bool(number) + f" พ.ศ. {year}" * bool(year)
    return LawName(begin + len(text[begin:end].rstrip()), full)


def _spelled(word: str, name: str) -> str:
    """Return the word and a name without superfluous blanks, abbreviations spelled out."""
    return word + " ".join(_HEAD_INSIDE.sub("พระราชบัญญัติ", name).split())


@cache
def _known() -> dict[str, tuple[re.Pattern[str], dict[str, str]]]:
    """Return, for each word for laws, the pattern of known names and their one spelling.

    The spellings are by the name in lower case without blanks.
    """
    names: dict[str, dict[str, str]] = {word: {} for word in WORDS.values()}
    for row in read_table("laws.csv"):
        of_kind = names[WORDS[row["kind"]]]
        for name in (row["name"], *filter(None, row["also"].split("|"))):
            of_kind[fold(name)] = row["name"]
    return {
        word: (_pattern_of(known), {_squashed(name): one for name, one in known.items()})
        for word, known in names.items()
    }


def _pattern_of(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for the longest name, with or without blanks between its parts."""
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(
        "|".join(
            re.sub("(?: |(?<=.)(?=และ|การ|กระทรวง))", " ?", re.escape(name).replace("\\ ", " "))
            for name in longest_first
        )
    )


def _squashed(name: str) -> str:
    return name.replace(" ", "")
