"""Finds the element of a rendered page that contains its article, by semantic elements.

That the ``news`` layout has such elements is assumed. Without them the main content is the whole
page, and only the markers in its text bound the article. Elements of boilerplate (menus, side
columns, the footer) are removed.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from bs4.element import NavigableString, Tag

from scraper.pages.attributes import reveal_emails
from scraper.pages.document import ends_inside, soup_of, strings_after
from scraper.pages.html_repair import LETTER_OR_DIGIT
from scraper.pages.lines import TextLine, lines_and_faults, lines_of
from scraper.pages.news.boilerplate import FILE_CAPTION, FOOTER, RELATED_NEWS, boilerplate_kind
from scraper.pages.news.markers import OFFICE_NAME, has_date_line
from scraper.pages.news.structured_data import day_of
from scraper.thai.text import clean_line, squash

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from parsel import Selector

    from scraper.pages.trace import SelectorTrace

WHOLE_PAGE = "body"
TIME = "time[datetime]"
_CANDIDATES = ("article", "main", "[role='main']", WHOLE_PAGE)
_MAIN = "main, [role='main']"
_FOOTER = "footer, [role='contentinfo']"
_SIDE_TAGS = frozenset({"nav", "aside"})
_SIDE_ROLES = frozenset({"navigation", "complementary", "search"})
_ARTICLE_TAGS = frozenset({"article", "main"})

_MAX_ELEMENTS = 20  # of one kind that are examined; a page of cards may have any number
_FIRST_NODES = 200  # of an element that are searched for the name of the office
_MAX_STRING = 200  # characters of a node that are searched
_MAX_TEXT = 2_000_000  # characters of all examined elements together; they may be nested


class MainContent(NamedTuple):
    """The article of a page, as an element without boilerplate.

    Attributes:
        source: the selector of the element, or the kind of JSON that has the article.
        block: the element; for JSON, its text as an element.
        lines: its lines, with their links.
        days: each line with a machine-readable date, and that date.
        excludes_footer: whether the footer of the page is outside the element.
        is_open: whether the page ends inside the element, without ``</html>``.
        rivals: number of other elements that match as well.
        faults: kind and detail of each problem with the element.
    """

    source: str
    block: Tag
    lines: list[TextLine]
    days: dict[str, date]
    excludes_footer: bool = True
    is_open: bool = False
    rivals: int = 0
    faults: Sequence[tuple[str, str]] = ()


def find_main_content(document: Selector, title: str, trace: SelectorTrace) -> MainContent | None:
    """Return the smallest element with a date and the headline, else the best match.

    Cards of other articles may be elements of the same kind, with their own dates and headlines.
    """
    trace.note("footer", _FOOTER, document.css(_FOOTER))
    key = squash(title)
    ranked: list[tuple[tuple[bool, bool], str, Selector]] = []
    text_length = 0
    for selector in _CANDIDATES:
        elements = document.css(selector)
        trace.note("main content", selector, elements)
        for element in elements[:_MAX_ELEMENTS]:
            text = element.xpath("string()").get("")
            text_length += len(text)
            if ranked and text_length > _MAX_TEXT:
                break
            has_date = has_date_line(text) or _has_time(element)
            ranked.append(((has_date, key in squash(text)), selector, element))
        if any(rank == (True, True) for rank, *_ in ranked):
            break  # no larger element can be better
    if not ranked:
        return None
    rank, selector, element = max(ranked, key=lambda item: item[0])
    rivals = sum(other[:2] == (rank, selector) for other in ranked) - 1
    return _extract(selector, element, rivals, trace)


def _extract(
    selector: str, element: Selector, rivals: int, trace: SelectorTrace
) -> MainContent | None:
    is_open = ends_inside(element)
    if (block := soup_of(element)) is None:
        return None
    excludes_footer = _remove_boilerplate(block) or (
        selector != WHOLE_PAGE
        and bool(element.xpath(f"following::text()[contains(., '{OFFICE_NAME}')]"))
    )
    reveal_emails(block)
    lines, faults = lines_and_faults(block)
    if selector != WHOLE_PAGE and (text := _text_after(element)):
        detail = f"expected no text between <{selector}> and the footer, found {text[:60]!r}"
        faults.append(("text-outside-article", detail))
    times = block.select(TIME)
    trace.note("machine-readable date", TIME, [str(time["datetime"]) for time in times])
    days = _machine_readable_days(times, lines)
    return MainContent(selector, block, lines, days, excludes_footer, is_open, rivals, faults)


def _text_after(element: Selector) -> str:
    """Return the text between an element and the next boilerplate, without other articles."""
    shown: list[str] = []
    tag = element.root.tag
    for string in strings_after(element, lambda node: node.tag == tag or _ends_article(node)):
        kind = boilerplate_kind(string)
        if kind == RELATED_NEWS or string.startswith(OFFICE_NAME):
            break
        if kind in (None, FILE_CAPTION, FOOTER) and LETTER_OR_DIGIT.search(string):
            shown.append(string)
    return " ".join(shown)


def _ends_article(element: Any) -> bool:
    return (
        element.tag in _SIDE_TAGS
        or element.tag == "footer"
        or element.get("role") in _SIDE_ROLES | {"contentinfo"}
    )


def _has_time(element: Selector) -> bool:
    return any("datetime" in time.attrib for time in element.root.iter("time"))


def _remove_boilerplate(block: Tag) -> bool:
    """Remove elements of boilerplate; return whether one of them was the site's footer.

    A footer of the article itself stays.
    """
    boilerplate, footers = _boilerplate_in(block)
    for element in (*boilerplate, *footers):
        element.extract()
    return any(OFFICE_NAME in element.get_text() for element in footers)


def _boilerplate_in(block: Tag) -> tuple[list[Tag], list[Tag]]:
    """Return the outermost elements of boilerplate in ``block``, and the site's footers.

    A single walk, because elements may be nested thousands deep.
    """
    boilerplate: list[Tag] = []
    footers: list[Tag] = []
    waiting = [(block, False)]
    while waiting:
        parent, is_inside = waiting.pop()
        is_inside = is_inside or parent.name in _ARTICLE_TAGS
        for element in parent.contents:
            if not isinstance(element, Tag):
                continue
            role = element.get("role")
            if element.name in _SIDE_TAGS or role in _SIDE_ROLES:
                boilerplate.append(element)
            elif (element.name == "footer" or role == "contentinfo") and (
                not is_inside or _begins_with_office(element)
            ):
                footers.append(element)
            else:
                waiting.append((element, is_inside))
    return boilerplate, footers


def _begins_with_office(element: Tag) -> bool:
    near = islice(element.descendants, _FIRST_NODES)
    text = " ".join(str(node)[:_MAX_STRING] for node in near if type(node) is NavigableString)
    return clean_line(text).startswith(OFFICE_NAME)


def main_lines(document: Selector) -> list[str]:
    """Return the lines of a page's main element, or of the whole page if it has none."""
    found = document.css(_MAIN) or document.css(WHOLE_PAGE)
    block = soup_of(found[0]) if found else None
    if block is None:
        return []
    _remove_boilerplate(block)
    return [line.text for line in lines_of(block)]


def _machine_readable_days(times: list[Tag], lines: list[TextLine]) -> dict[str, date]:
    """Return the lines that contain ``time`` elements, each with the first day in it."""
    days: dict[str, date] = {}
    for time in times[:_MAX_ELEMENTS]:
        shown, day = clean_line(time.get_text()), day_of(str(time["datetime"]))
        line = next((line.text for line in lines if shown and shown in line.text), None)
        if line and day:
            days.setdefault(line, day)
    return days
