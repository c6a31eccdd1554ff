"""Parses a page for ``scrapy parse``, without an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.crawl.origins import live
from scraper.model import Page
from scraper.stages.in_process import pure_stages, run_stages

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response


def is_preview(spider: Spider | None) -> bool:
    """Return whether ``scrapy parse`` runs the spider: it replaces the spider's ``start``."""
    start = getattr(type(spider), "start", None)
    return getattr(start, "__module__", "") == "scrapy.commands.parse"


def preview(response: Response) -> Page:
    """Run the stages before the store on a response and return the page."""
    request = response.request
    if request is None:
        raise ValueError(f"{response.url}: the response has no request")
    return run_stages(
        pure_stages(), Page(capture=live(request, response, response.body, ()).capture)
    )
