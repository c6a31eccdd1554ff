"""The first stage: parses a capture into an article, or an outcome that says why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import pages

if TYPE_CHECKING:
    from scraper.model import Page


class Parse:
    """Gives every page an outcome."""

    def process_item(self, item: Page) -> Page:
        """Return the parsed page; a page that already has an outcome is returned unchanged."""
        return item if item.outcome else pages.read(item.capture)
