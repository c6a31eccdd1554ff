"""Cleans the text of an article: NFC, no invisible characters, single spaces, no empty lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.thai.text import clean, clean_line

if TYPE_CHECKING:
    from scraper.model import Article, Page


class Clean:
    """Cleans the text before any other stage uses it."""

    def process_item(self, item: Page) -> Page:
        """Return the page with its article cleaned."""
        if item.article:
            self._clean(item.article)
        return item

    def _clean(self, article: Article) -> None:
        article.title = clean_line(article.title)
        article.lead = clean(article.lead or "") or None
        article.body = clean(article.body)
        article.tail = clean(article.tail)
        article.category = clean_line(article.category or "") or None
        article.hashtags = tuple(
            dict.fromkeys(tag for tag in map(clean_line, article.hashtags) if tag)
        )
