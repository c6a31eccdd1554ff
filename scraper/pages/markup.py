"""HTML to lines as a browser would set them, and the files and addresses in it.

Articles are pasted from Word: paragraphs, breaks, nested fonts, tables. Source line ends are
blanks. A table row is one line with ``CELL_BREAK`` between its cells, since a bare blank would
join a number at the end of a cell to a month in the next.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from parsel import Selector

from scraper.model import Attachment
from scraper.pages.references import urls
from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scraper.model import Page

CELL_BREAK = " | "

_SKIPPED = frozenset({"script", "style", "noscript", "template", "head", "button", "select"})
# fmt: off
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead",
    "tr", "ul",
})
# fmt: on
_CELLS = ("td", "th")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_KINDS = {
    "image": "jpg jpeg png gif webp bmp svg",
    "document": "pdf doc docx xls xlsx ppt pptx odt ods csv zip rar txt rtf",
    "audio": "mp3 m4a wav ogg wma",
    "video": "mp4 m3u8 mov avi wmv webm flv",
}
_KIND_OF = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()}
_ELEMENT_KINDS = {"img": "image", "audio": "audio", "video": "video", "source": "video"}
# What flowplayer is told to play; lines that begin with // are examples from its manual.
_PLAYED = re.compile(r"^[ \t]*src\s*:\s*[\"']([^\"'\n]+)[\"']", re.MULTILINE)
_PROXIED = re.compile(r"https?://[^/?#]+/[^?#]+?/(https?://.+)", re.DOTALL)
_ADDRESSES = ("href", "src")
_UNDER = "data-thaigov-"
_LINKS = ("a", "area")
MOST_LINES = 10_000
"""Lines of an element that are kept apart; what follows is one more line. The longest article of
63,241 has 1,972 paragraphs."""
_LONGEST_ADDRESS = 16_384  # characters; browsers and servers stop far below
_AT_ENDS = "".join(map(chr, range(0x21)))
_LINE_ENDS = str.maketrans("", "", "\t\r\n")
# Controls, half surrogate pairs and noncharacters: lxml refuses them, UTF-8 some of them.
_UNFIT = re.compile("[\\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DEEPEST = 2048  # levels of elements at which libxml2 stops, whatever may follow


def document_of(page: Page, text: str, stage: str) -> Selector:
    """Return the text of a page as a document; a problem of the stage says where it was cut off."""
    document = Selector(text=text, type="html")
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
    for element in selected.root.iter("a", *_ELEMENT_KINDS):
        for name in _ADDRESSES:
            if name in element.attrib:
                element.set(_UNDER + name, _fit(element.attrib.pop(name)))
    soup = BeautifulSoup(selected.get(), "lxml")
    tag = soup.find(selected.root.tag) or soup.body
    if tag is None:
        return None
    for element in tag.find_all(["a", *_ELEMENT_KINDS]):
        for name in _ADDRESSES:
            if _UNDER + name in element.attrs:
                element[name] = element.attrs.pop(_UNDER + name)
    return tag


class Line(NamedTuple):
    """A line of text.

    Attributes:
        text: clean, not empty.
        hrefs: addresses its links lead to, as written.
        block: the innermost block element it stands in.
    """

    text: str
    hrefs: tuple[str, ...]
    block: Tag


def lines_of(root: Tag) -> list[Line]:
    """Return the lines of an element in reading order, without scripts and empty ones."""
    return _Reader(root).read()


class _Reader:
    """Walks over an element and collects its lines.

    The walk keeps its own stack, since pasted fonts nest deeper than Python may recurse. On the
    stack lie nodes still to be visited and, below the children of an element, what is to be done
    at its end.
    """

    def __init__(self, root: Tag) -> None:
        self._lines: list[Line] = []
        self._text: list[str] = []
        self._hrefs: list[str] = []
        self._blocks = [root]
        self._rows = 0  # open rows of several cells: inside them nothing ends a line
        self._cell = 0  # where in the text the cell that is being read begins
        self._stack: list[PageElement | Callable[[], None]] = list(reversed(root.contents))

    def read(self) -> list[Line]:
        while self._stack:
            node = self._stack.pop()
            if isinstance(node, Tag):
                self._enter(node)
            elif not isinstance(node, PageElement):
                node()
            elif type(node) is NavigableString:  # its subclasses are comments and the like
                self._text.append(_SPACE.sub(" ", node))
        self._end_line()
        return self._lines

    def _enter(self, node: Tag) -> None:
        if node.name in _SKIPPED:
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
        elif node.name in _CELLS:
            self._separate_cells()
        self._stack.extend(reversed(node.contents))

    def _leave_block(self) -> None:
        self._break()
        self._blocks.pop()

    def _leave_row(self) -> None:
        self._rows -= 1

    def _separate_cells(self) -> None:
        if "".join(self._text[self._cell :]).strip():
            self._text.append(CELL_BREAK)
            self._cell = len(self._text)
        else:
            del self._text[self._cell :]

    def _break(self) -> None:
        """End the line, if one was begun; a blank inside a row."""
        if self._rows or len(self._lines) > MOST_LINES:
            self._text.append(" ")
            return
        self._end_line()

    def _end_line(self) -> None:
        if text := clean_line("".join(self._text)).removesuffix(CELL_BREAK.rstrip()):
            self._lines.append(Line(text, tuple(self._hrefs), self._blocks[-1]))
            self._hrefs = []
        self._text = []
        self._cell = 0


def strings_before(root: Tag, end: Tag) -> list[str]:
    """Return each piece of text in ``root`` that stands before ``end``, clean, scripts left out."""
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
        base: address that relative ones refer to.
    """
    for node in root.find_all([*_ELEMENT_KINDS, "a", "script"]):
        if node.name == "script":
            sources = _PLAYED.findall(node.string or "")
        else:
            sources = [_attribute(node, "href" if node.name == "a" else "src")]
        for source in sources:
            if file := attachment(source, base, _ELEMENT_KINDS.get(node.name)):
                yield file


