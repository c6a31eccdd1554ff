"""Finds the element of a rendered page that shows its article, by elements that mean something.

That the ``news`` layout has any is a guess; without one the whole page is the region, and the
anchors in its text must do. What stands in the frame around an article by its element (menus,
side columns, the footer) is taken out.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from bs4.element import NavigableString, Tag

from scraper.pages.document import soup_of, strings_behind
from scraper.pages.markup import Line, lines_and_faults, lines_of, reveal_emails
from scraper.pages.news.boilerplate import FILES, RELATED, boilerplate_kind
from scraper.pages.news.markers import OFFICE, has_stamp
from scraper.pages.news.structured_data import day_of
from scraper.thai.text import clean_line, squash

if TYPE_CHECKING:
    from datetime import date

    from parsel import Selector

    from scraper.pages.trace import SelectorTrace

WHOLE_PAGE = "body"
REGIONS = ("article", "main", "[role='main']", WHOLE_PAGE)
MAIN = "main, [role='main']"
FOOTER = "footer, [role='contentinfo']"
_FRAME_NAMES = frozenset({"nav", "aside"})
_FRAME_ROLES = frozenset({"navigation", "complementary", "search"})
_OF_ARTICLE = frozenset({"article", "main"})
TIME = "time[datetime]"

_LETTER = re.compile(r"[^\W\d_]")
_MOST = 20  # elements of one kind that are looked at; a page of cards may have any number
_BEGINNING = 200  # nodes at the beginning of an element
_MOST_OF_STRING = 200  # characters
_MOST_TEXT = 2_000_000  # characters in all elements that are looked at; they may be nested


class Region(NamedTuple):
    """The element that shows the article, without the frame around it.

    Attributes:
        name: its selector.
        block: the element.
        lines: its lines, with their links.
        days: lines with a date for machines, and the day that it names.
        ends_apart: whether the footer of the page stands outside.
        rivals: how many other elements might as well be the one.
        faults: kind and detail of each problem with the element.
    """

    name: str
    block: Tag
    lines: list[Line]
    days: dict[str, date]
    ends_apart: bool
    rivals: int
    faults: list[tuple[str, str]]


def find_main_content(document: Selector, title: str, trace: SelectorTrace) -> Region | None:
    """Return the smallest element with a date and the headline, or the best there is.

    Cards of other articles may be elements of the same kind, with dates and headlines of theirs.
    """
    trace.note("footer", FOOTER, document.css(FOOTER))
    key = squash(title)
    ranked: list[tuple[tuple[bool, bool], str, Selector]] = []
    looked_at = 0
    for name in REGIONS:
        elements = document.css(name)
        trace.note("region", name, elements)
        for element in elements[:_MOST]:
            text = element.xpath("string()").get("")
            looked_at += len(text)
            if ranked and looked_at > _MOST_TEXT:
                break
            has_date = has_stamp(text) or _has_time(element)
            ranked.append(((has_date, key in squash(text)), name, element))
        if any(rank == (True, True) for rank, *_ in ranked):
            break  # no larger element can be better
    if not ranked:
        return None
    rank, name, element = max(ranked, key=lambda item: item[0])
    rivals = sum(other[:2] == (rank, name) for other in ranked) - 1
    return _read(name, element, rivals, trace)


def _read(name: str, element: Selector, rivals: int, trace: SelectorTrace) -> Region | None:
    if (block := soup_of(element)) is None:
        return None
    ends_apart = take_frame(block) or (
        name != WHOLE_PAGE and bool(element.xpath(f"following::text()[contains(., '{OFFICE}')]"))
    )
    reveal_emails(block)
    lines, faults = lines_and_faults(block)
    if name != WHOLE_PAGE and (text := _text_behind(element)):
        detail = f"expected nothing between <{name}> and the footer, found {text[:60]!r}"
        faults.append(("text-outside-article", detail))
    times = block.select(TIME)
    trace.note("date for machines", TIME, [str(time["datetime"]) for time in times])
    return Region(name, block, lines, _days(times, lines), ends_apart, rivals, faults)


def _text_behind(element: Selector) -> str:
    """Return the text between an element and the frame, other articles left out."""
    shown: list[str] = []
    tag = element.root.tag
    for string in strings_behind(element, lambda node: node.tag == tag or _is_frame(node)):
        kind = boilerplate_kind(string)
        if kind == RELATED or string.startswith(OFFICE):
            break
        if kind in (None, FILES) and _LETTER.search(string):
            shown.append(string)
    return " ".join(shown)


def _is_frame(element: Any) -> bool:
    return (
        element.tag in _FRAME_NAMES
        or element.tag == "footer"
        or element.get("role") in _FRAME_ROLES | {"contentinfo"}
    )


def _has_time(element: Selector) -> bool:
    return any("datetime" in time.attrib for time in element.root.iter("time"))


def take_frame(block: Tag) -> bool:
    """Take out what is not of an article by its element; return whether the site's footer was.

    A footer of the article itself stays.
    """
    frame, footers = _frame_of(block)
    for element in (*frame, *footers):
        element.extract()
    return any(OFFICE in element.get_text() for element in footers)


def _frame_of(block: Tag) -> tuple[list[Tag], list[Tag]]:
    """Return the outermost elements of the frame in ``block``, and the site's footers.

    One walk, because elements may be nested thousands deep.
    """
    frame: list[Tag] = []
    footers: list[Tag] = []
    waiting = [(block, False)]
    while waiting:
        parent, is_inside = waiting.pop()
        is_inside = is_inside or parent.name in _OF_ARTICLE
        for element in parent.contents:
            if not isinstance(element, Tag):
                continue
            role = element.get("role")
            if element.name in _FRAME_NAMES or role in _FRAME_ROLES:
                frame.append(element)
            elif (element.name == "footer" or role == "contentinfo") and (
                not is_inside or _begins_with_office(element)
            ):
                footers.append(element)
            else:
                waiting.append((element, is_inside))
    return frame, footers


def _begins_with_office(element: Tag) -> bool:
    near = islice(element.descendants, _BEGINNING)
    text = " ".join(str(node)[:_MOST_OF_STRING] for node in near if type(node) is NavigableString)
    return clean_line(text).startswith(OFFICE)


def main_lines(document: Selector) -> list[str]:
    """Return what the main part of a page says, all of the page where nothing sets it apart."""
    found = document.css(MAIN) or document.css(WHOLE_PAGE)
    block = soup_of(found[0]) if found else None
    if block is None:
        return []
    take_frame(block)
    return [line.text for line in lines_of(block)]


def _days(times: list[Tag], lines: list[Line]) -> dict[str, date]:
    """Return the lines that dates for machines stand in; the first day of a line counts."""
    days: dict[str, date] = {}
    for time in times[:_MOST]:
        shown, day = clean_line(time.get_text()), day_of(str(time["datetime"]))
        line = next((line.text for line in lines if shown and shown in line.text), None)
        if line and day:
            days.setdefault(line, day)
    return days
