"""Articles in JSON that a page carries for programs: JSON-LD, ``__NEXT_DATA__`` and the like.

Nothing is known of what the site embeds, if anything. So every object that has a headline and a
text under one of the keys in ``data/reference/embedded_keys.csv`` may be the article; which of
them is, its number or its headline tells.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from scraper.clock import BANGKOK
from scraper.pages.document import soup_of_fragment
from scraper.pages.fields import line_key
from scraper.reference import read_table
from scraper.thai.dates import read_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bs4.element import Tag
    from parsel import Selector

    from scraper.pages.trace import SelectorTrace

SCRIPTS = {
    "JSON-LD": "script[type='application/ld+json']",
    "__NEXT_DATA__": "script#__NEXT_DATA__",
    "JSON": "script[type='application/json']:not(#__NEXT_DATA__)",
}
"""Where JSON may stand, by the name under which it is told as a source."""

_MOST_FILES = 200
_MOST_ARTICLES = 1000  # objects of one page whose headline is compared with the page's
_HALF_PAIR = re.compile("[\ud800-\udfff]")  # JSON may hold one, UTF-8 and lxml cannot
_IS_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&\w+;")


@dataclass(frozen=True)
class Embedded:
    """An article as JSON has it; fields that it has not are empty.

    Attributes:
        source: a key of ``SCRIPTS``.
        title, lead, category: text.
        body: text or HTML.
        published: a day in any form.
        files: addresses of pictures and documents, as written.
        number: of the article, if the object has one.
    """

    source: str
    title: str
    body: str
    published: str = ""
    lead: str = ""
    category: str = ""
    files: tuple[str, ...] = ()
    number: str = ""


def day_of(value: str) -> date | None:
    """Return the day in Bangkok that a machine-readable date or a date line names, None for none.

    Without a time zone it is Bangkok's.
    """
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment.astimezone(BANGKOK) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        stamp = read_stamp(value)
        return stamp[0] if stamp else None


def as_element(text: str) -> Tag:
    """Return a text that is HTML, or plain with line ends, as an element."""
    markup = text if _IS_MARKUP.search(text) else text.replace("\n", "<br>")
    return soup_of_fragment(markup)


class StructuredData:
    """What a page carries in JSON.

    Args:
        document: the page.
        trace: gets to know what was found.

    Attributes:
        articles: objects that may be an article, in the order of the page.
        malformed: sources whose JSON cannot be read.
    """

    def __init__(self, document: Selector, trace: SelectorTrace) -> None:
        self.articles: list[Embedded] = []
        self.malformed: list[str] = []
        for source, selector in SCRIPTS.items():
            elements = document.css(selector)
            trace.note(source, selector, elements)
            for element in elements:
                try:
                    value = json.loads(element.xpath("string()").get(""))
                except (ValueError, RecursionError):
                    if source not in self.malformed:
                        self.malformed.append(source)
                else:
                    self.articles += _articles(source, value)
        titles = [found.title for found in self.articles]
        trace.note("articles in JSON", "objects with a headline and a text", titles)

    def article(self, titles: Sequence[str], number: int | None = None) -> Embedded | None:
        """Return the article of the page: by its number, its headline, or being the only one.

        Args:
            titles: what the headline may be; empty ones count for nothing.
            number: the article's; None if it is unknown.
        """
        keys = {line_key(title) for title in titles if title}
        ranked = [
            (
                str(number) == found.number,
                at < _MOST_ARTICLES and line_key(found.title) in keys,
            )
            for at, found in enumerate(self.articles)
        ]
        best = max(ranked, default=(False, False))
        if any(best):
            return self.articles[ranked.index(best)]
        is_alone = len(ranked) == 1 and not keys
        # An only one with another number is another article.
        return self.articles[0] if is_alone and not (number and self.articles[0].number) else None


def _articles(source: str, value: Any) -> Iterator[Embedded]:
    """Yield the objects in a JSON value that have a headline and a text, outer ones first."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if found := _article(source, value):
                yield found
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _article(source: str, value: dict[str, Any]) -> Embedded | None:
    values = {key.lower().replace("_", "").replace("-", ""): item for key, item in value.items()}
    found = {field: _first(values, keys) for field, keys in _keys().items()}
    if not (found["title"] and found["body"]):
        return None
    files = tuple(_addresses([values.get(key) for key in _keys()["files"]]))
    return Embedded(source=source, **{**found, "files": files})  # type: ignore[arg-type]


def _first(values: dict[str, Any], keys: Sequence[str]) -> str:
    """Return the text under the first key that has one; a named thing is its name."""
    for key in keys:
        item = values.get(key)
        if isinstance(item, dict):
            item = item.get("name") or item.get("title")
        if isinstance(item, str | int) and str(item).strip():
            return _HALF_PAIR.sub("\ufffd", str(item)).strip()
    return ""


def _addresses(value: Any) -> Iterator[str]:
    """Yield the addresses in a value: texts, objects with an ``url``, lists of both."""
    waiting, found = [value], 0
    while waiting and found < _MOST_FILES:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            waiting += [item[key] for key in ("src", "contentUrl", "url") if key in item][-1:]
        elif isinstance(item, str) and "/" in item:
            found += 1
            yield item


@cache
def _keys() -> dict[str, tuple[str, ...]]:
    keys = defaultdict(list)
    for row in read_table("embedded_keys.csv"):
        keys[row["field"]].append(row["key"])
    return {field: tuple(names) for field, names in keys.items()}
