"""The first stage: parses a capture into an article or a file, or says why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import pages
from scraper.attachments.reading import read_attachment

if TYPE_CHECKING:
    from scraper.model import Page


class Parse:
    """Gives every page an outcome."""

    def process_item(self, item: Page) -> Page:
        """Return the parsed page; a page that already has an outcome is returned unchanged."""
        if item.outcome:
            return item
        is_page = item.capture.attachment is None
        return pages.read(item.capture) if is_page else read_attachment(item.capture)
