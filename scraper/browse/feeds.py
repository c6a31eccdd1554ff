"""Atom feeds of search results (RFC 4287)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from scraper.clock import now, to_iso
from scraper.search.paging import Order

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.search.engine import Results

ATOM = "http://www.w3.org/2005/Atom"
MAX_FEED_ENTRIES = 50
# Orders that put new entries first; by best match, a feed would show the same ones for ever.
FEED_ORDERS = {Order.NEW, Order.CHANGED, Order.SEEN}
# Characters that XML 1.0 does not allow.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom_feed(
    results: Results, title: str, feed_url: str, page_url: str, article_url: Callable[[str], str]
) -> str:
    """Return an Atom feed as XML.

    Args:
        results: the entries, in their order.
        title: title of the feed.
        feed_url: absolute URL of the feed.
        page_url: absolute URL of the search page with the same results.
        article_url: returns the absolute URL of an article's page for its canonical URL.
    """
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "th"})
    changes = [hit.changed_at for hit in results.hits]
    _add(feed, "id", feed_url)
    _add(feed, "title", title)
    _add(feed, "updated", max(changes, default=to_iso(now())))
    ET.SubElement(feed, "link", {"rel": "self", "href": feed_url, "type": "application/atom+xml"})
    ET.SubElement(feed, "link", {"rel": "alternate", "href": page_url, "type": "text/html"})
    author = ET.SubElement(feed, "author")
    _add(author, "name", "thaigov")
    for hit in results.hits:
        entry = ET.SubElement(feed, "entry")
        _add(entry, "id", hit.url)
        _add(entry, "title", hit.title.text)
        _add(entry, "updated", hit.changed_at)
        if hit.published_on:
            _add(entry, "published", _start_of_day(hit.published_on))
        _add(entry, "summary", hit.snippet.text)
        ET.SubElement(entry, "link", {"rel": "alternate", "href": article_url(hit.url)})
        for term in filter(None, (hit.ministry, hit.category)):
            ET.SubElement(entry, "category", {"term": _NOT_XML.sub("", term)})
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode")


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_XML.sub("", text)


def _start_of_day(day: str) -> str:
    """Return midnight of a day in Bangkok time."""
    return f"{day}T00:00:00+07:00"
