"""Reads the post beside a name: where it begins, which words continue it, where it ends."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from scraper.reference import read_table
from scraper.thai.people.tables import person_words
from scraper.thai.people.titles import title_at
from scraper.thai.text import fold
from scraper.thai.tries import any_of

LONGEST_POST = 260
"""Characters; the longest labelled post has 120, and a person may have three."""

LONGEST_BEFORE = 160
"""Characters before a name in which its post is looked for."""

MOST_HEADS = 6
"""Words before a name that are tried as the beginning of its post."""

# What joins two posts of one person, and what may be between a name and the post.
_JOINT = re.compile(r"(?:และ|ในฐานะ(?:ที่เป็น)?|พร้อมทั้งเป็น|ควบตำแหน่ง|/|-) ?")
_LEAD_IN = re.compile(
    r" ?(?:\([^()\n]{1,40}\) ?)?,? ?(?:ข้าราชการพลเรือนสามัญ ?)?"
    r"(?:ในฐานะ(?:ที่เป็น)?|ตำแหน่ง|ซึ่งเป็น)? ?"
)
_NUMBERED = re.compile(r"(?:เขต|ภาค|ที่|ระดับ|สาขา|ชั้น|กลุ่ม|พื้นที่)\Z")
_ABBREVIATION = re.compile(r"(?!พ\.ศ|น\.)(?:[ก-ฮ]{2,6}\.|(?:[ก-ฮ]\.){2,5})(?=[ \n]|\Z)")
_NUMBER = re.compile(r"[\d-]+")
_LOOSE_ENDS = ("และ", "โดย", "ได้", "ซึ่ง", "ในฐานะ", "ให้", "จะ", "ยัง", "ท่าน")
_UNFINISHED = re.compile(r"(?:แทน|ตำแหน่ง|รักษาการ)\Z")  # another post follows
_BRACKET = re.compile(r"\((?:มหาชน|ประเทศไทย|องค์การมหาชน|[^()\n]{1,40})\)")
# A company's name has blanks.
_FIRM = re.compile(r"(?:บริษัท|บจก\.|บมจ\.|หจก\.|ห้างหุ้นส่วนจำกัด) ?[^\n“”;]{2,80}?จำกัด")
_COMPANY = re.compile(r"\((?:มหาชน|ประเทศไทย|องค์การมหาชน)\)|จำกัด")
# Titles that are glued to a post, and verbs that are only clear before a blank.
_GLUED = (
    r"นาย(?!ก|อำเภอ|แพทย์|ทะเบียน|ช่าง|ทหาร|จ้าง|ด่าน|สัตว)|นาง(?=[ก-ฮเ-ไ])(?!รอง|เลิ้ง)|พลเอก"
    r"|พล\.(?:อ|ต\.[อทต])\.|ดร\.|(?:เผย|ย้ำ|แจง|ชี้|นำ|ลุย|สั่ง|จี้|เร่ง|มอบ)(?=[ \n])"
)


class Span(NamedTuple):
    """Offsets in a folded text."""

    start: int
    end: int


@cache
def _breaks() -> re.Pattern[str]:
    """Return the pattern of all that may end a run of a post."""
    after = {fold(row["word"]) for row in read_table("person_words.csv") if row["kind"] == "after"}
    return re.compile(rf"{any_of(after)}|{_GLUED}|[ \n“”\"‘’,;:()\[\]/…!?]")


def read_post(text: str, at: int, edge: int | None = None, *, alone: bool = False) -> int | None:
    """Return the end of the post that begins at an offset, None if none does.

    Args:
        text: folded.
        at: the offset.
        edge: the post ends here at the latest, where a name or its title begins.
        alone: whether a second post needs a joining word; before a name it may be another person's.
    """
    words = person_words()
    head = words.post.match(text, at)
    if head is None:
        return None
    last = len(text) if edge is None else edge
    limit = min(last, at + LONGEST_POST)
    end = head.end()
    if end > limit:
        return None
    while stop := _breaks().search(text, end, limit):
        end = stop.start()
        going_on = _continued(text, end, stop[0], alone=alone)
        if going_on is None:
            return _trimmed(text, at, end)
        end = going_on
    return _trimmed(text, at, limit) if limit == last else None


def post_after(
    text: str, name_end: int, edge: int | None = None, *, own_line: bool = False
) -> Span | None:
    """Return the post behind a name.

    Args:
        text: folded.
        name_end: offset of the name's end.
        edge: the post ends here at the latest.
        own_line: whether the name begins a line; the post may then be the next line.
    """
    lead_in = _LEAD_IN.match(text, name_end)
    at = lead_in.end() if lead_in else name_end
    if own_line and text[at : at + 1] == "\n":
        at += 1
    if at >= (len(text) if edge is None else edge) or title_at(text, at):
        return None
    end = read_post(text, at, edge)
    return Span(at, end) if end else None


def post_before(text: str, name_start: int, floor: int) -> Span | None:
    """Return the post before a name with its title, not before the offset ``floor``."""
    bracket = text[name_start - 1 : name_start] == "("  # ผู้จัดการธนาคาร… (นายสมใจ ใจดี)
    edge = name_start - bracket
    edge -= text[edge - 1 : edge] == " "
    floor = max(floor, name_start - LONGEST_BEFORE, text.rfind("\n", 0, name_start) + 1)
    at = floor
    for _ in range(MOST_HEADS):
        head = person_words().post.search(text, at, edge)
        if head is None:
            return None
        # คณะรัฐมนตรีแต่งตั้ง นายสมใจ ใจดี: the cabinet is nobody's post.
        is_body = text.endswith("คณะ", floor, head.start())
        end = None if is_body else read_post(text, head.start(), edge, alone=True)
        if end == edge:
            return Span(head.start(), edge)
        at = head.end()
    return None


def split_posts(post: str) -> list[str]:
    """Return the single posts of a passage, such as two joined by และ or ในฐานะ.

    >>> split_posts("รองนายกรัฐมนตรี และรัฐมนตรีว่าการกระทรวงมหาดไทย")
    ['รองนายกรัฐมนตรี', 'รัฐมนตรีว่าการกระทรวงมหาดไทย']
    """
    words = person_words()
    folded = fold(post)
    if len(folded) != len(post):
        post = folded
    starts = [0]
    for joint in re.finditer(r"และ|ในฐานะ(?:ที่เป็น)?|พร้อมทั้งเป็น|[ /]", folded):
        at = joint.end() + (folded[joint.end() : joint.end() + 1] == " ")
        blank = joint[0] == " "
        if (words.more if blank else words.post).match(folded, at) and at not in starts:
            starts.append(at)
    ends = [*starts[1:], len(post)]
    parts = (post[a:b].strip(" /") for a, b in zip(starts, ends, strict=True))
    return [re.sub(r"(?: ?(?:และ|ในฐานะ(?:ที่เป็น)?|พร้อมทั้งเป็น))+ ?\Z", "", part) for part in parts]


def _continued(text: str, end: int, stop: str, *, alone: bool) -> int | None:
    """Return where a post goes on behind a break, None if it ends there."""
    words = person_words()
    if stop == "(":
        company = _COMPANY.match(text, end)
        return company.end() if company else None
    at = end + 1
    if stop == "/":
        return at if words.post.match(text, at) else None
    if stop != " " or (title_at(text, at) and not words.more.match(text, at)):
        return None
    return (
        _behind_bracket(text, at)
        or _behind_number(text, at, end)
        or _behind_joint(text, at)
        or _behind_blank(text, at, end, alone=alone)
    )


def _behind_bracket(text: str, at: int) -> int | None:
    """Return where a post goes on behind (มหาชน), or behind a bracket and a joining word."""
    if company := _COMPANY.match(text, at):
        return company.end()
    bracket = _BRACKET.match(text, at)
    joint = _JOINT.match(text, _skip_blank(text, bracket.end())) if bracket else None
    return joint.end() if joint and person_words().post.match(text, joint.end()) else None


def _behind_number(text: str, at: int, end: int) -> int | None:
    """Return where a post goes on behind a number: เขต 9, ภาคที่ 10."""
    number = _NUMBER.match(text, at)
    return number.end() if number and _NUMBERED.search(text, max(0, end - 8), end) else None


def _behind_joint(text: str, at: int) -> int | None:
    """Return where a post goes on behind a joining word."""
    words, joint = person_words(), _JOINT.match(text, at)
    if joint is None or title_at(text, joint.end()):
        return None
    if part := words.part.match(text, at):
        return part.end()
    post = words.post.match(text, joint.end())
    return post.end() if post and not words.group.match(text, joint.end()) else None


def _behind_blank(text: str, at: int, end: int, *, alone: bool) -> int | None:
    """Return where a post goes on behind a blank alone."""
    words = person_words()
    if words.after.match(text, at):
        return None
    unfinished = _UNFINISHED.search(text, max(0, end - 8), end)
    following = (
        (unfinished and words.post.match(text, at))
        or _ABBREVIATION.match(text, at)
        or _FIRM.match(text, at)
        or words.part.match(text, at)
        or (None if alone else words.more.match(text, at))
    )
    return following.end() if following else None


def _skip_blank(text: str, at: int) -> int:
    return at + (text[at : at + 1] == " ")


def _trimmed(text: str, start: int, end: int) -> int | None:
    """Return the end of a post without blanks and joining words at its end."""
    post, before = text[start:end], ""
    while post != before:
        before = post
        post = post.rstrip(" ,/-")
        for word in _LOOSE_ENDS:
            post = post.removesuffix(word)
    return start + len(post) if len(post) > 2 else None
