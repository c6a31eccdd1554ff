"""Splits the lines of a ``news`` page into parts by its markers, known texts on the page.

Works on clean lines, not on markup. Known of the layout:

    headline                                 equal to the page's title
    วันที่ : DD/MM/BBBB HH:MM                 the date line
    text                                     any number of lines
    สำนักเลขาธิการนายกรัฐมนตรี …              the footer; a text may name that office, too

There may be boilerplate above and between them. Nothing is lost: each line ends in one part of
`Parts`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from scraper.pages.fields import copy_length, line_key
from scraper.pages.html_repair import unescape
from scraper.pages.news.boilerplate import (
    FILE_CAPTION,
    LOADING,
    PAGER,
    RELATED_NEWS,
    boilerplate_kind,
)
from scraper.thai.dates import read_stamp
from scraper.thai.text import clean_line, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

# The English name is a guess; /en pages may well keep the Thai one.
_SITE_NAME = re.compile(r"(?:รัฐบาลไทย|(?:royal )?thai government) ?(?:\| ?|$)", re.IGNORECASE)
OFFICE_NAME = "สำนักเลขาธิการนายกรัฐมนตรี"

_LABEL = r"(?:วันที่|date|published(?: on)?)"
_SLASHED_DATE = r"\d{1,2}/\d{1,2}/\d{4}"
_LABEL_LINE = re.compile(rf"{_LABEL} ?:?")
# A little more may follow the date, such as how often the page was read.
_DATE_LINE = re.compile(
    rf"(?P<label>{_LABEL} ?:? ?)?"
    rf"(?P<date>{_SLASHED_DATE}(?P<hour>,? \d{{1,2}}[:.]\d{{2}}(?: ?น\.)?)?)(?!\d).{{0,60}}"
)
_MAX_DATE_LINE = 120  # characters
# Possessive (*+), so that many spaces after a label are not matched in many ways.
_DATE_LINE_WITHIN = re.compile(
    rf"{_LABEL}\s*+(?::\s*+)?+{_SLASHED_DATE}|{_SLASHED_DATE},?\s++\d{{1,2}}[:.]\d\d", re.IGNORECASE
)
_MAX_TITLES = 20  # different ones that are searched for on every line
_MAX_CANDIDATES = 8  # copies of the headline, or date lines
_MAX_HEADLINE_LINES = 5
_ABOVE_PENALTY = 5  # lines added to the distance of a date above the headline
_MAX_FOOTER_LINE = 60  # characters of a line that can be part of a footer
_PAGE_NUMBER = re.compile(r"\d{1,4}")


def headline_in(page_title: str) -> str | None:
    """Return the headline in a page's title, empty if it has none, None for another site's title.

    >>> headline_in("รัฐบาลไทย | เปิดศูนย์ซ่อมว่าว")
    'เปิดศูนย์ซ่อมว่าว'
    """
    title = clean_line(unescape(page_title))
    match = _SITE_NAME.match(title)
    return title[match.end() :] if match else None


def has_date_line(text: str) -> bool:
    """Whether a text contains a date in the form of a date line."""
    return bool(_DATE_LINE_WITHIN.search(text))


class DateLine(NamedTuple):
    """A date line.

    Attributes:
        start, end: its lines, ``end`` exclusive; label and date may be on two lines.
        raw: as written.
        value: the date, None if it is impossible.
        labelled: whether it begins with a label such as วันที่, as the site's date line does.
    """

    start: int
    end: int
    raw: str
    value: date | None
    labelled: bool


class LineRange(NamedTuple):
    """A range of lines; ``end`` is exclusive."""

    start: int
    end: int

    def distance(self, date_line: DateLine) -> int:
        """Return the number of lines up to a date line; more if the date line is above."""
        if date_line.start >= self.end:
            return date_line.start - self.end
        return self.start - date_line.end + _ABOVE_PENALTY


@dataclass(frozen=True)
class Parts:
    """The lines of a page, each in one part.

    Attributes:
        above: lines above headline and date line.
        headline: empty if the page shows none.
        between: lines between headline and date line.
        date_line: None if there is none.
        dated: the lines of the date line.
        text: body and tail.
        below: captions of files, related news, pager, footer.
        footer: the footer's first line, None if no footer was found.
    """

    above: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    date_line: DateLine | None = None
    dated: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    footer: str | None = None

    @property
    def has_related(self) -> bool:
        """Whether there is related news below the text."""
        return any(boilerplate_kind(line) == RELATED_NEWS for line in self.below)

    @property
    def is_loading(self) -> bool:
        """Whether the page has no text and says that it is loading."""
        if not all(map(boilerplate_kind, self.text)):
            return False
        return LOADING in map(boilerplate_kind, (*self.between, *self.text, *self.below))


def split_page(
    titles: Sequence[str],
    lines: Sequence[str],
    *,
    days: Mapping[str, date] | None = None,
    excludes_footer: bool = False,
) -> Parts:
    """Split lines into the parts of a page.

    Args:
        titles: candidates for the headline, such as the page's title and its ``h1``.
        lines: the clean lines of the page or of its main content.
        days: lines with a machine-readable date, and that date.
        excludes_footer: whether the footer is known to be outside these lines, so that a line that
            begins with the name of the office is text.
    """
    copies = _headline_copies([line_key(title) for title in titles if title], lines)
    # Dates below the heading of related news are those of other articles.
    related = _related_start(lines, copies[0].end, len(lines)) if copies else len(lines)
    date_line, headline = _nearest(_date_lines(lines[:related], days or {}), copies)
    head = sorted(LineRange(found.start, found.end) for found in (date_line, headline) if found)
    first, last = (head[0].start, head[-1].end) if head else (0, 0)
    footer = len(lines) if excludes_footer else _footer_start(lines, last)
    end = _text_end(lines, last, footer)
    return Parts(
        above=tuple(lines[:first]),
        headline=tuple(lines[headline.start : headline.end]) if headline else (),
        between=tuple(lines[head[0].end : head[-1].start]) if head else (),
        date_line=date_line,
        dated=tuple(lines[date_line.start : date_line.end]) if date_line else (),
        text=tuple(lines[last:end]),
        below=tuple(lines[end:]),
        footer=lines[footer] if footer < len(lines) else None,
    )


def _headline_copies(keys: Sequence[str], lines: Sequence[str]) -> list[LineRange]:
    """Return the copies of the headline: in breadcrumbs, above the text, as a caption."""
    wanted = list(dict.fromkeys(keys))[:_MAX_TITLES]
    line_keys = [line_key(line) for line in lines] if wanted else []
    found: list[LineRange] = []
    for start in range(len(line_keys)):
        near = line_keys[start : start + _MAX_HEADLINE_LINES]
        length = max(copy_length(key, near) for key in wanted)
        if length:
            found.append(LineRange(start, start + length))
        if len(found) == _MAX_CANDIDATES:
            break
    return found


def _date_lines(lines: Sequence[str], days: Mapping[str, date]) -> list[DateLine]:
    """Return the labelled date lines, or all if none is labelled."""
    found = [line for start in range(len(lines)) if (line := _date_line(lines, start, days))]
    return ([line for line in found if line.labelled] or found)[:_MAX_CANDIDATES]


def _date_line(lines: Sequence[str], start: int, days: Mapping[str, date]) -> DateLine | None:
    """Return the date line that begins at a line, None if none does."""
    raw, end = lines[start], start + 1
    if len(raw) > _MAX_DATE_LINE:
        return None
    if end < len(lines) and _LABEL_LINE.fullmatch(fold(raw)):
        raw, end = f"{raw} {lines[end]}", end + 1
    match = _DATE_LINE.fullmatch(fold(raw)) if "/" in raw else None
    if match is None or not (match["label"] or match["hour"]):
        day = days.get(lines[start])
        return DateLine(start, start + 1, lines[start], day, labelled=True) if day else None
    stamp = read_stamp(match["date"])
    return DateLine(start, end, raw, stamp[0] if stamp else None, labelled=bool(match["label"]))


def _nearest(
    date_lines: Sequence[DateLine], copies: Sequence[LineRange]
) -> tuple[DateLine | None, LineRange | None]:
    """Return the date line and the headline that are nearest to each other.

    A page may show today's date at its top, and dates of other articles below.
    """
    pairs = [
        (copy.distance(date_line), date_line, copy)
        for date_line in date_lines
        for copy in copies
        if copy.end <= date_line.start or copy.start >= date_line.end
    ]
    if pairs:
        _, date_line, copy = min(pairs, key=lambda pair: pair[0])
        return date_line, copy
    return next(iter(date_lines), None), None if date_lines else next(iter(copies), None)


def _footer_start(lines: Sequence[str], start: int) -> int:
    """Return the index of the footer's first line, or the number of lines if there is no footer.

    It is the last line from ``start`` that begins with the name of the office and has only
    boilerplate after it. On that line, the name is followed by an address or nothing; in a text, by
    the rest of a sentence.
    """
    for at in range(len(lines) - 1, start - 1, -1):
        line = lines[at]
        if line.startswith(OFFICE_NAME):
            rest = line.removeprefix(OFFICE_NAME).strip(" ,|-–")
            return at if not rest or boilerplate_kind(rest) else len(lines)
        if len(line) > _MAX_FOOTER_LINE and not boilerplate_kind(line):
            break
    return len(lines)


def _text_end(lines: Sequence[str], start: int, end: int) -> int:
    """Return the index at which related news, files or a pager follow the text, else ``end``."""
    at = end = _related_start(lines, start, end)
    while at > start:
        kind = boilerplate_kind(lines[at - 1])
        # A number alone belongs to the text; next to the arrows of a pager it is a page.
        if kind not in {PAGER, FILE_CAPTION} and not _PAGE_NUMBER.fullmatch(lines[at - 1]):
            break
        at -= 1
        end = at if kind else end
    return end


def _related_start(lines: Sequence[str], start: int, end: int) -> int:
    """Return the index of the heading of related news, else ``end``."""
    return next((n for n in range(start, end) if boilerplate_kind(lines[n]) == RELATED_NEWS), end)
