"""Finds full names without a title: in credits, at the beginning of a line, beside a post."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.thai.people.further_words import with_more_words
from scraper.thai.people.posts import post_before
from scraper.thai.people.spots import LONGEST_SURNAME, Name, Spot, read_spot
from scraper.thai.people.surnames import may_be_surname
from scraper.thai.people.tables import RUN, known_names, person_words
from scraper.thai.people.titles import title_at
from scraper.thai.words import segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LONGEST_CREDITS = 120
_LONGEST_BULLET = 8
_LONGEST_ADDRESS = 10  # a word of address and a space
_WRITERS = "สรุป|รายงาน|ถ่ายภาพ|ภาพ|ข่าว|เรียบเรียง|เผยแพร่|กราฟิก|เขียน|แปล|ผู้สื่อข่าว"
# A line of credits: "เผยแพร่ : สมใจ ใจดี", "สมใจ ใจดี, มาลี ใจดี: สรุป/รายงาน".
_CREDITS = re.compile(
    rf"(?:{_WRITERS})[^\n:]{{0,20}}[:/]|[:/–-] ?(?:{_WRITERS})| (?:ภาพ|ข่าว)\Z"
    r"|written by|photo credit|rewriter|editor"
)
_LINE_START = re.compile(r"(?:\n|\A)[ \d.()•*-]{0,6}\Z")
_NAME_END = re.compile(r"\s|\Z|[,:/;()”\"’']")
_LINE_END = re.compile(r" ?(?:\n|\Z|0[\d -]{8})")  # or the person's telephone number


def listed_names(text: str) -> Iterator[Name]:
    """Yield a listed first name with a surname where a name may be expected.

    The surname must be listed, too, unless the line is one of credits or a post follows.
    """
    names = known_names()
    at = 0
    while match := RUN.search(text, at):
        start, at = match.span()
        address = False
        if match[0] not in names.first:
            post = person_words().short.match(text, start)  # รัฐมนตรีสมใจ ใจดี, ท่านสมใจ ใจดี
            if post is None or text[post.end() : at] not in names.first:
                continue
            start = post.end()
            address = post[0] in person_words().address
        spot = read_spot(text, start)
        if spot is None or not spot.second:
            continue
        end = spot.second_start + len(spot.second)
        if title_at(text, start):
            continue  # นาย is a first name, too
        if _NAME_END.match(text, end) and _is_expected(text, spot, address=address):
            yield (name := with_more_words(text, spot, len(spot.second)))
            at = name.end


def _is_expected(text: str, spot: Spot, *, address: bool) -> bool:
    """Return whether a name may be expected at a spot, maybe after a word of address."""
    names, start, end = known_names(), spot.start, spot.second_start + len(spot.second)
    beside_post = person_words().post.match(text, end + 1) if text[end : end + 1] == " " else None
    address = address or text[max(0, start - _LONGEST_ADDRESS) : start].endswith(_addresses())
    if spot.second in names.surnames:
        if address or (beside_post and spot.second not in names.words):
            return True
        if _LINE_START.search(text, max(0, start - _LONGEST_BULLET), start) or post_before(
            text, start, 0
        ):
            return True
    elif address and may_be_surname(text, spot):
        alone = text[end : end + 1] != " " or RUN.match(text, end + 1) is None
        return beside_post is not None or (
            alone and not names.words.issuperset(segment(spot.second))
        )
    elif beside_post or _LINE_END.match(text, end):
        opens = _LINE_START.search(text, max(0, start - _LONGEST_BULLET), start)
        if opens and spot.first not in names.words and may_be_surname(text, spot):
            return True
    return _is_credit(text, spot)


@cache
def _addresses() -> tuple[str, ...]:
    return tuple(f"{word} " for word in person_words().address)


def _is_credit(text: str, spot: Spot) -> bool:
    """Return whether a spot is in a line that says who wrote the text or took the pictures."""
    start = text.rfind("\n", max(0, spot.start - _LONGEST_CREDITS), spot.start) + 1
    if start == 0 and spot.start > _LONGEST_CREDITS:
        return False
    end = text.find("\n", spot.start, spot.start + _LONGEST_CREDITS)
    end = min(len(text), spot.start + _LONGEST_CREDITS) if end < 0 else end
    return end - start <= _LONGEST_CREDITS and _CREDITS.search(text, start, end) is not None


def repeated_names(text: str, surnames: Mapping[str, set[str]]) -> Iterator[Name]:
    """Yield the article's names wherever a text has them, written with one space.

    Args:
        text: folded.
        surnames: by first name.
    """
    for match in RUN.finditer(text):
        own = surnames.get(match[0])
        if own and (second := RUN.match(text, match.end() + 1)):
            for length in range(min(len(second[0]), LONGEST_SURNAME), 1, -1):
                if second[0][:length] in own and text[match.end()] == " ":
                    end = second.start() + length
                    yield Name(match.start(), end, match[0], second[0][:length])
                    break
