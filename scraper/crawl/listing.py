"""Reads the links of a listing, decoding charset and URLs as the page parsers do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.crawl.origins import header
from scraper.pages.charset import decode_page
from scraper.pages.links import absolute_url, hrefs_in

if TYPE_CHECKING:
    from scrapy.http import Response


def links_of(response: Response) -> dict[str, str]:
    """Return the links of a page in order: ``href`` as written → absolute URL.

    Backslashes count as slashes, as in browsers. A link that is not a URL stays as written.
    """
    hrefs = hrefs_in(decode_page(response.body, header(response, "Content-Type")).text)
    base = response.urljoin("")  # a page may have a <base>
    return {href: absolute_url(href.replace("\\", "/"), base) or href for href in hrefs}
