"""Finds the URLs in an article: its links, and the files it shows or links to."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scraper.model import Attachment
from scraper.pages.attributes import attribute
from scraper.pages.document import encode_invalid, parse_html
from scraper.pages.references import urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bs4.element import Tag

    from scraper.pages.lines import TextLine

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
_MAX_URL_LENGTH = 16_384  # characters; browsers and servers accept far fewer
_URL_PADDING = "".join(map(chr, range(0x21)))
_URL_LINE_BREAKS = str.maketrans("", "", "\t\r\n")


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
            sources = [attribute(node, "href" if node.name == "a" else "src")]
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

    Cleaned as in the URL standard: controls and spaces are cut off the ends, tabs and line ends
    removed, other controls percent-encoded. All else stays: file names contain raw Thai, spaces
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


def _kind_of(url: str) -> str | None:
    """Return the kind of a file by the suffix of its URL; ``#`` may be part of the name."""
    name = url.partition("?")[0].rpartition("/")[2]
    return _KIND_OF.get(name.rpartition(".")[2].strip().lower()) if "." in name else None
