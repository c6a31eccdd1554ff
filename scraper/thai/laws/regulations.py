"""Names of regulations: กฎกระทรวง, ระเบียบ, ประกาศ, ข้อบังคับ, ข้อกำหนด, คำสั่ง.

Most of these words are common nouns and verbs too. A regulation has a name of its own if its issuer
is followed by เรื่อง, ว่าด้วย or a number: ประกาศกระทรวงมหาดไทย เรื่อง …, คำสั่งคณะ… ที่ 22/2558.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.thai.laws.names import LawName, read_name

_ISSUER = (
    r"(?:กระทรวง|กรม|สำนัก|คณะ|การ(?:ไฟฟ้า|ประปา|รถไฟ|ทาง|ท่า|นิคม|ยาง|เคหะ)|ธนาคาร|จังหวัด|กรุงเทพ|สภา|หัวหน้า|ศูนย์|ศบค|คสช|มหาวิทยาลัย|องค์การ|ก\.|กสทช|กกพ|กกต|กฟ"
    r"|กพท|ปปง|ป\.ป|ตลาด|นายกรัฐมนตรี|เทศบาล|ผู้ว่า|ออกตามความ)"
)
# What joins a name to its issuer; what is between is part of the name, but no sentence.
_NAMED = re.compile(
    rf" ?{_ISSUER}(?P<issuer>[^\n“”\"0-9:;,()]{{0,110}}?(?:\([ก-ฮ.]{{2,9}}\))?) ?"
    r"(?P<join>เรื่อง(?<!เป็นเรื่อง) ?|ว่าด้วย(?!สัญญา|ราคาสินค้า)"
    r"|(?:\(?ฉบับ)?ที่(?<!วันที่)(?<!ครั้งที่)(?<!คณะที่) ?"
    r"(?P<number>(?:[ก-ฮ.]{1,6} ?)?[0-9]{1,4}(?: ?/ ?[0-9]{2,4})?))"
)
_NOT_ISSUER = re.compile(
    "ได้|จะ|เมื่อ|พร้อม|ดังกล่าว|นี้|ซึ่ง|เกี่ยวกับ|เปิด|แจ้ง|กล่าว|ตามที่|ยังไม่|ที่ออกตาม|ที่เกี่ยวข้อง|เพื่อเสนอ|และรายละเอียด|ที่คณะ"
)
# Other orders appoint committees and officers.
_OF_THE_JUNTA = re.compile(r" ?(?:หัวหน้า)? ?(?:คณะรักษาความสงบแห่งชาติ|คสช)")
_BY_SUBJECT = re.compile(r" ?(?:ว่าด้วย|การประชุม(?=สภา|วุฒิสภา|รัฐสภา))")
_NUMBERED = re.compile(
    r" ?(?:\(?ฉบับที่ ?(?P<number>[0-9]{1,4}|[.…]{1,4})\)? ?|(?=\(พ\.ศ\.))"
    r"(?:\(?พ\.ศ\. ?(?P<year>2[45][0-9]{2}|[.…]{1,6})\)?)?"
)
_EDITION_ALONE = re.compile(
    r" ?(?:ฯ ?)?(?P<open>\()?ฉบับที่ ?(?P<number>[0-9]{1,3})(?![0-9])(?(open)\)|)"
)
# The act that a regulation is issued under, with its article or without.
_ISSUED_UNDER = re.compile(
    r"(?: ?และที่แก้ไขเพิ่มเติม)? ?(?:ซึ่ง)?(?:ออกตาม(?:ความ)?(?:ใน)?|ตามความใน) ?"
    r"(?:(?:(?:และ|ถึง|ประกอบ)?มาตรา ?[0-9/]{1,6} ?(?:วรรค[ก-๎]{2,5} ?)?"
    r"(?:\([0-9]{1,2}\) ?)?){1,5}+แห่ง ?)?"
    r"(?P<word>พระราชบัญญัติ|พ\.ร\.บ\.?|พรบ\.?|พระราชกำหนด|พ\.ร\.ก\.?|ประมวล(?:กฎหมาย|รัษฎากร))"
)
_EXEMPTION = re.compile(" ?ว่าด้วยการยกเว้นรัษฎากร")  # most regulations under the Revenue Code
_EDITION = re.compile(r" ?\(?ฉบับที่ ?[0-9]{1,3}\)?")
_CLOSED_BY_YEAR = re.compile(r"(?:2[45][0-9]{2}|[.…] ?)\)?\Z")
# How the titles of ministerial regulations begin; กฎกระทรวงสาธารณสุข names none.
_SUBJECT = re.compile(
    r" ?(?:กำหนด|ว่าด้วย|การ(?!คลัง|ต่าง|ท่อง|พัฒนาสังคม|อุดม)|ยก|แบ่ง|ให้|มาตรฐาน|ควบคุม|จัด"
    r"|แก้ไข|ค่า|หลักเกณฑ์|อัตรา|ระบบ|ความ|ผังเมือง"
    r"|ประเภท|ขอ|เรื่อง|บริการ|คุณสมบัติ|แบบ|เครื่อง|วิธี|ออกตาม|ลด|ขยาย|ปรับ|ห้าม|โรงงาน|โครงสร้าง|พื้นที่)"
)
_SHORTEST_TITLE = 10
_YEAR_BEHIND = re.compile(r"\)? ?\(?(?:พ\.ศ\.|พุทธศักราช) ?(?P<year>2[45][0-9]{2})\)?")
_MARKS = ("“", '"', "‘", "'")  # a title may be in quotation marks
_TITLE = re.compile(r"\)? ?(?:เรื่อง|ว่าด้วย)")


def read_regulation(text: str, start: int, word: str) -> LawName | None:
    """Return the name of a regulation that begins after its word, None if it has none.

    Args:
        text: a folded text.
        start: offset after the word.
        word: กฎกระทรวง, ระเบียบ and so on.
    """
    if word == "กฎกระทรวง":
        return _ministerial(text, start, word)
    if word == "ข้อกำหนด":
        return _requirements(text, start, word)
    if word in ("ระเบียบ", "ข้อบังคับ") and _BY_SUBJECT.match(text, start):
        return read_name(text, start, word)
    if word == "คำสั่ง" and not _OF_THE_JUNTA.match(text, start):
        return None
    return _by_issuer(text, start, word)


def _by_issuer(text: str, start: int, word: str) -> LawName | None:
    """Return a regulation whose issuer is followed by its number or its title."""
    match = _NAMED.match(text, start)
    if match is None or _NOT_ISSUER.search(match["issuer"]):
        return None
    if match["number"]:
        return _numbered(text, start, match.end(), word)
    return _titled(text, start, match.end(), word)


class IssuedUnder(NamedTuple):
    """The act that a regulation is issued under: where it begins and ends, and its name."""

    start: int
    end: int
    name: str


def issued_under(text: str, start: int) -> IssuedUnder | None:
    """Return the act of ``ออกตามความใน…`` at an offset of a folded text, None without one."""
    match = _ISSUED_UNDER.match(text, start)
    if match is None:
        return None
    written = match["word"]
    if written == "ประมวลรัษฎากร":
        exempts = _EXEMPTION.match(text, match.end())
        end = exempts.end() if exempts else match.end()
        return IssuedUnder(match.start("word"), end, text[match.start("word") : end])
    if written.startswith("พ.ร.ก"):
        word = "พระราชกำหนด"
    else:
        word = written if written.startswith(("พระ", "ประ")) else "พระราชบัญญัติ"
    act = read_name(text, match.end(), word)
    return act and IssuedUnder(match.start("word"), act.end, act.name)


def _requirements(text: str, start: int, word: str) -> LawName | None:
    """Return requirements: named by their decree, with the number of the edition, or by a title."""
    issued = issued_under(text, start)
    if issued is None:
        if numbered := _EDITION_ALONE.match(text, start):
            return LawName(numbered.end(), f"{word} ฉบับที่ {numbered['number']}")
        return _by_issuer(text, start, word)
    edition = _EDITION.match(text, issued.end)
    number = f" ({edition[0].strip(' ()')})" if edition else ""
    end = edition.end() if edition else issued.end
    return LawName(end, f"{word} ออกตามความใน{issued.name}{number}")


def _ministerial(text: str, start: int, word: str) -> LawName | None:
    """Return a ministerial regulation, by number, year and act, or by its title."""
    numbered = _NUMBERED.match(text, start)
    if numbered is None:
        if issued := issued_under(text, start):
            return LawName(issued.end, f"{word} ออกตามความใน{issued.name}")
        found = read_name(text, start, word)
        if found is None or found.end - start < _SHORTEST_TITLE:
            return None
        is_title = _SUBJECT.match(text, start) or _CLOSED_BY_YEAR.search(text[start : found.end])
        return found if is_title else None
    number, year = ((numbered[group] or "").strip(".…") for group in ("number", "year"))
    end = start + len(numbered[0].rstrip())
    name = word + f" ฉบับที่ {number}" * bool(number) + f" พ.ศ. {year}" * bool(year)
    if issued := issued_under(text, end):
        end, name = issued.end, f"{name} ออกตามความใน{issued.name}"
    elif not number:
        return None
    return LawName(end, name)


def _numbered(text: str, start: int, end: int, word: str) -> LawName:
    """Return a notification or order with a number, with its year, act and title if it has them."""
    if year := _YEAR_BEHIND.match(text, end):
        end = year.end()
    if issued := issued_under(text, end):
        end = issued.end
    if (title := _TITLE.match(text, end)) and (found := _titled(text, start, title.end(), word)):
        return found
    return LawName(end, word + _one_spelling(text[start:end]))


def _titled(text: str, start: int, title: int, word: str) -> LawName | None:
    """Return a regulation from its issuer to the end of its title."""
    found = read_name(text, title + text.startswith(_MARKS, title), "", title=True)
    if found is None:
        return None
    issuer = _one_spelling(text[start:title]).rstrip()
    gap = "" if issuer.endswith("ว่าด้วย") else " "
    return LawName(found.end, f"{word}{issuer}{gap}{found.name}")


def _one_spelling(written: str) -> str:
    return " ".join(re.sub(r" ?ว่าด้วย ?", "ว่าด้วย", re.sub(r"\(ฉบับ", "(ฉบับ", written)).split())
