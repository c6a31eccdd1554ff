"""Tells which ministries an article is about, and which agencies it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.thai.agencies import count_agencies
from scraper.thai.ministries import score_ministries
from scraper.thai.names import find_names

if TYPE_CHECKING:
    from scraper.model import Page


class Ministry:
    """Fills ``article.ministries``, none where it cannot be told, and ``article.agencies``."""

    def process_item(self, item: Page) -> Page:
        """Return the page with the ministries and agencies of its article, the strongest first."""
        if (article := item.article) is not None:
            # Tags that stood in place of a lead are in no text field.
            written = f"{article.body}\n{article.tail}"
            tags = (f"#{tag}" for tag in article.hashtags if f"#{tag}" not in written)
            names = find_names(
                article.title,
                article.lead,
                article.body,
                tail="\n".join((article.tail, *tags)),
                published_on=article.published_on,
            )
            article.ministries = score_ministries(names)
            article.agencies = count_agencies(names)
        return item
