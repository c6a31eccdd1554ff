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
_LEAD_IN = re.compile(r" ?(?:\([^()\n]{1,40}\) ?)?,? ?(?:ในฐานะ(?:ที่เป็น)?|ตำแหน่ง|ซึ่งเป็น)? ?")
_NUMBERED = re.compile(r"(?:เขต|ภาค|ที่|ระดับ|สาขา|ชั้น|กลุ่ม|พื้นที่)\Z")
_NUMBER = re.compile(r"[\d-]+")
_BRACKET = re.compile(r"\((?:มหาชน|ประเทศไทย|องค์การมหาชน|[^()\n]{1,40})\)")
_COMPANY = re.compile(r"\((?:มหาชน|ประเทศไทย|องค์การมหาชน)\)|จำกัด")
# Titles that are glued to a post.
_NEXT_PERSON = (
    r"นาย(?!ก|อำเภอ|แพทย์|ทะเบียน|ช่าง|ทหาร|จ้าง|ด่าน|สัตว)|นางสาว|พลเอก|พล\.(?:อ|ต\.[อทต])\.|ดร\."
)


class Span(NamedTuple):
    """Offsets in a folded text."""

    start: int
    end: int


@cache
def _breaks() -> re.Pattern[str]:
    """Return the pattern of all that may end a run of a post."""
    after = {fold(row["word"]) for row in read_table("person_words.csv") if row["kind"] == "after"}
    return re.compile(rf"{any_of(after)}|{_NEXT_PERSON}|[ \n“”\"‘’,;:()\[\]/…!?]")


@cache
def _more() -> re.Pattern[str]:
    """Return the pattern of posts that follow another without a joining word."""
    return re.compile(
        any_of(fold(row["word"]) for row in read_table("person_words.csv") if row["kind"] == "more")
    )


def read_post(text: str, at: int, edge: int | None = None) -> int | None:
    """Return the end of the post that begins at an offset, None if none does.

    Args:
        text: folded.
        at: the offset.
        edge: the post ends here at the latest, where a name begins.
    """
    words = person_words()
    head = words.post.match(text, at)
    if head is None:
        return None
    limit = min(len(text), at + LONGEST_POST) if edge is None else edge
    end = head.end()
    while stop := _breaks().search(text, end, limit):
        end = stop.start()
        going_on = _continued(text, end, stop[0])
        if going_on is None:
            return _trimmed(text, at, end)
        end = going_on
    return _trimmed(text, at, limit) if limit in (edge, len(text)) else None


def post_after(text: str, name_end: int) -> Span | None:
    """Return the post behind a name that ends at an offset."""
    lead_in = _LEAD_IN.match(text, name_end)
    at = lead_in.end() if lead_in else name_end
    if title_at(text, at):
        return None
    end = read_post(text, at)
    return Span(at, end) if end else None


def post_before(text: str, name_start: int, floor: int) -> Span | None:
    """Return the post before a name with its title, not before the offset ``floor``."""
    edge = name_start - (text[name_start - 1 : name_start] == " ")
    floor = max(floor, name_start - LONGEST_BEFORE, text.rfind("\n", 0, name_start) + 1)
    at = floor
    for _ in range(MOST_HEADS):
        head = person_words().post.search(text, at, edge)
        if head is None:
            return None
        end = read_post(text, head.start(), edge)
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
        if (_more() if blank else words.post).match(folded, at) and at not in starts:
            starts.append(at)
    ends = [*starts[1:], len(post)]
    parts = (post[a:b].strip(" /") for a, b in zip(starts, ends, strict=True))
    return [re.sub(r"(?: ?(?:และ|ในฐานะ(?:ที่เป็น)?|พร้อมทั้งเป็น))+ ?\Z", "", part) for part in parts]


def _continued(text: str, end: int, stop: str) -> int | None:
    """Return where a post goes on behind a break, None if it ends there."""
    words = person_words()
    if stop == "(":
        bracket = _COMPANY.match(text, end)
        return bracket.end() if bracket else None
    if stop == "/":
        return end + 1 if words.post.match(text, end + 1) else None
    if stop != " ":
        return None
    at = end + 1
    if title_at(text, at) and not _more().match(text, at):
        return None
    if bracket := _BRACKET.match(text, at):
        if _COMPANY.match(text, at):
            return bracket.end()
        following = bracket.end() + (text[bracket.end() : bracket.end() + 1] == " ")
        joint = _JOINT.match(text, following)
        if joint and words.post.match(text, joint.end()):
            return joint.end()
        return None
    if (number := _NUMBER.match(text, at)) and _NUMBERED.search(text, max(0, end - 8), end):
        return number.end()
    if joint := _JOINT.match(text, at):
        if title_at(text, joint.end()):
            return None
        going_on = words.post.match(text, joint.end()) or words.part.match(text, at)
        return joint.end() if going_on else None
    if more := _more().match(text, at) or words.part.match(text, at):
        return None if words.after.match(text, at) else more.end()
    return None


def _trimmed(text: str, start: int, end: int) -> int | None:
    """Return the end of a post without blanks and joining words at its end."""
    post = re.sub(r"(?:[ ,/-]|และ|โดย|ได้|ซึ่ง|ในฐานะ|ให้|จะ|ยัง)+\Z", "", text[start:end])
    return start + len(post) if len(post) > 2 else None
