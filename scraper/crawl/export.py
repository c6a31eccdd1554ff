"""Articles as Scrapy's feeds have them: ``scrapy crawl latest -O news.jsonl`` (or json, csv, xml).

The item of this project is a page with its capture. What a feed is read for is the article: one
flat row with plain values, without the bytes of the page. Knows no spiders.
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

Row = dict[str, Any]

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2

# Of an article, as they are; dates as ISO text.
PLAIN = (
    "url", "site", "layout", "site_id", "language", "title", "lead", "body", "tail", "category",
    "published_on", "entered_on", "published_raw",
)  # fmt: skip


def row_of(page: Page) -> Row:
    """Return an article as a flat row; a page without one has None in its place.

    Lists hold texts. The keys are the same for every page, so that all rows make one table.
    """
    capture, article = page.capture, page.article
    row: Row = {name: None if article is None else _plain(getattr(article, name)) for name in PLAIN}
    row |= _lists(article)
    row |= {
        "outcome": None if page.outcome is None else page.outcome.value,
        "problems": [f"{p.stage} {p.kind}: {p.detail}" for p in page.problems],
        "origin": capture.origin.value,
        "asked_url": capture.url,
        "fetched_at": capture.fetched_at.isoformat(),
        "digest": capture.digest,
        "rendered": capture.rendered,
        "parser": None if article is None else article.parser,
    }
    return row


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else getattr(value, "value", value)


def _lists(article: Article | None) -> dict[str, list[str]]:
    return {
        kind.name: []
        if article is None
        else [text for value in kind.values(article) if (text := kind.brief(value))]
        for kind in KINDS
    }


class PageAdapter(AdapterInterface):
    """Shows Scrapy a page as the row of its article, in every feed format and in ``scrapy parse``.

    It is for reading: setting a value raises ``TypeError``.
    """

    def __init__(self, item: Page) -> None:
        super().__init__(item)
        self._row = row_of(item)

    @classmethod
    def is_item_class(cls, item_class: type) -> bool:
        """Say whether a class is that of a page."""
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
    """Scrapy's feeds, with the articles that the archive keeps; other pages are left out."""

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Export a page that came to an article, if it is within the scope of the run."""
        if isinstance(item, Page):
            scope = Scope(spider.crawler.settings["THAIGOV_SCOPE"])
            if item.article is None or not in_scope(item.article, scope):
                return
        super().item_scraped(item, spider)


class ArticleXml(XmlItemExporter):
    """Scrapy's XML, with nothing where a value is None, and with no character that XML forbids."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        """Return a value as XML can have it."""
        value = super().serialize_field(field, name, value)
        if isinstance(value, str):
            return FORBIDDEN.sub("", value)
        return "" if value is None else value


# Before the adapter of pydantic, which would show every field, and the bytes.
ItemAdapter.ADAPTER_CLASSES = deque([PageAdapter, *ItemAdapter.ADAPTER_CLASSES])
