"""Articles in Scrapy's feeds: ``scrapy crawl latest -O news.jsonl`` (or json, csv, xml).

The item of this project is a page with its capture. A feed gets the article as one flat row of
plain values, without the bytes of the page.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any

from itemadapter import ItemAdapter
from itemadapter.adapter import AdapterInterface
from scrapy.exporters import XmlItemExporter
from scrapy.extensions.feedexport import FeedExporter

from scraper.archive.store import in_scope
from scraper.facts import KINDS
from scraper.model import Article, Page, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Spider

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2

# Fields of an article that are copied; dates become ISO text.
ARTICLE_FIELDS = (
    "url", "site", "layout", "site_id", "language", "title", "lead", "body", "tail", "category",
    "published_on", "entered_on", "published_raw",
)  # fmt: skip


def article_row(page: Page) -> dict[str, Any]:
    """Return a page's article as a flat row of plain values and lists of strings.

    All rows have the same keys, so that they make one table. Without an article they are None.
    """
    capture, article = page.capture, page.article
    return {
        **{name: article and _plain_value(getattr(article, name)) for name in ARTICLE_FIELDS},
        **_facts(article),
        "outcome": None if page.outcome is None else page.outcome.value,
        "problems": [f"{p.stage} {p.kind}: {p.detail}" for p in page.problems],
        "origin": capture.origin.value,
        "asked_url": capture.url,
        "fetched_at": capture.fetched_at.isoformat(),
        "digest": capture.digest,
        "rendered": capture.rendered,
        "parser": None if article is None else article.parser,
    }


def _plain_value(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else getattr(value, "value", value)


def _facts(article: Article | None) -> dict[str, list[str]]:
    return {
        kind.name: []
        if article is None
        else [text for value in kind.values(article) if (text := kind.brief(value))]
        for kind in KINDS
    }


class PageAdapter(AdapterInterface):
    """Presents a page to Scrapy as ``article_row``, in all feed formats and in ``scrapy parse``.

    It is read-only: setting a value raises ``TypeError``.
    """

    def __init__(self, item: Page) -> None:
        super().__init__(item)
        self._row = article_row(item)

    @classmethod
    def is_item_class(cls, item_class: type) -> bool:
        """Return whether a class is ``Page``."""
        return issubclass(item_class, Page)

    def __getitem__(self, name: str) -> Any:
        return self._row[name]

    def __setitem__(self, name: str, value: Any) -> None:
        raise TypeError(f"{name} cannot be set: a page is shown as a row, not changed by it")

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"{name} cannot be deleted: a page is shown as a row, not changed by it")

    def __iter__(self) -> Iterator[str]:
        return iter(self._row)

    def __len__(self) -> int:
        return len(self._row)


class ArticleFeeds(FeedExporter):
    """Scrapy's feeds, with only the articles that the archive keeps."""

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Export a page if it has an article within the scope of the run."""
        if isinstance(item, Page):
            scope = Scope(spider.crawler.settings["THAIGOV_SCOPE"])
            if item.article is None or not in_scope(item.article, scope):
                return
        super().item_scraped(item, spider)


class ArticleXml(XmlItemExporter):
    """Scrapy's XML, with None as an empty element and without characters that XML forbids."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        """Return a value that XML can hold."""
        value = super().serialize_field(field, name, value)
        if isinstance(value, str):
            return NOT_IN_XML.sub("", value)
        return "" if value is None else value


# Before the adapter for pydantic, which would export every field, the bytes included.
ItemAdapter.ADAPTER_CLASSES = deque([PageAdapter, *ItemAdapter.ADAPTER_CLASSES])
