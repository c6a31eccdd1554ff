"""Finds words of address and rank: นายสมใจ, ศ.ดร.นพ.สมใจ, พล.ต.ท. สมใจ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.people.tables import RUN, bare, person_titles, person_words

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_STACKED = 5
"""Titles that one person has at most: ว่าที่ร้อยตรี ผศ.ดร.นพ."""

# What makes a title a part of another word: ทนาย, มิถุนายน, พัฒนายกระดับ, ขุนนาง, เกียรติคุณ.
_WORD_BEFORE = {
    "นาย": re.compile(r"(?:ท|เจ้า|มิถุ|พัฒ|สัมม)\Z"),
    "นาง": re.compile(r"(?:ขุน|พระ|ท้าว|แม่|เรือน|ทาง|บาง|กลาง)\Z"),
    "คุณ": re.compile(r"(?:ขอบ|พระ|บุญ|เจ้า|ทรง|เกียรติ|ธิ|ประ)\Z"),
    "หญิ": re.compile(r"ผู้\Z"),
    "พระ": re.compile(r"สมเด็จ\Z"),
}
_COUNTED = re.compile(r"[0-9] ?\Z")  # ตำรวจ 30 นาย โดย…
_LONGEST_WORD = 8  # letters before a title that are looked at
# Initials mean something else at the end of an abbreviation (พ.ศ.), and maybe at that of a word.
_LETTER = re.compile(r"[\w.\u0e30-\u0e4e]")


class Title(NamedTuple):
    """The titles of one person.

    Attributes:
        start, end: offsets, without the space after them.
        name_start: offset of the name.
        weak: whether each of them has another meaning, too.
    """

    start: int
    end: int
    name_start: int
    weak: bool


def find_titles(text: str) -> Iterator[Title]:
    """Yield the titles in a folded text, in its order; few of them are followed by a name."""
    pattern = person_titles().pattern
    at = 0
    while match := pattern.search(text, at):
        title = _stacked(text, match)
        if title is None:
            at = match.start() + 1
        else:
            yield title
            at = title.end


def title_at(text: str, at: int) -> bool:
    """Return whether a title with a name after it begins at an offset."""
    match = person_titles().pattern.match(text, at)
    title = _stacked(text, match) if match else None
    return title is not None and RUN.match(text, title.name_start) is not None


def _stacked(text: str, match: re.Match[str]) -> Title | None:
    """Return a title with those after it, or None if it is a part of a word or a post."""
    titles = person_titles()
    start, end = match.span()
    post = person_words().post.match(text, start)
    if post and post.end() > end:
        return None  # นายกรัฐมนตรี, นายแพทย์เชี่ยวชาญ, คุณวุฒิ
    weak = _spelled(match[0]) in titles.weak
    word = _WORD_BEFORE.get(match[0][:3])
    if word and word.search(text, max(0, start - _LONGEST_WORD), start):
        return None
    is_apart = match[0].strip() == "นาย" and text[start + 3 : start + 4].isspace()
    if is_apart and _COUNTED.search(text, max(0, start - 2), start):
        return None
    glued = "." in match[0] and _LETTER.match(text, start - 1, start) is not None
    if glued and text[start - 1] == ".":
        if weak:
            return None
        weak = True  # พ.ศ.ดร.; but also รมว.ดร.สมใจ
    for _ in range(MOST_STACKED):
        following = titles.pattern.match(text, _skip_space(text, end))
        if following is None or not _may_follow(match[0], following[0], text, following.end()):
            break
        weak = weak and _spelled(following[0]) in titles.weak
        match, end = following, following.end()
    if match[0] == "ว่าที่" or (glued and weak and text[start - 1] != "."):
        return None  # ว่าที่ประชุม, กศ.
    return Title(start, end - (text[end - 1] == " "), _skip_space(text, end), weak)


def _may_follow(title: str, following: str, text: str, end: int) -> bool:
    """Return whether a title follows another one and is not part of the name."""
    kinds = person_titles().kinds
    kind = kinds[bare(following)]
    if text[end : end + 1].isspace() or "." in following or kind == "english":
        return True
    if bare(following) == "หญิง":
        return "." in title
    if kind == "civil":
        return kinds[bare(title)] == "diplomatic" or title == following  # also นายนายสมใจ
    return len(following) >= 6 and kind != "religious"


def _spelled(title: str) -> str:
    return title.replace(" ", "")


def _skip_space(text: str, at: int) -> int:
    return at + (text[at : at + 1] == " ")
