"""Opens the HTML of a page, and takes single elements over into BeautifulSoup.

Only the element that shows the article goes to BeautifulSoup: the whole page would take ten times
as long. What the parser gave up is named here.
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

from scraper.pages.source import prepare
from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.model import Page

WITH_ADDRESS = ("a", "img", "audio", "video", "source")
"""Elements whose ``href`` and ``src`` lead to files or pages."""

_ADDRESSES = ("href", "src")
_UNDER = "data-thaigov-"
# Controls, half surrogate pairs and noncharacters: lxml refuses them, UTF-8 some of them.
_UNFIT = re.compile("[\\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DEEPEST = 2048  # levels of elements at which libxml2 stops, whatever may follow
_UNSEEN = frozenset({"script", "style", "noscript", "template"})
_MOST_NODES = 2000  # that are looked at behind an element


def open_document(text: str) -> Selector:
    """Return the text of a page as a document, read as far as a browser reads it."""
    return Selector(text=prepare(text).text, type="html")


def document_of(page: Page, text: str, stage: str) -> Selector:
    """Return the text of a page as a document; problems of the stage say what may be lost."""
    source = prepare(text)
    for fault in source.faults:
        page.add_problem(stage, "broken-markup", f"expected well-formed HTML; {fault}")
    document = Selector(text=source.text, type="html")
    if is_cut_off(document):
        detail = "expected the whole page, lost all from where its markup nests too deep"
        page.add_problem(stage, "page-cut-off", detail)
    return document


def is_cut_off(document: Selector) -> bool:
    """Whether the parser stopped in markup nested too deep for it, and lost all that follows."""
    element, depth = document.root, 1
    while len(element):  # it stopped in the last element
        element, depth = element[-1], depth + 1
    return depth >= _DEEPEST


def soup_of(selected: Selector) -> Tag | None:
    """Return a selected element as BeautifulSoup has it, None for one that is no element.

    lxml percent-encodes what is not ASCII in ``href`` and ``src`` when it writes HTML, so these
    travel under other names.
    """
    for element in selected.root.iter(*WITH_ADDRESS):
        for name in _ADDRESSES:
            if name in element.attrib:
                element.set(_UNDER + name, fit(element.attrib.pop(name)))
    soup = BeautifulSoup(selected.get(), "lxml")
    tag = soup.find(selected.root.tag)
    if not isinstance(tag, Tag):
        return soup.body
    for element in tag.find_all(WITH_ADDRESS):
        for name in _ADDRESSES:
            if _UNDER + name in element.attrs:
                element[name] = element.attrs.pop(_UNDER + name)
    return tag


def soup_of_fragment(markup: str) -> Tag:
    """Return a piece of HTML as an element."""
    return BeautifulSoup(f"<div>{prepare(markup).text}</div>", "lxml")


def fit(address: str) -> str:
    """Return an address without characters that lxml or UTF-8 cannot hold: percent-encoded."""
    return _UNFIT.sub(lambda match: quote(match[0], errors="replace"), address)


def strings_behind(selected: Selector, is_end: Callable[[Any], bool]) -> list[str]:
    """Return the strings behind an element, clean, up to the first element that is an end.

    Scripts and empty strings are left out, and so is what is far behind.

    Args:
        selected: an element.
        is_end: called with lxml's elements, in the order of the document.
    """
    strings: list[str] = []
    for what, element in islice(_nodes_behind(selected.root), _MOST_NODES):
        if what == "start" and is_end(element):
            break
        is_seen = what != "start" or element.tag not in _UNSEEN
        string = (element.text if what == "start" else element.tail) if is_seen else ""
        if text := clean_line(string or ""):
            strings.append(text)
    return strings


def _nodes_behind(element: Any) -> Iterator[tuple[str, Any]]:
    """Yield the beginning and the end of each node behind an element, first its own end."""
    while element is not None:
        yield "end", element
        for sibling in element.itersiblings():
            if isinstance(sibling.tag, str):
                yield from iterwalk(sibling, events=("start", "end", "comment", "pi"))
            else:  # a comment
                yield "end", sibling
        element = element.getparent()
