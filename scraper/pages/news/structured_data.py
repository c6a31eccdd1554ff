"""Finds articles in the JSON of a page: JSON-LD, ``__NEXT_DATA__`` and the like.

What the site embeds, if anything, is unknown. So every object with a headline and a text under keys
of ``data/reference/embedded_keys.csv`` may be the article; the number or the headline decides.
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
"""The selector of each kind of JSON."""

_MAX_FILES = 200
_MAX_ARTICLES = 1000  # objects of one page whose headline is compared with the page's
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # allowed in JSON, but not in UTF-8 and lxml
_IS_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&\w+;")


@dataclass(frozen=True)
class JsonArticle:
    """An article in JSON; absent fields are empty.

    Attributes:
        source: a key of ``SCRIPTS``.
        title, lead, category: text.
        body: text or HTML.
        published: a date in any form.
        files: URLs of pictures and documents, as written.
        number: the number of the article.
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
    """Return the day in Bangkok of a machine-readable date or a date line, None if it is neither.

    A date without a time zone is in Bangkok's.
    """
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment.astimezone(BANGKOK) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        stamp = read_stamp(value)
        return stamp[0] if stamp else None


def as_element(text: str) -> Tag:
    """Convert HTML, or plain text with line ends, to an element."""
    markup = text if _IS_MARKUP.search(text) else text.replace("\n", "<br>")
    return soup_of_fragment(markup)


class StructuredData:
    """The JSON in a page.

    Args:
        document: the page.
        trace: records what was found.

    Attributes:
        articles: objects that may be an article, in document order.
        malformed: kinds of JSON that could not be read.
    """

    def __init__(self, document: Selector, trace: SelectorTrace) -> None:
        self.articles: list[JsonArticle] = []
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
                    self.articles += _find_articles(source, value)
        titles = [found.title for found in self.articles]
        trace.note("articles in JSON", "objects with a headline and a text", titles)

    def article(self, titles: Sequence[str], number: int | None = None) -> JsonArticle | None:
        """Return the page's article: the one with its number or headline, or the only one.

        Args:
            titles: candidates for the headline; empty ones are ignored.
            number: the number of the article, None if unknown.
        """
        keys = {line_key(title) for title in titles if title}
        ranked = [
            (
                str(number) == found.number,
                index < _MAX_ARTICLES and line_key(found.title) in keys,
            )
            for index, found in enumerate(self.articles)
        ]
        best = max(ranked, default=(False, False))
        if any(best):
            return self.articles[ranked.index(best)]
        is_alone = len(ranked) == 1 and not keys
        # A single object with another number is another article.
        return self.articles[0] if is_alone and not (number and self.articles[0].number) else None


def _find_articles(source: str, value: Any) -> Iterator[JsonArticle]:
    """Yield the objects in a JSON value that have a headline and a text, outer ones first."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if found := _json_article(source, value):
                yield found
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _json_article(source: str, value: dict[str, Any]) -> JsonArticle | None:
    values = {key.lower().replace("_", "").replace("-", ""): item for key, item in value.items()}
    found = {field: _first(values, keys) for field, keys in _json_keys().items()}
    if not (found["title"] and found["body"]):
        return None
    files = tuple(_addresses([values.get(key) for key in _json_keys()["files"]]))
    return JsonArticle(source=source, **{**found, "files": files})  # type: ignore[arg-type]


def _first(values: dict[str, Any], keys: Sequence[str]) -> str:
    """Return the first text under these keys; for an object, its name or title."""
    for key in keys:
        item = values.get(key)
        if isinstance(item, dict):
            item = item.get("name") or item.get("title")
        if isinstance(item, str | int) and str(item).strip():
            return _LONE_SURROGATE.sub("\ufffd", str(item)).strip()
    return ""


def _addresses(value: Any) -> Iterator[str]:
    """Yield the URLs in a value: texts, objects with a ``url``, lists of both."""
    waiting, found = [value], 0
    while waiting and found < _MAX_FILES:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            waiting += [item[key] for key in ("src", "contentUrl", "url") if key in item][-1:]
        elif isinstance(item, str) and "/" in item:
            found += 1
            yield item


@cache
def _json_keys() -> dict[str, tuple[str, ...]]:
    keys = defaultdict(list)
    for row in read_table("embedded_keys.csv"):
        keys[row["field"]].append(row["key"])
    return {field: tuple(names) for field, names in keys.items()}
