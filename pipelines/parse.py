"""The first stage: reads a capture into a page with an article, or with the reason why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import pages

if TYPE_CHECKING:
    from scraper.model import Page


class Parse:
    """Gives every page an outcome."""

    def process_item(self, item: Page) -> Page:
        """Return the page read; one that has an outcome already passes through untouched."""
        return item if item.outcome else pages.read(item.capture)
