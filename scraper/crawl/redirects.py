"""Follows a redirect of an article's page only to the same article.

Anything else (to the home page, to another host) is an answer in its own right: it is captured as
it came, under the address that was asked for, and no host is asked that nobody has allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.crawl.lanes import LANE
from scraper.model import Origin
from scraper.sources import parse_address

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

REDIRECTS = {301, 302, 303, 307, 308}


class KeepForeignRedirects:
    """Stands before Scrapy's own redirection and takes from it what it should not follow."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Hand the answer on; mark a redirect that leads away from the article."""
        if request.meta.get(LANE) is Origin.LIVE and response.status in REDIRECTS:
            target = (response.headers.get("Location") or b"").decode("latin-1")
            if _article(response.urljoin(target)) != _article(request.url):
                accepted = request.meta.get("handle_httpstatus_list", [])
                request.meta["handle_httpstatus_list"] = [*accepted, response.status]
        return response


def _article(url: str) -> str:
    address = parse_address(url)
    return url if address is None else address.url
