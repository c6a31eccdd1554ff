"""Writes the news of saved questions as text, an HTML page, JSON or an Atom feed.

Titles come from strangers: every text is escaped for terminals first, then for the format.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from scraper.clock import now, to_iso
from scraper.terminal import json_text, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scraper.search.snippet import Snippet
    from scraper.watches.news import NewsItem, WatchNews

_NOT_XML = re.compile("[\ufffe\uffff]")  # the others are escaped by ``line``
_STYLE = "mark{background:#fe9}h2{margin-bottom:0}.about{color:#555}"


def text_message(told: Sequence[WatchNews]) -> str:
    """Return a text for a mail or a terminal, hits in brackets; empty if there is nothing."""
    return "\n".join(_text_lines(told))


def _text_lines(told: Sequence[WatchNews]) -> Iterator[str]:
    for news in told:
        yield line(news.summary)
        yield f"Question: {line(news.watch.question)}"
        yield ""
        for item in news.items:
            yield _status(item)
            yield f"  {_marked(item.hit.title, '[', ']')}"
            if about := _about(item):
                yield f"  {about}"
            yield f"  {_marked(item.hit.snippet, '[', ']')}"
            yield f"  {line(item.hit.url)}"
            yield ""


def html_message(told: Sequence[WatchNews]) -> str:
    """Return an HTML page, which is also the body of a mail; empty if there is nothing."""
    if not told:
        return ""
    title = escape(line(" · ".join(news.summary for news in told)))
    lines = [
        '<!DOCTYPE html>\n<html lang="th"><head><meta charset="utf-8">',
        f"<title>{title}</title><style>{_STYLE}</style></head><body>",
    ]
    for news in told:
        lines.append(f"<h1>{escape(line(news.summary))}</h1>")
        lines.append(f'<p class="about">{escape(line(news.watch.question))}</p>')
        for item in news.items:
            headline = _marked(item.hit.title, "<mark>", "</mark>", escape)
            excerpt = _marked(item.hit.snippet, "<mark>", "</mark>", escape)
            about = escape(" · ".join(filter(None, (_status(item), _about(item)))))
            lines.append(f'<h2><a href="{escape(line(item.hit.url))}">{headline}</a></h2>')
            lines.append(f'<p class="about">{about}</p><p>{excerpt}</p>')
    return "\n".join([*lines, "</body></html>"])


def json_message(told: Sequence[WatchNews]) -> str:
    """Return JSON: a list ``watches``, each with its articles."""
    return json_text({"watches": [_as_dict(news) for news in told]})


def _as_dict(news: WatchNews) -> dict[str, Any]:
    return {
        "name": news.watch.name,
        "query": news.watch.query,
        "filters": news.watch.filters,
        "new": news.new,
        "changed": news.changed,
        "articles": [
            {
                "url": item.hit.url,
                "status": "new" if item.is_new else "changed",
                "changed_fields": item.fields,
                "changed_at": item.changed_at,
                "published_on": item.hit.published_on,
                "ministry": item.hit.ministry,
                "category": item.hit.category,
                "title": item.hit.title.text,
                "excerpt": item.hit.snippet.text,
            }
            for item in news.items
        ],
    }


def atom_message(told: Sequence[WatchNews]) -> str:
    """Return an Atom feed (RFC 4287): an entry for each article, its questions as categories."""
    feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "th"})
    names = [news.watch.name for news in told]
    _add(feed, "id", "urn:thaigov:watch:" + ":".join(quote(name, safe="") for name in names))
    _add(feed, "title", " · ".join(news.summary for news in told) or "nothing new")
    moments = [item.changed_at for news in told for item in news.items]
    _add(feed, "updated", max(moments, default=to_iso(now())))
    _add(ET.SubElement(feed, "author"), "name", "thaigov")
    entries: dict[str, ET.Element] = {}
    for news in told:
        for item in news.items:
            if item.hit.url not in entries:
                entries[item.hit.url] = _entry(feed, item)
            ET.SubElement(entries[item.hit.url], "category", {"term": _xml(news.watch.name)})
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode")


def _entry(feed: ET.Element, item: NewsItem) -> ET.Element:
    entry = ET.SubElement(feed, "entry")
    _add(entry, "id", item.hit.url)
    _add(entry, "title", item.hit.title.text)
    _add(entry, "updated", item.changed_at)
    _add(entry, "summary", f"{_status(item)}: {item.hit.snippet.text}")
    ET.SubElement(entry, "link", {"rel": "alternate", "href": _xml(item.hit.url)})
    return entry


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _xml(text)


def _xml(text: str) -> str:
    return _NOT_XML.sub("", line(text))


def _status(item: NewsItem) -> str:
    if item.is_new:
        return "New"
    return f"Changed ({', '.join(item.fields)})" if item.fields else "Changed"


def _about(item: NewsItem) -> str:
    hit = item.hit
    return line(" · ".join(filter(None, (hit.published_on, hit.ministry, hit.category))))


def _marked(snippet: Snippet, before: str, after: str, escaped: Callable[[str], str] = str) -> str:
    """Return the text of a snippet, each hit between two marks."""
    parts, last = [], 0
    for start, end in snippet.hits:
        parts.append(escaped(line(snippet.text[last:start])))
        parts.append(f"{before}{escaped(line(snippet.text[start:end]))}{after}")
        last = end
    return "".join([*parts, escaped(line(snippet.text[last:]))])


MESSAGES: dict[str, Callable[[Sequence[WatchNews]], str]] = {
    "text": text_message,
    "html": html_message,
    "json": json_message,
    "atom": atom_message,
}
"""What writes each format of ``thaigov watch run``."""
