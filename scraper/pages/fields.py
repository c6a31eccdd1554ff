"""Assigns the lines of a page to the fields of the editors' form.

Works on clean lines, from HTML or from a corpus file. The fields are always in the same order, so
position decides, never length or wording:

    long date, short date, count of views, print button      header, each but the first optional
    headline                                                 equal to the page's title
    lead                                                     one field of at most 255 characters
    rest                                                     any number of lines

Comparisons ignore spaces, punctuation, letter case and the kind of digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.pages.html_repair import unescape
from scraper.thai.dates import read_long_date, read_short_date
from scraper.thai.text import WORD, clean_line, squash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MAX_LEAD_LINES = 3
_LEAD_FIELD_LIMIT = 255  # characters of the lead field in each of 63,135 pages
PRINT = "พิมพ์"  # the print button

# 63,137 titles begin with both parts; 40 articles and the deleted pages only with the first.
_TITLE_PREFIX = re.compile(r"^รัฐบาลไทย\s*-\s*(?:ข่าวทำเนียบรัฐบาล\s*-\s*)?")
_VIEWS = re.compile(r"\d{1,3}(?:,\d{3})*|\d+")
_NO_WORDS = re.compile(f"[^{WORD}]+|_+")
_HIDDEN_EMAIL = "emailprotected"  # the key of Cloudflare's [email protected]; 107 pages
_MIN_SIMILARITY = 0.8  # of a title and its headline; the 5 that differ are above 0.9
_MAX_HEADER_LINE = 120  # characters; the longest date has 33
_KEY_LENGTH = 600  # characters; a headline has at most 232, a lead 255

# The site published about 39 pages a day, so the same date lines come again and again.
cached_long_date = lru_cache(maxsize=256)(read_long_date)


@dataclass(frozen=True)
class Fields:
    """The fields of the editors' form, as lines of the page.

    Attributes:
        title: the headline in the page's title.
        header: lines above the headline.
        headline: its line or lines; empty if the page shows none.
        lead: the line or lines of the lead field.
        rest: all lines below.
    """

    title: str
    header: tuple[str, ...]
    headline: tuple[str, ...]
    lead: tuple[str, ...]
    rest: tuple[str, ...]


def headline_of(page_title: str) -> str:
    """Return the headline in a page's title, without the site's name, with entities resolved.

    Entities may be resolved, escaped or escaped twice (23 titles of 63,241 files).
    """
    text = clean_line(unescape(unescape(page_title)))
    return _TITLE_PREFIX.sub("", text).strip()


def has_site_title(page_title: str) -> bool:
    """Whether a page's title begins with the site's name, as all of its titles do."""
    return bool(_TITLE_PREFIX.match(clean_line(page_title)))


def fields_of_lines(title: str, lines: Sequence[str]) -> Fields:
    """Assign lines to fields by their order.

    Args:
        title: the headline from ``headline_of``; empty if the page has none.
        lines: the clean lines below the title, none of them empty.
    """
    key = line_key(title)
    start = _header_length(lines, key)
    below = start + _headline_length(key, lines[start:])
    if below > start:
        key = line_key(" ".join(lines[start:below]))
        rest = below + _lead_length(key, lines[below:])
    else:
        rest = below  # without a headline lead and body cannot be separated
    return Fields(
        title or " ".join(lines[start:below]),
        tuple(lines[:start]),
        tuple(lines[start:below]),
        tuple(lines[below:rest]),
        tuple(lines[rest:]),
    )


def line_key(text: str) -> str:
    """Return a key that is equal for variants of one line; never empty for a non-empty line.

    Only the first 600 characters count; headlines and leads are far shorter.
    """
    squashed = squash(text[:_KEY_LENGTH])
    return _NO_WORDS.sub("", squashed) or squashed


def header_kind(line: str) -> str | None:
    """Return the kind of a header line, None for any other line."""
    if line == PRINT:
        return "print"
    if len(line) > _MAX_HEADER_LINE:
        return None
    if _VIEWS.fullmatch(line):
        return "views"
    if read_short_date(line):
        return "short date"
    return "long date" if cached_long_date(line) else None


def _header_length(lines: Sequence[str], title_key: str) -> int:
    """Return the number of header lines above the headline; each kind occurs at most once."""
    seen: set[str] = set()
    for line in lines:
        if line_key(line) == title_key:
            break
        kind = header_kind(line)
        if kind is None or kind in seen:
            break
        seen.add(kind)
    return len(seen)


def _headline_length(title_key: str, lines: Sequence[str]) -> int:
    """Return the number of lines of the headline, 0 if the first line is not a headline."""
    if not lines:
        return 0
    if length := copy_length(title_key, map(line_key, lines)):
        return length
    key = line_key(lines[0])
    is_headline = matches_title(title_key, key) or is_similar(title_key, key, _MIN_SIMILARITY)
    return int(not title_key or is_headline)


def matches_title(title_key: str, key: str) -> bool:
    """Whether a line equals the title, apart from e-mail addresses hidden in the line."""
    first, *hidden = key.split(_HIDDEN_EMAIL)
    if hidden:
        return title_key.startswith(first) and title_key.endswith(hidden[-1])
    return key == title_key


def is_similar(title_key: str, key: str, least: float) -> bool:
    """Whether two keys have at least this ratio of `difflib.SequenceMatcher`."""
    # The upper bounds are cheap; the ratio itself takes cubic time in the worst case. The first is
    # SequenceMatcher's real_quick_ratio, before it reads the whole of a long paragraph.
    length = len(title_key) + len(key)
    if length and 2.0 * min(len(title_key), len(key)) / length < least:
        return False
    matcher = SequenceMatcher(None, title_key, key, autojunk=False)
    return matcher.quick_ratio() >= least and matcher.ratio() >= least


def copy_length(headline_key: str, keys: Iterable[str]) -> int:
    """Return the number of first lines that form a copy of the headline, 0 if they do not.

    Args:
        headline_key: the `line_key` of the headline.
        keys: the `line_key` of each line.
    """
    joined = ""
    for number, key in enumerate(keys, 1):
        joined += key
        if joined == headline_key:
            return number
        if not headline_key.startswith(joined):
            return 0
    return 0


def _lead_length(headline_key: str, lines: Sequence[str]) -> int:
    """Return the number of lines of the lead: one, or more if it repeats the headline.

    In 370 pages it has two or three lines. A copy of the headline ends where the headline does; a
    lead that repeats the headline and continues ends with the line that continues it.
    """
    joined = ""
    size = -1
    for number, line in enumerate(lines, 1):
        joined += line_key(line)
        size += len(line) + 1
        if joined == headline_key:
            return number
        if not headline_key.startswith(joined):
            if joined.startswith(headline_key) and number > 1 and size <= _LEAD_FIELD_LIMIT:
                return number
            return _wrapped_length(lines)
    return min(len(lines), 1)


def _wrapped_length(lines: Sequence[str]) -> int:
    """Return the number of lines of a lead that the body repeats line by line, else 1."""
    first = line_key(lines[0])
    for size in range(2, _MAX_LEAD_LINES + 1):
        own, copy = lines[:size], lines[size : 2 * size]
        if sum(map(len, own)) > _LEAD_FIELD_LIMIT or len(copy) < size:
            break
        if line_key(copy[0]) == first and line_key("".join(copy)).startswith(
            line_key("".join(own))
        ):
            return size
    return 1
