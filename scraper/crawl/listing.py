"""Reads the links of a listing, with the charset and the addresses as pages are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.pages.charset import decode_page
from scraper.pages.markup import absolute_url, hrefs_in

if TYPE_CHECKING:
    from scrapy.http import Response


def links_of(response: Response) -> dict[str, str]:
    """Return the links of a page in order: each as written, and as an absolute address.

    Backslashes count as slashes, as in browsers. A link that is not an address stays as written.
    """
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    hrefs = hrefs_in(decode_page(response.body, content_type).text)
    base = response.urljoin("")  # the page may name another base
    return {href: absolute_url(href.replace("\\", "/"), base) or href for href in hrefs}
