"""Reads a page without an archive, for ``scrapy parse``: nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.crawl.origins import live
from scraper.model import Page
from scraper.stages.in_process import pure_stages, run_stages

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response


def is_preview(spider: Spider | None) -> bool:
    """Say whether ``scrapy parse`` runs a spider: it puts a start of its own in its place."""
    start = getattr(type(spider), "start", None)
    return getattr(start, "__module__", "") == "scrapy.commands.parse"


def preview(response: Response) -> Page:
    """Return what the stages read in a page."""
    request = response.request
    if request is None:
        raise ValueError(f"{response.url}: no request is known for this answer")
    return run_stages(
        pure_stages(), Page(capture=live(request, response, response.body, ()).capture)
    )
