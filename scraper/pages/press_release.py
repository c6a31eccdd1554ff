"""Reads the fields of a press release: what is its lead, its body, its tail, and what is neither.

Works on the fields that ``scraper.pages.fields`` or a layout's markup tells apart, and knows
nothing of markup. Nothing is lost: each line of the page ends in one place of a `Release`. What
stands at the head of every cabinet résumé (an address, a note on the official text) is body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from scraper.model import Problem
from scraper.pages.fields import copy_length, header_kind, is_headline, line_key, long_date
from scraper.pages.references import hashtags
from scraper.pages.tail import split_tail
from scraper.thai.dates import read_short_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.pages.fields import Fields

STAGE = "release"
EPOCH = date(1970, 1, 1)  # the long date of a deleted page

_AUDIO_FALLBACK = "Your browser does not support the audio element."
_RELATED = ("อัลบั้มภาพ", "ข่าวที่เกี่ยวข้อง")  # pasted page furniture, 187 pages
_HEAD_LINES = 3  # of a body, in which a line equal to the headline is a copy, not a caption
_COPY_LINES = 5  # no copy in 3,600 files is split into more than four
_LETTER = re.compile(r"[^\W\d_]")
_HASHTAGS = re.compile(r"#[^\s#]+")


class Dates(NamedTuple):
    """The days that the head of a page tells.

    Attributes:
        published_on, published_raw: the day of publication and how it is written.
        entered_on: the short date.
    """

    published_on: date | None
    published_raw: str | None
    entered_on: date | None


@dataclass(frozen=True)
class PressRelease:
    """A press release taken apart. Each line of the page is in exactly one place.

    Attributes:
        title: the headline.
        published_on, published_raw: the long date and how it is written.
        entered_on: the short date.
        lead: the lead, None unless it is a text of its own.
        body, tail: lines.
        dropped: lines left out: header, copies of the headline, furniture of the page.
        hashtags: tags in the lead field, the body and the tail.
        problems: what was not as expected.
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
        """Whether the page is what the site shows, with HTTP 200, where there is no article."""
        return not (self.title or self.text_lines)


def read_press_release(fields: Fields, dates: Dates | None = None) -> PressRelease:
    """Read the fields of a page: dates, a lead that is one, the body, the tail.

    Args:
        fields: the lines of the page.
        dates: what the layout tells of dates; None reads the long and the short one in the header.
    """
    problems: list[Problem] = []
    dates = dates or _dates(fields.header, problems)
    _check_header(fields, problems)

    headline_key = line_key(" ".join(fields.headline) or fields.title)
    rest, dropped = _drop_furniture(headline_key, fields.rest, problems)
    lead = " ".join(fields.lead)
    if not _is_own_text(lead, headline_key, rest):
        dropped[:0] = fields.lead
        lead = ""
    body, tail = split_tail(rest)
    if not body:
        _note(problems, "no-body", "expected a text below the lead, found none")
    return PressRelease(
        title=fields.title,
        **dates._asdict(),
        lead=lead or None,
        body=tuple(body),
        tail=tuple(tail),
        dropped=(*fields.header, *fields.headline, *dropped),
        hashtags=hashtags((*fields.lead, *rest)),
        problems=tuple(problems),
    )


def _note(problems: list[Problem], kind: str, detail: str) -> None:
    problems.append(Problem(stage=STAGE, kind=kind, detail=detail))


def _dates(header: Sequence[str], problems: list[Problem]) -> Dates:
    published_raw, published_on = _published(header, problems)
    entered_on = next(filter(None, map(read_short_date, header)), None)
    if entered_on and published_on and entered_on != published_on:
        _note(problems, "short-date-differs", f"short date {entered_on}, long date {published_on}")
    return Dates(published_on, published_raw, entered_on)


def _published(header: Sequence[str], problems: list[Problem]) -> tuple[str | None, date | None]:
    """Return the long date as written and as a date, None for what is absent."""
    for line in header:
        if found := long_date(line):
            for flag in found.flags:
                _note(problems, flag, f"the long date reads {line!r}")
            if found.value == EPOCH:
                _note(problems, "epoch-date", f"expected a date of publication, found {line!r}")
                return line, None
            return line, found.value
    _note(problems, "no-long-date", "expected a line like 'วันพุธที่ 1 มกราคม 2568', found none")
    return None, None


def _check_header(fields: Fields, problems: list[Problem]) -> None:
    if unknown := [line for line in fields.header if not header_kind(line)]:
        _note(problems, "unknown-header", f"left out above the headline: {' / '.join(unknown)}")
    found = " ".join(fields.headline)
    if not found:
        detail = f"expected the headline {fields.title!r}, found no such line"
        _note(problems, "no-headline", detail)
    elif not is_headline(line_key(fields.title), line_key(found)):
        _note(problems, "title-headline-differ", f"title {fields.title!r}, headline {found!r}")


def _drop_furniture(
    headline_key: str, lines: Sequence[str], problems: list[Problem]
) -> tuple[list[str], list[str]]:
    """Return the lines without what is not of this release, and the lines taken out.

    A date at the head of a body is that of the event, and stays.
    """
    end = _related_news(lines)
    if end < len(lines):
        detail = f"{len(lines) - end} lines of related news at the end were left out"
        _note(problems, "related-news-cut", detail)
    kept: list[str] = []
    dropped: list[str] = []
    at = 0
    while at < end:
        # A copy of the headline may stand below a label or a dot, and be split.
        near = lines[at : min(end, at + _COPY_LINES)] if len(kept) < _HEAD_LINES else ()
        length = copy_length(headline_key, near)
        if length and not any(map(_LETTER.search, kept)):
            dropped += kept
            kept.clear()
        is_left_out = length or lines[at] == _AUDIO_FALLBACK
        (dropped if is_left_out else kept).extend(lines[at : at + (length or 1)])
        at += length or 1
    return kept, [*dropped, *lines[end:]]


def _related_news(lines: Sequence[str]) -> int:
    """Return where pasted headlines of other pages begin, or the number of lines."""
    album, related = _RELATED
    for number, line in enumerate(lines):
        # Two buttons may stand between the captions.
        if line == album and related in lines[number + 1 : number + 4]:
            return number
    return len(lines)


def _is_own_text(lead: str, headline_key: str, rest: Sequence[str]) -> bool:
    """Whether a lead field says anything that the headline and the first paragraph do not."""
    if not _LETTER.search(lead) or not _HASHTAGS.sub("", lead).strip():
        return False
    key = line_key(lead)
    if headline_key.startswith(key) or long_date(lead) or read_short_date(lead):
        return False
    beginning = ""
    for line in rest:
        if len(beginning) >= len(key):
            break
        beginning += line_key(line)
    return not beginning.startswith(key)