def attachment(source: str, base: str, kind: str | None = None) -> Attachment | None:
    """Return the file at an address, None where it is an address of no file.

    Args:
        source: the address as written.
        base: address that a relative one refers to.
        kind: what it is where its suffix does not say.
    """
    url = absolute(source, base)
    kind = (url and _kind_of(url)) or kind
    return Attachment(kind=kind, url=url, original=_original(url)) if url and kind else None


def _original(url: str) -> str | None:
    """Return the address that a proxy's address ends in, None for any other address.

    Files of the ``news`` layout stand behind ``https://media.thaigov.go.th/<token>=/``.
    """
    match = _PROXIED.fullmatch(url)
    return match[1] if match else None


def addresses_of(texts: Iterable[str], lines: Iterable[Line], base: str) -> Iterator[str]:
    """Yield the absolute addresses that some lines link to or spell out, in order.

    Args:
        texts: the lines that count, in order.
        lines: all lines of the element, with their links.
        base: address that relative ones refer to.
    """
    hrefs: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        hrefs[line.text] += line.hrefs
    for text in texts:
        # Once: a text may stand on any number of lines.
        yield from filter(None, (absolute(href, base) for href in hrefs.pop(text, ())))
        yield from urls(text)


def absolute(href: str, base: str) -> str | None:
    """Return an address made absolute, or None where it leads nowhere.

    Cleaned as in the URL standard: controls and blanks are cut off the ends, tabs and line ends
    taken out, other controls percent-encoded. All else stays: file names hold raw Thai, blanks and
    ``#``. Scripts, inline data, hosts and ports that cannot be are no addresses.
    """
    href = _fit(href.strip(_AT_ENDS).translate(_LINE_ENDS))
    if not href or len(href) > _LONGEST_ADDRESS:
        return None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is no number or too high
    except ValueError:  # also for an unclosed bracket in the host
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _fit(address: str) -> str:
    """Return an address without characters that neither lxml nor UTF-8 can hold."""
    return _UNFIT.sub(lambda match: quote(match[0], errors="replace"), address)


def reveal_emails(root: Tag) -> None:
    """Put back the e-mail addresses that Cloudflare hid, in place.

    The first byte of the hexadecimal ``data-cfemail`` is a key; each other byte is a character
    of the address XOR the key.
    """
    for node in root.find_all(attrs={"data-cfemail": True}):
        if address := _unhide(_attribute(node, "data-cfemail")):
            node.string = address


def _unhide(hidden: str) -> str | None:
    try:
        key, *codes = bytes.fromhex(hidden)
        return bytes(code ^ key for code in codes).decode()
    except ValueError:  # not hexadecimal, empty, or not UTF-8: the page's own words stay
        return None


def _kind_of(url: str) -> str | None:
    """Return the kind of file an address names by its suffix; ``#`` may be part of the name."""
    name = url.partition("?")[0].rpartition("/")[2]
    return _KIND_OF.get(name.rpartition(".")[2].strip().lower()) if "." in name else None


def _attribute(node: Tag, name: str) -> str:
    value = node.get(name)
    return value if isinstance(value, str) else ""
