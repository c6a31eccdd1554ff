"""Which line of a page of the ``news`` layout is what, told by its anchors.

Works on clean lines and knows nothing of markup. What is known of the layout:

    headline                                 equal to the page's title
    วันที่ : DD/MM/BBBB HH:MM                 the date line
    text                                     any number of lines
    สำนักเลขาธิการนายกรัฐมนตรี …              the footer; a text may name that office, too

Above and between may stand whatever the frame of the page shows. Nothing is lost: each line ends
in one part of `Parts`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from scraper.pages.fields import copy_length_of_keys, line_key
from scraper.pages.news.boilerplate import FILES, LOADING, PAGER, RELATED, boilerplate_kind
from scraper.pages.source import unescape
from scraper.thai.dates import read_stamp
from scraper.thai.text import clean_line, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

# The English name is a guess; /en pages may well keep the Thai one.
_TITLE = re.compile(r"(?:รัฐบาลไทย|(?:royal )?thai government) ?(?:\| ?|$)", re.IGNORECASE)
OFFICE = "สำนักเลขาธิการนายกรัฐมนตรี"

_LABEL = r"(?:วันที่|date|published(?: on)?)"
_DAY = r"\d{1,2}/\d{1,2}/\d{4}"
_LABEL_LINE = re.compile(rf"{_LABEL} ?:?")
# Behind the stamp may stand a little more, such as how often the page was read.
_STAMP = re.compile(
    rf"(?P<label>{_LABEL} ?:? ?)?"
    rf"(?P<stamp>{_DAY}(?P<hour>,? \d{{1,2}}[:.]\d{{2}}(?: ?น\.)?)?)(?!\d).{{0,60}}"
)
_LONGEST_STAMP = 120  # characters
# Possessive (*+), so that a label with many blanks behind it is not tried in many ways.
_STAMP_WITHIN = re.compile(
    rf"{_LABEL}\s*+(?::\s*+)?+{_DAY}|{_DAY},?\s++\d{{1,2}}[:.]\d\d", re.IGNORECASE
)
_MOST_TITLES = 20  # different ones that are looked for on every line
_MOST = 8  # copies of the headline, or dates, that are looked at
_WRAPPED = 5  # lines over which a headline may go
_ABOVE = 5  # a date above the headline is as likely as one this much further below
_SHORT = 60  # characters of a line that may be part of any footer
_NUMBER = re.compile(r"\d{1,4}")


def headline_in(page_title: str) -> str | None:
    """Return the headline in a page's title, empty where it has none; None for a foreign title.

    >>> headline_in("รัฐบาลไทย | เปิดศูนย์ซ่อมว่าว")
    'เปิดศูนย์ซ่อมว่าว'
    """
    title = clean_line(unescape(page_title))
    match = _TITLE.match(title)
    return title[match.end() :] if match else None


def has_stamp(text: str) -> bool:
    """Whether a text, of whatever element, holds a date such as a date line has."""
    return bool(_STAMP_WITHIN.search(text))


class Span(NamedTuple):
    """Some lines; ``end`` is exclusive."""

    at: int
    end: int

    def distance(self, stamp: Stamp) -> int:
        """Return how far a date line is from these lines; one above them counts as further."""
        return stamp.at - self.end if stamp.at >= self.end else self.at - stamp.end + _ABOVE


class Stamp(NamedTuple):
    """A date line.

    Attributes:
        at, end: the lines it goes over, ``end`` exclusive; label and day may stand apart.
        raw: as written.
        value: the day, None where there is no such day.
        labelled: whether it says that it is a date, as the site's date line does.
    """

    at: int
    end: int
    raw: str
    value: date | None
    labelled: bool


@dataclass(frozen=True)
class Parts:
    """The lines of a page, each in one part.

    Attributes:
        above: what stands above headline and date line.
        headline: the headline; empty where the page shows none.
        between: what stands between headline and date line.
        stamp: the date line, None where there is none; its lines are ``dated``.
        text: body and tail.
        below: captions of files, related news, pager, footer.
        footer: the footer's first line, None where no footer was found.
    """

    above: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    stamp: Stamp | None = None
    dated: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    footer: str | None = None

    @property
    def has_related(self) -> bool:
        """Whether news of other pages stood below the text."""
        return any(boilerplate_kind(line) == RELATED for line in self.below)

    @property
    def is_loading(self) -> bool:
        """Whether the page says that its text is still to come, and shows none."""
        shown = [boilerplate_kind(line) for line in self.text]
        return all(shown) and LOADING in {
            *shown,
            *map(boilerplate_kind, (*self.between, *self.below)),
        }


def split_page(
    titles: Sequence[str],
    lines: Sequence[str],
    *,
    days: Mapping[str, date] | None = None,
    ends_apart: bool = False,
) -> Parts:
    """Tell the parts of a page.

    Args:
        titles: what the headline may be, such as the page's title and its ``h1``.
        lines: the clean lines of the page or of the element that holds the article.
        days: lines of which the markup says what day they name.
        ends_apart: whether the footer is known to stand outside these lines, so that a line that
            begins with the name of the office is text.
    """
    copies = _copies([line_key(title) for title in titles if title], lines)
    # Below the heading of related news the dates are theirs.
    related = _related(lines, copies[0].end, len(lines)) if copies else len(lines)
    stamps = _stamps(lines[:related], days or {})
    stamp, headline = _head(stamps, copies)
    marks = sorted(Span(mark.at, mark.end) for mark in (stamp, headline) if mark)
    first, last = (marks[0].at, marks[-1].end) if marks else (0, 0)
    footer = len(lines) if ends_apart else _footer(lines, last)
    end = _text_end(lines, last, footer)
    return Parts(
        above=tuple(lines[:first]),
        headline=tuple(lines[headline.at : headline.end]) if headline else (),
        between=tuple(lines[marks[0].end : marks[-1].at]) if marks else (),
        stamp=stamp,
        dated=tuple(lines[stamp.at : stamp.end]) if stamp else (),
        text=tuple(lines[last:end]),
        below=tuple(lines[end:]),
        footer=lines[footer] if footer < len(lines) else None,
    )


def _copies(keys: Sequence[str], lines: Sequence[str]) -> list[Span]:
    """Return the copies of the headline: in breadcrumbs, above the text, as a caption."""
    wanted = list(dict.fromkeys(keys))[:_MOST_TITLES]
    near = [line_key(line) for line in lines] if wanted else []
    found: list[Span] = []
    for at in range(len(near)):
        below = near[at : at + _WRAPPED]
        length = max(copy_length_of_keys(key, below) for key in wanted)
        if length:
            found.append(Span(at, at + length))
        if len(found) == _MOST:
            break
    return found


def _stamps(lines: Sequence[str], days: Mapping[str, date]) -> list[Stamp]:
    """Return the date lines; such as do not say what they are only if no other is there."""
    found = [stamp for at in range(len(lines)) if (stamp := _stamp(lines, at, days))]
    return ([stamp for stamp in found if stamp.labelled] or found)[:_MOST]


def _stamp(lines: Sequence[str], at: int, days: Mapping[str, date]) -> Stamp | None:
    """Return the date line that begins at a line, None where none does."""
    raw, end = lines[at], at + 1
    if len(raw) > _LONGEST_STAMP:
        return None
    if end < len(lines) and _LABEL_LINE.fullmatch(fold(raw)):
        raw, end = f"{raw} {lines[end]}", end + 1
    match = _STAMP.fullmatch(fold(raw)) if "/" in raw else None
    if match is None or not (match["label"] or match["hour"]):
        day = days.get(lines[at])
        return Stamp(at, at + 1, lines[at], day, labelled=True) if day else None
    read = read_stamp(match["stamp"])
    return Stamp(at, end, raw, read[0] if read else None, labelled=bool(match["label"]))


def _head(stamps: Sequence[Stamp], copies: Sequence[Span]) -> tuple[Stamp | None, Span | None]:
    """Return the date line and the headline that belong together: the nearest ones.

    A page may show today's date at its top, and dates of other articles below.
    """
    pairs = [
        (copy.distance(stamp), stamp, copy)
        for stamp in stamps
        for copy in copies
        if copy.end <= stamp.at or copy.at >= stamp.end
    ]
    if pairs:
        _, stamp, copy = min(pairs, key=lambda pair: pair[0])
        return stamp, copy
    return next(iter(stamps), None), None if stamps else next(iter(copies), None)


def _footer(lines: Sequence[str], start: int) -> int:
    """Return where behind ``start`` the footer begins, or the number of lines.

    It is the last line that begins with the name of the office and has nothing but furniture
    behind it. A sentence of a text goes on where a footer has an address, or nothing.
    """
    for at in range(len(lines) - 1, start - 1, -1):
        line = lines[at]
        if line.startswith(OFFICE):
            rest = line.removeprefix(OFFICE).strip(" ,|-–")
            return at if not rest or boilerplate_kind(rest) else len(lines)
        if len(line) > _SHORT and not boilerplate_kind(line):
            break
    return len(lines)


def _text_end(lines: Sequence[str], start: int, end: int) -> int:
    """Return where related news, files or a pager begin behind the text, else ``end``."""
    at = end = _related(lines, start, end)
    while at > start:
        kind = boilerplate_kind(lines[at - 1])
        # A number alone ends a text; among arrows it is a page.
        if kind not in {PAGER, FILES} and not _NUMBER.fullmatch(lines[at - 1]):
            break
        at -= 1
        end = at if kind else end
    return end


def _related(lines: Sequence[str], start: int, end: int) -> int:
    """Return where news of other pages begin, else ``end``."""
    return next((n for n in range(start, end) if boilerplate_kind(lines[n]) == RELATED), end)
