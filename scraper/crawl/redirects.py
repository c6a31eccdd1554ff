"""Follows a redirect of an article's page only to the same article, and none that is a trap.

Anything else (to the home page, to another host) is an answer in its own right: it is captured as
it came, under the address that was asked for, and no host is asked that nobody has allowed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from scraper.crawl.lanes import LANE, header
from scraper.model import Origin
from scraper.reference import read_table
from scraper.sources import parse_address

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

REDIRECTS = {301, 302, 303, 307, 308}


class KeepForeignRedirects:
    """Stands before Scrapy's own redirection and takes from it what it should not follow."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Hand the answer on; mark a redirect that leads away from the article, or nowhere."""
        if response.status in REDIRECTS and (
            _leads_away(request, response) or trap(request, response)
        ):
            accepted = request.meta.get("handle_httpstatus_list", [])
            request.meta["handle_httpstatus_list"] = [*accepted, response.status]
        return response


def trap(request: Request, response: Response) -> str | None:
    """Return why a redirect must not be followed by anybody, in one sentence; None if it may be.

    It leads in a circle, as bot checks do that want a cookie back, or to a page for people: a
    login, a consent, a captive portal (``challenge_redirects.csv``).
    """
    if response.status not in REDIRECTS:
        return None
    way = [*request.meta.get("redirect_urls", []), request.url]
    target = _target(response)
    if target in way:
        return f"expected a page, found a redirect in a circle ({' -> '.join([*way, target])})"
    parts = urlsplit(target)
    where = f"{parts.hostname}{parts.path}"
    meaning = next((meaning for meaning, path in _traps() if path.search(where)), None)
    return meaning and f"expected a page, found a redirect to {meaning} ({target})"


def _leads_away(request: Request, response: Response) -> bool:
    is_article = request.meta.get(LANE) is Origin.LIVE
    return is_article and _article(_target(response)) != _article(request.url)


def _target(response: Response) -> str:
    return urldefrag(response.urljoin(header(response, "Location"))).url


def _article(url: str) -> str:
    address = parse_address(url)
    return url if address is None else address.url


@cache
def _traps() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_table("challenge_redirects.csv")
    return tuple((row["meaning"], re.compile(row["target"], re.IGNORECASE)) for row in rows)
