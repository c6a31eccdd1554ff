"""Extracts the lines of text that a browser would show.

Articles are pasted from Word: paragraphs, breaks, nested fonts, tables. Source line ends are
spaces. A table row is one line with ``CELL_BREAK`` between its cells, since a bare space would
join a number at the end of a cell to a month in the next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from scraper.pages.attributes import attribute
from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable

CELL_BREAK = " | "

# Of the skipped elements only these can contain article text by mistake.
_CONTROL_TAGS = frozenset(
    {"noscript", "template", "button", "select", "iframe", "noembed", "noframes"}
)
_SKIPPED_TAGS = _CONTROL_TAGS | {"script", "style", "head"}
# fmt: off
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead",
    "tr", "ul",
})
# fmt: on
_CELLS = ("td", "th")
# Outside a table browsers ignore these tags.
_TABLE_PARTS = frozenset({"tbody", "tfoot", "thead", "tr", *_CELLS})
_MAX_LABEL = 200  # characters of a control
_SPACE = re.compile(r"[ \t\r\n\f]+")
_LINKS = ("a", "area")
_IS_BLOCK = sorted(_BLOCKS)
_MAX_LINES = 10_000  # then one more with all the rest; of 63,241 articles the longest has 1,972


class TextLine(NamedTuple):
    """A line of text.

    Attributes:
        text: clean, not empty.
        hrefs: the ``href`` of each link in it, as written.
        block: its innermost block element.
    """

    text: str
    hrefs: tuple[str, ...]
    block: Tag


def lines_of(root: Tag) -> list[TextLine]:
    """Return the non-empty lines of an element in reading order, without scripts."""
    return lines_and_faults(root)[0]


def lines_and_faults(root: Tag) -> tuple[list[TextLine], list[tuple[str, str]]]:
    """Return the lines of an element, and the kind and detail of each problem with them."""
    reader = _LineReader(root)
    lines = reader.read()
    faults = [
        ("text-left-out", f"expected a label in <{node.name}>, found the text {text[:60]!r}")
        for node in reader.controls
        if len(text := clean_line(node.get_text(" "))) > _MAX_LABEL
        or (text and node.find(_IS_BLOCK))
    ]
    if len(lines) > _MAX_LINES:
        detail = f"expected at most {_MAX_LINES} lines; all that follows was read as one line"
        faults.append(("too-many-lines", detail))
    return lines, faults


class _LineReader:
    """Walks over an element and collects its lines.

    The walk keeps its own stack, since pasted fonts nest deeper than Python may recurse. The stack
    holds the nodes to visit and, below the children of an element, the callback for its end.
    """

    def __init__(self, root: Tag) -> None:
        self._lines: list[TextLine] = []
        self._text: list[str] = []
        self._hrefs: list[str] = []
        self._blocks = [root]
        self._rows = 0  # open rows with several cells; a line does not end inside them
        self._cell = 0  # index in the text at which the current cell begins
        self._tables = 0  # open tables
        self.controls: list[Tag] = []
        self._stack: list[PageElement | Callable[[], None]] = list(reversed(root.contents))

    def read(self) -> list[TextLine]:
        while self._stack:
            node = self._stack.pop()
            if isinstance(node, Tag):
                self._enter(node)
            elif not isinstance(node, PageElement):
                node()
            elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
                self._text.append(_SPACE.sub(" ", node))
        self._end_line()
        return self._lines

    def _enter(self, node: Tag) -> None:
        if node.name in _SKIPPED_TAGS:
            if node.name in _CONTROL_TAGS:
                self.controls.append(node)
            return
        if node.name == "table":
            self._tables += 1
            self._stack.append(self._leave_table)
        elif node.name in _TABLE_PARTS and not self._tables:
            self._stack.extend(reversed(node.contents))
            return
        if node.name in _LINKS and (href := attribute(node, "href")):
            self._hrefs.append(href)
        if node.name == "br":
            self._break()
        elif node.name in _BLOCKS:
            self._break()
            self._blocks.append(node)
            self._stack.append(self._leave_block)
        if node.name == "tr" and len(node.find_all(_CELLS, recursive=False)) > 1:
            self._rows += 1
            self._stack.append(self._leave_row)
        elif node.name in _CELLS and self._rows:
            self._separate_cells()
        self._stack.extend(reversed(node.contents))

    def _leave_block(self) -> None:
        self._break()
        self._blocks.pop()

    def _leave_table(self) -> None:
        self._tables -= 1

    def _leave_row(self) -> None:
        self._rows -= 1

    def _separate_cells(self) -> None:
        if "".join(self._text[self._cell :]).strip():
            self._text.append(CELL_BREAK)
            self._cell = len(self._text)
        else:
            del self._text[self._cell :]

    def _break(self) -> None:
        """End the line; inside a row, add a space instead."""
        if self._rows or len(self._lines) >= _MAX_LINES:
            self._text.append(" ")
            return
        self._end_line()

    def _end_line(self) -> None:
        if text := clean_line("".join(self._text)).removesuffix(CELL_BREAK.rstrip()):
            self._lines.append(TextLine(text, tuple(self._hrefs), self._blocks[-1]))
            self._hrefs = []
        self._text = []
        self._cell = 0


def strings_before(root: Tag, end: Tag) -> list[str]:
    """Return the clean text nodes of ``root`` before ``end``, without scripts."""
    pieces = []
    for node in root.descendants:
        if node is end:
            break
        if type(node) is NavigableString and (piece := clean_line(node)):
            pieces.append(piece)
    return pieces
