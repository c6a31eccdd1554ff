"""Splits the fields of a page into lead, body and tail, without boilerplate and repetitions.

Works on lines, not on markup. Nothing is lost: each line of the page ends in one place of a
`PressRelease`. The head of every cabinet résumé (an address, a note on the official text) is body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from scraper.model import Problem
from scraper.pages.fields import (
    cached_long_date,
    copy_length,
    header_kind,
    is_similar,
    line_key,
    matches_title,
)
from scraper.pages.html_repair import LETTER
from scraper.pages.references import hashtags
from scraper.pages.tail import is_separator, split_tail
from scraper.thai.dates import read_short_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.pages.fields import Fields

_EPOCH = date(1970, 1, 1)  # the long date of a deleted page

_AUDIO_FALLBACK = "Your browser does not support the audio element."
_RELATED_CAPTIONS = ("อัลบั้มภาพ", "ข่าวที่เกี่ยวข้อง")  # pasted boilerplate, 187 pages
_HEAD_LINES = 3  # of a body; further down, a line equal to the headline is a caption, not a copy
# Of 80 pages read, 5 of 5 leads this similar to the headline only repeat it, and 0 of 6 below.
_MIN_LEAD_SIMILARITY = 0.9
# A headline is cut after 180 characters, a lead after 250. Of the leads read that go on where the
# headline ends, 9 of 9 that add a quarter or more say something of their own, and 4 of 4 that add
# less than a tenth do not.
# 24 of 24 leads read that add at most 20 letters to a cut headline only end its sentence.
_MAX_WORD_END = 20  # letters
_MAX_ADDED = 0.1
_NEARLY_CUT = 150  # letters without spaces; a longer headline may be cut, and only the lead whole
# 7 of 7 leads read that begin and end like the headline spell out an abbreviation in it.
_MIN_SHARED, _MIN_SHARED_END = 0.9, 20
_MAX_SPELLED = 30  # letters
_OFFICE = re.compile("กระทรวง|กรม|สำนัก")
_MIN_COPY_SIMILARITY = 0.95
_COPY_LINES = 5  # no copy in 3,600 files is split into more than four
_NUMBER = re.compile(r"\d+")
_HASHTAGS = re.compile(r"#[^\s#]+")


@dataclass(frozen=True)
class PressRelease:
    """The parts of a press release. Each line of the page is in exactly one of them.

    Attributes:
        title: the headline.
        published_on, published_raw: the date of publication, and as written.
        entered_on: the short date.
        lead: the lead, None if it repeats the headline or the body.
        body, tail: lines.
        dropped: header, copies of the headline, boilerplate.
        hashtags: tags in the lead field, the body and the tail.
        problems: deviations from what was expected.
    """

    title: str
    published_on: date | None
    published_raw: str | None
    entered_on: date | None
    lead: str | None
    body: tuple[str, ...]
    tail: tuple[str, ...]
    dropped: tuple[str, ...]
    hashtags: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def text_lines(self) -> tuple[str, ...]:
        """Lead, body and tail."""
        return (*filter(None, [self.lead]), *self.body, *self.tail)

    @property
    def is_empty(self) -> bool:
        """Whether the page is one that the site shows, with HTTP 200, for a missing article."""
        return not (self.title or self.text_lines)


def read_press_release(
    fields: Fields, published: tuple[date | None, str | None] | None = None
) -> PressRelease:
    """Split the fields of a page into the parts of a press release.

    Args:
        fields: the lines of the page.
        published: the date of publication, and as written, if the layout has its own date line. By
            default the long and the short date are read from the header.
    """
    problems: list[Problem] = []
    entered_on = None
    if published is None:
        published = _published(fields.header, problems)
        entered_on = next(filter(None, map(read_short_date, fields.header)), None)
        if entered_on and published[0] and entered_on != published[0]:
            detail = f"short date {entered_on}, long date {published[0]}"
            _note(problems, "short-date-differs", detail)
    _check_header(fields, problems)

    headline_key = line_key(" ".join(fields.headline) or fields.title)
    rest, dropped = _drop_boilerplate(headline_key, fields.rest, problems)
    lead = " ".join(fields.lead)
    copies = _lead_copy_length(lead, headline_key, rest)
    dropped[:0] = rest[:copies]
    rest = rest[copies:]
    below = (rest,) if copies else (rest, fields.rest)
    is_own = all(_is_own_text(lead, headline_key, lines) for lines in below)
    if not is_own and not _is_date(lead):
        dropped[:0] = fields.lead
        lead = ""
    lines, tail = split_tail(rest)
    body = [line for line in lines if not is_separator(line)]
    dropped += filter(is_separator, lines)
    if not body:
        _note(problems, "no-body", "expected a text below the lead, found none")
    return PressRelease(
        title=fields.title,
        published_on=published[0],
        published_raw=published[1],
        entered_on=entered_on,
        lead=lead or None,
        body=tuple(body),
        tail=tuple(tail),
        dropped=(*fields.header, *fields.headline, *dropped),
        hashtags=hashtags((*fields.lead, *rest)),
        problems=tuple(problems),
    )


def _note(problems: list[Problem], kind: str, detail: str) -> None:
    problems.append(Problem(stage="release", kind=kind, detail=detail))


def _published(header: Sequence[str], problems: list[Problem]) -> tuple[date | None, str | None]:
    """Return the long date and how it is written, None for each if absent."""
    for line in header:
        if found := cached_long_date(line):
            for flag in found.flags:
                _note(problems, flag, f"the long date reads {line!r}")
            if found.value == _EPOCH:
                _note(problems, "epoch-date", f"expected a date of publication, found {line!r}")
                return None, line
            return found.value, line
    _note(problems, "no-long-date", "expected a line like 'วันพุธที่ 1 มกราคม 2568', found none")
    return None, None


def _check_header(fields: Fields, problems: list[Problem]) -> None:
    if unknown := [line for line in fields.header if not header_kind(line)]:
        _note(problems, "unknown-header", f"left out above the headline: {' / '.join(unknown)}")
    found = " ".join(fields.headline)
    if not found:
        detail = f"expected the headline {fields.title!r}, found no such line"
        _note(problems, "no-headline", detail)
    elif not matches_title(line_key(fields.title), line_key(found)):
        _note(problems, "title-headline-differ", f"title {fields.title!r}, headline {found!r}")


def _drop_boilerplate(
    headline_key: str, lines: Sequence[str], problems: list[Problem]
) -> tuple[list[str], list[str]]:
    """Return the lines to keep, and those removed: copies of the headline and boilerplate.

    A date at the head of a body is the date of the event, and stays.
    """
    end = _related_news_start(lines)
    if end < len(lines):
        detail = f"{len(lines) - end} lines of related news at the end were left out"
        _note(problems, "related-news-cut", detail)
    kept: list[str] = []
    dropped: list[str] = []
    at = 0
    while at < end:
        # A copy of the headline may be split, and may be below a label or a dot.
        near = lines[at : min(end, at + _COPY_LINES)] if len(kept) < _HEAD_LINES else ()
        length = copy_length(headline_key, map(line_key, near))
        if near and not length:
            length = int(_is_near_copy(headline_key, line_key(near[0]), _MIN_COPY_SIMILARITY))
        if length and not any(map(LETTER.search, kept)):
            dropped += kept
            kept.clear()
        is_left_out = length or lines[at] == _AUDIO_FALLBACK
        (dropped if is_left_out else kept).extend(lines[at : at + (length or 1)])
        at += length or 1
    return kept, [*dropped, *lines[end:]]


def _lead_copy_length(lead: str, headline_key: str, lines: Sequence[str]) -> int:
    """Return how many first lines repeat a lead that begins with the headline and continues."""
    key = line_key(lead)
    if not lead or not key.startswith(headline_key) or _repeats_headline(headline_key, key):
        return 0
    length = copy_length(key, map(line_key, lines[:_COPY_LINES]))
    return length if length < len(lines) else 0


def _is_near_copy(headline_key: str, key: str, least: float) -> bool:
    """Whether a key equals the headline's but for a few letters, with the same numbers."""
    if not is_similar(headline_key, key, least):
        return False
    return _NUMBER.findall(key) == _NUMBER.findall(headline_key)


