"""Reads the links of a listing, with the charset and the addresses as pages are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.pages.charset import decode
from scraper.pages.markup import links_in

if TYPE_CHECKING:
    from scrapy.http import Response


def links_of(response: Response) -> list[str]:
    """Return the absolute addresses that the links of a page lead to, in order."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return links_in(decode(response.body, content_type).text, response.urljoin(""))
