"""Follows a redirect of an article only to the same article, and never into a trap.

Any other redirect (to the home page, to another host) is captured under the requested URL and not
followed, so that no host is asked without permission.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urldefrag, urlsplit

from scrapy.exceptions import IgnoreRequest

from scraper.crawl.mementos import canonical_url, leads_to_same_page
from scraper.crawl.origins import COPY, ORIGIN, accept_status, header, is_archived
from scraper.crawl.robots import is_robots_request
from scraper.model import Origin
from scraper.reference import read_table

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

REDIRECTS = {301, 302, 303, 307, 308}


class UnusableRedirectError(IgnoreRequest):
    """A redirect has no target, or one on a host that may not be asked; the message says which."""


class KeepForeignRedirects:
    """A downloader middleware that keeps Scrapy from following a redirect it should not.

    Args:
        may_ask: names of the hosts that may be asked; None for any.
    """

    def __init__(self, may_ask: frozenset[str] | None = None) -> None:
        self.may_ask = may_ask

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the allowed hosts from the spider."""
        spider: Any = crawler.spider
        return cls(getattr(spider, "allowed_hosts", None))

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass a response on; mark a redirect that must not be followed.

        Raises:
            UnusableRedirectError: it has no target, or a listing has moved to another host.
        """
        if response.status not in REDIRECTS:
            return response
        if _leads_away(request, response) or trap_reason(request, response):
            accept_status(request, response)
        elif not (is_robots_request(request) or is_archived(request, response)):
            self._check(request, response)
        return response

    def _check(self, request: Request, response: Response) -> None:
        if not header(response, "Location").strip():
            raise UnusableRedirectError(f"HTTP {response.status} without a Location header")
        host = urlsplit(_target(response)).hostname
        is_listing = request.meta.get(ORIGIN) is None
        if is_listing and self.may_ask is not None and host not in self.may_ask:
            raise UnusableRedirectError(
                f"HTTP {response.status} to {host}, which is not an allowed host"
            )


def trap_reason(request: Request, response: Response) -> str | None:
    """Return why a redirect is a trap, in one sentence; None if it is not.

    A trap leads in a circle, like a bot check that sets a cookie, or to a page for people: a login,
    a consent, a captive portal (``challenge_redirects.csv``).
    """
    if response.status not in REDIRECTS or not header(response, "Location").strip():
        return None
    visited = [*request.meta.get("redirect_urls", []), request.url]
    target = _target(response)
    if target in visited:
        return f"expected a page, found a redirect in a circle ({' -> '.join([*visited, target])})"
    try:
        parts = urlsplit(target)
    except ValueError:
        return f"expected a page, found a redirect to an invalid address ({target})"
    where = f"{parts.hostname}{parts.path}"
    meaning = next((meaning for meaning, path in _traps() if path.search(where)), None)
    return meaning and f"expected a page, found a redirect to {meaning} ({target})"


def _leads_away(request: Request, response: Response) -> bool:
    origin = request.meta.get(ORIGIN)
    if origin is None:
        return False
    if origin is Origin.LIVE:
        has_target = bool(header(response, "Location").strip())
        target, asked = (canonical_url(url) or url for url in (_target(response), request.url))
        return has_target and target != asked
    return not leads_to_same_page(response, request.meta.get(COPY))


def _target(response: Response) -> str:
    location = header(response, "Location").strip()
    try:
        return urldefrag(response.urljoin(location)).url
    except ValueError:  # such as http://[
        return location


@cache
def _traps() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_table("challenge_redirects.csv")
    return tuple((row["meaning"], re.compile(row["target"], re.IGNORECASE)) for row in rows)