def _related_news_start(lines: Sequence[str]) -> int:
    """Return the index at which pasted headlines of other pages begin, or the number of lines."""
    album, related = _RELATED_CAPTIONS
    for number, line in enumerate(lines):
        # Two buttons may be between the captions.
        if line == album and related in lines[number + 1 : number + 4]:
            return number
    return len(lines)


def _repeats_headline(headline_key: str, key: str) -> bool:
    """Whether a lead is the headline with abbreviations spelt out, or its cut end completed."""
    if key.startswith(headline_key):
        added = len(key) - len(headline_key)
        is_cut = len(headline_key) >= _NEARLY_CUT
        return added <= (_MAX_WORD_END if is_cut else max(6, _MAX_ADDED * len(headline_key)))
    if _spells_out(headline_key, key):
        return True
    return is_similar(headline_key, key, _MIN_LEAD_SIMILARITY)


def _spells_out(headline_key: str, key: str) -> bool:
    """Whether a lead differs from the headline by words within, such as a ministry's full name."""
    begins = _shared_letters(headline_key, key)
    ends = _shared_letters(headline_key[begins:][::-1], key[begins:][::-1])
    shared = begins + ends
    if not begins or ends < _MIN_SHARED_END or shared < _MIN_SHARED * len(headline_key):
        return False
    spelled = key[begins : len(key) - ends]
    is_abbreviated = shared < len(headline_key) or _OFFICE.search(spelled) is not None
    return is_abbreviated and len(spelled) <= _MAX_SPELLED


def _shared_letters(a: str, b: str) -> int:
    """Return the length of the common prefix."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((n for n, (x, y) in pairs if x != y), min(len(a), len(b)))


def _is_date(lead: str) -> bool:
    """Whether a lead is only a date: that of a broadcast, on some 1,760 pages."""
    return bool(cached_long_date(lead) or read_short_date(lead))


def _is_own_text(lead: str, headline_key: str, rest: Sequence[str]) -> bool:
    """Whether a lead says anything beyond the headline and the first paragraph."""
    if not LETTER.search(lead) or not _HASHTAGS.sub("", lead).strip():
        return False
    key = line_key(lead)
    if key in headline_key or _repeats_headline(headline_key, key):
        return False
    beginning = ""
    for line in rest:
        if len(beginning) >= len(key):
            break
        beginning += line_key(line)
    beginning = beginning[: len(key)]
    return beginning != key and not is_similar(beginning, key, _MIN_COPY_SIMILARITY)
