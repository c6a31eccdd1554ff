"""Tells which ministries an article is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.thai.ministries import score_ministries

if TYPE_CHECKING:
    from scraper.model import Page


class Ministry:
    """Fills ``article.ministries``: the strongest first, none where it cannot be told."""

    def process_item(self, item: Page) -> Page:
        """Return the page with the ministries of its article."""
        if (article := item.article) is not None:
            # Tags that stood in place of a lead are in no text field.
            written = f"{article.body}\n{article.tail}"
            tags = (f"#{tag}" for tag in article.hashtags if f"#{tag}" not in written)
            article.ministries = score_ministries(
                article.title,
                article.lead,
                article.body,
                tail="\n".join((article.tail, *tags)),
                published_on=article.published_on,
            )
        return item
