"""Finds the names of ministries, their agencies and officers in a text.

The names come from the tables that ``name_tables`` reads. ``ministries`` and ``agencies`` decide
what an article's names add up to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.government import without_second_posts
from scraper.thai.name_tables import NameMeaning, name_key, name_tables
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

PLACES = ("title", "lead", "opening", "body", "tail")
"""The places of an article that are searched, in reading order."""

OPENING = 2
"""Paragraphs of the body that count as its opening."""

# A name that belongs to another country (กองทัพเรือจีน, กรมศุลกากรของญี่ปุ่น).
_FOREIGN = re.compile(
    "(?: ?(?:ของ|แห่ง)(?:ประเทศ|ราชอาณาจักร)?)?(?:จีน|ญี่ปุ่น|สหรัฐ|เกาหลี|เวียดนาม|ลาว|เมียนมา|พม่า"
    "|กัมพูชา|มาเลเซีย|สิงคโปร์|อินโดนีเซีย|ฟิลิปปินส์|บรูไน|อินเดีย|ปากีสถาน|บังกลาเทศ|ศรีลังกา|เนปาล"
    "|ภูฏาน|ออสเตรเลีย|นิวซีแลนด์|อังกฤษ|สหราชอาณาจักร|ฝรั่งเศส|เยอรม|อิตาลี|สเปน|เนเธอร์แลนด์|เบลเยียม"
    "|สวิตเซอร์แลนด์|สวีเดน|เดนมาร์ก|ฟินแลนด์|นอร์เวย์|รัสเซีย|ยูเครน|ตุรกี|ตุรเคีย|อิหร่าน|อิสราเอล|ซาอุ"
    "|คูเวต|กาตาร์|โอมาน|แอฟริกาใต้|แคนาดา|ไต้หวัน|ฮ่องกง|มองโกเลีย|คาซัคสถาน|ติมอร์|สาธารณรัฐ|สหพันธ์"
    "|สหภาพยุโรป)"
)
_FOREIGN_ENGLISH = ("u.s. ", "us ", "uk ", "australian ", "chinese ", "japanese ", "international ")

# Words before a name that make it the name of something else: a union, a hospital, a road.
_OF_SOMETHING_ELSE = (
    "สหกรณ์ออมทรัพย์", "สหภาพแรงงาน", "สหภาพแรงงานรัฐวิสาหกิจ", "โรงพยาบาล", "มูลนิธิ", "สมาคม",
    "สมาคมศิษย์เก่า", "สมาคมนักศึกษาเก่า", "ชมรม", "สโมสร", "สโมสรฟุตบอล", "ถนน", "โรงเรียนสาธิต",
)  # fmt: skip
# The beginnings of words that end like the beginning of a name (โครงการ, ผู้อำนวยการ).
_WORDS_WITH_THE_START = {
    "การ": (
        "โครง", "จัด", "บริ", "ราช", "ประกอบ", "วิชา", "ดำเนิน", "อำนวย", "สวัสดิ", "ต้อง", "ปฏิบัติ",
    ),
    "ธนาคาร": ("สมาคม",),
}  # fmt: skip
_LATIN = re.compile("[a-z]")


class NameMention(NamedTuple):
    """A name found in one place of an article.

    Attributes:
        place: one of ``PLACES``.
        name: as the table spells it.
        spans: start and end of each occurrence there, at least one, in the folded field: an
            opening's are offsets in the body.
        meanings: what it refers to in this article; several if it is ambiguous.
    """

    place: str
    name: str
    spans: tuple[tuple[int, int], ...]
    meanings: tuple[NameMeaning, ...]

    @property
    def times(self) -> int:
        """The number of occurrences."""
        return len(self.spans)

    @property
    def evidence(self) -> str:
        """Place, name and count, such as ``title: กสอ. ×2``."""
        return f"{self.place}: {self.name} ×{self.times}"


class PlaceText(NamedTuple):
    """The folded text of one place of an article.

    Attributes:
        place: one of ``PLACES``.
        text: the text.
        offset: where it begins in its field.
    """

    place: str
    text: str
    offset: int


def split_places(title: str, lead: str, body: str, tail: str) -> tuple[PlaceText, ...]:
    """Return the places of an article with these folded fields, in the order of ``PLACES``."""
    opening, rest = _split_opening(body)
    return (
        PlaceText("title", title, 0),
        PlaceText("lead", lead, 0),
        PlaceText("opening", opening, 0),
        PlaceText("body", rest, len(body) - len(rest)),
        PlaceText("tail", tail, 0),
    )


def find_names(
    title: str,
    lead: str | None,
    body: str,
    *,
    tail: str = "",
    published_on: date | None = None,
) -> list[NameMention]:
    """Return the names in an article that have a meaning, by place, in the order of the text.

    Args:
        title: the headline.
        lead: the text under it, if any.
        body: paragraphs joined by newlines.
        tail: sign-off lines and hashtags, joined by newlines.
        published_on: decides which office holders count; without it none do.
    """
    places = split_places(fold(title), fold(lead or ""), fold(body), fold(tail))
    return find_names_in(places, published_on)


def find_names_in(
    places: tuple[PlaceText, ...], published_on: date | None = None
) -> list[NameMention]:
    """Return the same as ``find_names`` for an article that is folded already."""
    everything = "\n".join(place.text for place in places)
    tables = name_tables()
    found = []
    for place, text, offset in places:
        spans: dict[str, list[tuple[int, int]]] = {}
        for match in tables.pattern.finditer(without_second_posts(text)):
            spans.setdefault(name_key(match[0]), []).append(match.span())
        for key, written in spans.items():
            meanings = tuple(
                meaning
                for meaning in tables.meanings.get(key, ())
                if meaning.applies(everything, published_on)
            )
            if meanings and (own := tuple(_own_spans(text, written, meanings, offset))):
                found.append(NameMention(place, tables.spelling[key], own, meanings))
    return found


def _own_spans(
    text: str, spans: list[tuple[int, int]], meanings: tuple[NameMeaning, ...], offset: int
) -> Iterator[tuple[int, int]]:
    """Yield the spans, moved by the offset, at which a name means itself."""
    for start, end in spans:
        if is_whole_name(text, start, end) and any(m.fits(text, start, end) for m in meanings):
            yield start + offset, end + offset


def is_whole_name(text: str, start: int, end: int) -> bool:
    """Return whether a name in a folded text is neither foreign nor part of another name."""
    if _LATIN.match(text, start):
        before = text[max(0, start - 14) : start]
        return not (
            before.endswith(_FOREIGN_ENGLISH)
            or (_LATIN.match(text, start - 1) if start else None)
            or _LATIN.match(text, end)
        )
    if text.endswith(_OF_SOMETHING_ELSE, max(0, start - 30), start) or _FOREIGN.match(text, end):
        return False
    return not any(
        text.startswith(begin, start) and text.endswith(words, max(0, start - 10), start)
        for begin, words in _WORDS_WITH_THE_START.items()
    )


def _split_opening(body: str) -> tuple[str, str]:
    paragraphs = body.split("\n", OPENING)
    return "\n".join(paragraphs[:OPENING]), "".join(paragraphs[OPENING:])
