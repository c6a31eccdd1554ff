"""Finds the element of a rendered page that shows its article, by elements that mean something.

That the ``news`` layout has any is a guess; without one the whole page is the region, and the
anchors in its text must do. What stands in the frame around an article by its element (menus,
side columns, the footer) is taken out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.pages.anchors import OFFICE, has_stamp
from scraper.pages.embedded import day_of
from scraper.pages.markup import Line, lines_of, reveal_emails, soup_of
from scraper.thai.text import clean_line, squash

if TYPE_CHECKING:
    from datetime import date

    from bs4.element import Tag
    from parsel import Selector

    from scraper.pages.findings import Findings

WHOLE_PAGE = "body"
REGIONS = ("article", "main", "[role='main']", WHOLE_PAGE)
MAIN = "main, [role='main']"
FRAME = "nav, aside, [role='navigation'], [role='complementary'], [role='search']"
FOOTER = "footer, [role='contentinfo']"
TIME = "time[datetime]"

_MOST = 20  # elements of one kind that are looked at; a page of cards may have any number


class Region(NamedTuple):
    """The element that shows the article, without the frame around it.

    Attributes:
        name: its selector.
        block: the element.
        lines: its lines, with their links.
        days: lines with a date for machines, and the day that it names.
        ends_apart: whether the footer of the page stands outside.
        rivals: how many other elements might as well be the one.
    """

    name: str
    block: Tag
    lines: list[Line]
    days: dict[str, date]
    ends_apart: bool
    rivals: int


def find_region(document: Selector, title: str, findings: Findings) -> Region | None:
    """Return the smallest element with a date and the headline, or the best there is.

    Cards of other articles may be elements of the same kind, with dates and headlines of theirs.
    """
    findings.note("footer", FOOTER, document.css(FOOTER))
    key = squash(title)
    ranked: list[tuple[tuple[bool, bool], str, Selector]] = []
    for name in REGIONS:
        elements = document.css(name)
        findings.note("region", name, elements)
        for element in elements[:_MOST]:
            text = element.xpath("string()").get("")
            has_date = has_stamp(text) or bool(element.css(TIME))
            ranked.append(((has_date, key in squash(text)), name, element))
    if not ranked:
        return None
    rank, name, element = max(ranked, key=lambda item: item[0])
    rivals = sum(other[:2] == (rank, name) for other in ranked) - 1
    return _read(name, element, rivals, findings)


def _read(name: str, element: Selector, rivals: int, findings: Findings) -> Region | None:
    if (block := soup_of(element)) is None:
        return None
    ends_apart = take_frame(block) or (
        name != WHOLE_PAGE and bool(element.xpath(f"following::text()[contains(., '{OFFICE}')]"))
    )
    reveal_emails(block)
    lines = lines_of(block)
    times = block.select(TIME)
    findings.note("date for machines", TIME, [str(time["datetime"]) for time in times])
    return Region(name, block, lines, _days(times, lines), ends_apart, rivals)


def take_frame(block: Tag) -> bool:
    """Take out what is not of an article by its element; return whether the site's footer was.

    A footer of the article itself stays.
    """
    for element in block.select(FRAME):
        element.extract()
    footers = [
        element
        for element in block.select(FOOTER)
        if not element.find_parent(["article", "main"])
        or clean_line(element.get_text()).startswith(OFFICE)
    ]
    for element in footers:
        element.extract()
    return any(OFFICE in element.get_text() for element in footers)


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
