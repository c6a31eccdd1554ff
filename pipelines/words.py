"""Segments the text of an article into words, for the word index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.thai.words import segmenter

if TYPE_CHECKING:
    from scraper.model import Page


class Words:
    """Fills ``article.words`` from title, lead and body, the fields that both indexes cover."""

    def process_item(self, item: Page) -> Page:
        """Return the page with the words of its article and the name of the segmenter."""
        if (article := item.article) is not None:
            segment = segmenter()  # loaded late: a run may have no article
            fields = (article.title, article.lead, article.body)
            article.words = tuple(segment.words("\n".join(filter(None, fields))))
            article.engine = segment.engine
        return item
