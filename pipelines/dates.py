"""Finds the dates an article mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import FieldDate, TextField
from scraper.thai.dates import find_dates

if TYPE_CHECKING:
    from scraper.model import Page

FIELDS = (TextField.LEAD, TextField.BODY, TextField.TAIL)


class Dates:
    """Fills ``article.dates`` from lead, body and tail."""

    def process_item(self, item: Page) -> Page:
        """Return the page with the dates of its article."""
        if (article := item.article) is not None:
            article.dates = tuple(
                FieldDate(field=field, mention=mention)
                for field in FIELDS
                for mention in find_dates(getattr(article, field) or "", article.published_on)
            )
        return item
