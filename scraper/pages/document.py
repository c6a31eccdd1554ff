"""Parses the HTML of a page, and converts single elements to BeautifulSoup.

Only the element of the article goes to BeautifulSoup; the whole page would take ten times as long.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bs4 import BeautifulSoup
from bs4.element import Tag
from lxml.etree import iterwalk
from parsel import Selector

from scraper.model import Outcome
from scraper.pages.html_repair import has_document_end, repair_html
from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.model import Page

_LINKING_TAGS = ("a", "img", "audio", "video", "source")
_LINK_ATTRIBUTES = ("href", "src")
_RENAMED = "data-thaigov-"
# Controls, half surrogate pairs and noncharacters: lxml refuses them, UTF-8 some of them.
_INVALID_CHARACTER = re.compile("[\\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DEEPEST = 2048  # levels of elements at which libxml2 stops parsing
_INVISIBLE_TAGS = frozenset({"script", "style", "noscript", "template"})
_MAX_NODES = 2000  # examined after an element
_END = "thaigov: the page ends here"  # a comment after a page without an end tag


def parse_html(text: str) -> Selector:
    """Parse the HTML of a page, repaired so that it is read as far as a browser reads it."""
    return Selector(text=repair_html(text).text, type="html")


def parse_page(page: Page, text: str, stage: str) -> Selector:
    """Parse the HTML of a page and add a problem for each fault and each loss of text."""
    repaired = repair_html(text)
    for fault in repaired.faults:
        page.add_problem(stage, "broken-markup", f"expected well-formed HTML; {fault}")
    end = "" if has_document_end(text) else f"<!--{_END}-->"
    document = Selector(text=repaired.text + end, type="html")
    if _is_cut_off(document):
        detail = "expected the whole page, lost all from where its markup nests too deep"
        page.add_problem(stage, "page-cut-off", detail)
    return document


def ends_inside(element: Selector) -> bool:
    """Return whether a page of `parse_page` ends, without ``</html>``, before the element does."""
    return bool(element.xpath(f"descendant::comment()[. = '{_END}']"))


def set_cut(page: Page, stage: str) -> None:
    """Set the outcome of a page that ends inside its article."""
    page.outcome = Outcome.UNPARSED
    detail = "a part of the page is missing: it ends inside the article, without </html>"
    page.add_problem(stage, "truncated", detail)


def _is_cut_off(document: Selector) -> bool:
    """Whether the parser stopped at markup nested too deep for it."""
    element, depth = document.root, 1
    while len(element):  # it would have stopped in the last element
        element, depth = element[-1], depth + 1
    return depth >= _DEEPEST


def soup_of(selected: Selector) -> Tag | None:
    """Convert a selected element to BeautifulSoup; None if it is not an element.

    When lxml writes HTML it percent-encodes non-ASCII characters in ``href`` and ``src``, so these
    attributes are renamed on the way.
    """
    for element in selected.root.iter(*_LINKING_TAGS):
        for name in _LINK_ATTRIBUTES:
            if name in element.attrib:
                element.set(_RENAMED + name, encode_invalid(element.attrib.pop(name)))
    soup = BeautifulSoup(selected.get(), "lxml")
    tag = soup.find(selected.root.tag)
    if not isinstance(tag, Tag):
        return soup.body
    for element in tag.find_all(_LINKING_TAGS):
        for name in _LINK_ATTRIBUTES:
            if _RENAMED + name in element.attrs:
                element[name] = element.attrs.pop(_RENAMED + name)
    return tag


def soup_of_fragment(markup: str) -> Tag:
    """Parse a piece of HTML into one element."""
    return BeautifulSoup(f"<div>{repair_html(markup).text}</div>", "lxml")


def encode_invalid(address: str) -> str:
    """Percent-encode the characters of an address that lxml or UTF-8 cannot hold."""
    return _INVALID_CHARACTER.sub(lambda match: quote(match[0], errors="replace"), address)


def strings_after(selected: Selector, is_end: Callable[[Any], bool]) -> list[str]:
    """Return the clean strings after an element, up to the first element that is an end.

    Scripts and empty strings are left out, and so is everything after 2,000 nodes.

    Args:
        selected: an element.
        is_end: called with lxml's elements, in document order.
    """
    strings: list[str] = []
    for event, element in islice(_nodes_after(selected.root), _MAX_NODES):
        if event == "start" and is_end(element):
            break
        is_visible = event != "start" or element.tag not in _INVISIBLE_TAGS
        string = (element.text if event == "start" else element.tail) if is_visible else ""
        if text := clean_line(string or ""):
            strings.append(text)
    return strings


def _nodes_after(element: Any) -> Iterator[tuple[str, Any]]:
    """Yield ``start`` and ``end`` events of the nodes after an element, first its own ``end``."""
    while element is not None:
        yield "end", element
        for sibling in element.itersiblings():
            if isinstance(sibling.tag, str):
                yield from iterwalk(sibling, events=("start", "end", "comment", "pi"))
            else:  # a comment
                yield "end", sibling
        element = element.getparent()
