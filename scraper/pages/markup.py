"""Extracts the lines of text that a browser would show, and the files and URLs in them.

Articles are pasted from Word: paragraphs, breaks, nested fonts, tables. Source line ends are
blanks. A table row is one line with ``CELL_BREAK`` between its cells, since a bare blank would
join a number at the end of a cell to a month in the next.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from scraper.model import Attachment
from scraper.pages.document import encode_invalid, parse_html
from scraper.pages.references import urls
from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

CELL_BREAK = " | "

# Of the skipped elements only these can contain article text by mistake.
_CONTROL_TAGS = frozenset({"noscript", "template", "button", "select"})
_SKIPPED_TAGS = _CONTROL_TAGS | {"script", "style", "head", "iframe", "noembed", "noframes"}
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
_SUFFIXES = {
    "image": "jpg jpeg png gif webp bmp svg",
    "document": "pdf doc docx xls xlsx ppt pptx odt ods csv zip rar txt rtf",
    "audio": "mp3 m4a wav ogg wma",
    "video": "mp4 m3u8 mov avi wmv webm flv",
}
_KIND_OF = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
_ELEMENT_KINDS = {"img": "image", "audio": "audio", "video": "video", "source": "video"}
# The source in a flowplayer script; lines that begin with // are examples from its manual.
_PLAYED = re.compile(r"^[ \t]*src\s*:\s*[\"']([^\"'\n]+)[\"']", re.MULTILINE)
_PROXIED = re.compile(r"https?://[^/?#]+/[^?#]+?/(https?://.+)", re.DOTALL)
_LINKS = ("a", "area")
_IS_BLOCK = sorted(_BLOCKS)
_MAX_LINES = 10_000  # then one more with all the rest; of 63,241 articles the longest has 1,972
_MAX_URL_LENGTH = 16_384  # characters; browsers and servers accept far fewer
_URL_PADDING = "".join(map(chr, range(0x21)))
_URL_LINE_BREAKS = str.maketrans("", "", "\t\r\n")


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
        if node.name in _LINKS and (href := _attribute(node, "href")):
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
        """End the line; inside a row, add a blank instead."""
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


def attachments_of(root: Tag, base: str) -> Iterator[Attachment]:
    """Yield the pictures, documents and recordings an element shows or links to.

    Args:
        root: the element.
        base: URL that relative ones refer to.
    """
    for node in root.find_all([*_ELEMENT_KINDS, "a", "script"]):
        if node.name == "script":
            sources = _PLAYED.findall(node.string or "")
        else:
            sources = [_attribute(node, "href" if node.name == "a" else "src")]
        for source in sources:
            if file := attachment_at(source, base, _ELEMENT_KINDS.get(node.name)):
                yield file


def attachment_at(source: str, base: str, kind: str | None = None) -> Attachment | None:
    """Return the file at a URL, None if it is not the URL of a file.

    Args:
        source: the URL as written.
        base: URL that a relative one refers to.
        kind: the kind of file if the suffix does not show it.
    """
    url = absolute_url(source, base)
    kind = (url and _kind_of(url)) or kind
    return Attachment(kind=kind, url=url, original=_original(url)) if url and kind else None


def _original(url: str) -> str | None:
    """Return the URL at the end of a proxy's URL, None for any other URL.

    Files of the ``news`` layout are served from ``https://media.thaigov.go.th/<token>=/<URL>``.
    """
    match = _PROXIED.fullmatch(url)
    return match[1] if match else None


def addresses_of(texts: Iterable[str], lines: Iterable[TextLine], base: str) -> Iterator[str]:
    """Yield the absolute URLs that some lines link to or spell out, in order.

    Args:
        texts: the lines that count, in order.
        lines: all lines of the element, with their links.
        base: URL that relative ones refer to.
    """
    hrefs: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        hrefs[line.text] += line.hrefs
    for text in texts:
        # Only once, since any number of lines may have the same text.
        yield from filter(None, (absolute_url(href, base) for href in hrefs.pop(text, ())))
        yield from urls(text)


def hrefs_in(text: str) -> list[str]:
    """Return the links of a page as written, in order."""
    return parse_html(text).css("a::attr(href)").getall()


def links_in(text: str, base: str) -> list[str]:
    """Return the absolute URLs of the links of a page, in order.

    Args:
        text: the HTML.
        base: URL that relative ones refer to.
    """
    return [url for href in hrefs_in(text) if (url := absolute_url(href, base))]


def absolute_url(href: str, base: str) -> str | None:
    """Return a URL made absolute; None for scripts, inline data and impossible hosts or ports.

    Cleaned as in the URL standard: controls and blanks are cut off the ends, tabs and line ends
    removed, other controls percent-encoded. All else stays: file names contain raw Thai, blanks
    and ``#``.
    """
    href = encode_invalid(href.strip(_URL_PADDING).translate(_URL_LINE_BREAKS))
    if not href or len(href) > _MAX_URL_LENGTH:
        return None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        _ = parts.port  # raises if the port is not a number or too high
    except ValueError:  # also for an unclosed bracket in the host
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def reveal_emails(root: Tag) -> None:
    """Restore the e-mail addresses that Cloudflare hid, in place.

    The first byte of the hexadecimal ``data-cfemail`` is a key; each other byte is a character
    of the address XOR the key.
    """
    for node in root.find_all(attrs={"data-cfemail": True}):
        if address := _decode_email(_attribute(node, "data-cfemail")):
            node.string = address


def _decode_email(hidden: str) -> str | None:
    try:
        key, *codes = bytes.fromhex(hidden)
        return bytes(code ^ key for code in codes).decode()
    except ValueError:  # not hexadecimal, empty, or not UTF-8: the page's placeholder stays
        return None


def _kind_of(url: str) -> str | None:
    """Return the kind of a file by the suffix of its URL; ``#`` may be part of the name."""
    name = url.partition("?")[0].rpartition("/")[2]
    return _KIND_OF.get(name.rpartition(".")[2].strip().lower()) if "." in name else None


def _attribute(node: Tag, name: str) -> str:
    value = node.get(name)
    return value if isinstance(value, str) else ""
