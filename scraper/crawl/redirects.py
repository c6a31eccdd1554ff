"""Follows a redirect of an article's page only to the same article, and none that is a trap.

Anything else (to the home page, to another host) is an answer in its own right: it is captured as
it came, under the address that was asked for, and no host is asked that nobody has allowed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urldefrag, urlsplit

from scrapy.exceptions import IgnoreRequest

from scraper.crawl.mementos import is_followed
from scraper.crawl.origins import COPY, ORIGIN, header, is_archived
from scraper.crawl.robots import asks_for_rules
from scraper.model import Origin
from scraper.reference import read_table
from scraper.sources import parse_address

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

REDIRECTS = {301, 302, 303, 307, 308}


class UnusableRedirectError(IgnoreRequest):
    """A redirect leads nowhere, or to a host that is not asked; the message says which."""


class KeepForeignRedirects:
    """Stands before Scrapy's own redirection and takes from it what it should not follow.

    Args:
        may_ask: names of the hosts that may be asked; None for any.
    """

    def __init__(self, may_ask: frozenset[str] | None = None) -> None:
        self.may_ask = may_ask

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Learn from the spider which hosts may be asked."""
        spider: Any = crawler.spider
        return cls(getattr(spider, "allowed_hosts", None))

    def process_response(self, request: Request, response: Response) -> Response:
        """Hand the answer on; mark a redirect that leads away from the article, or nowhere.

        Raises:
            UnusableRedirectError: it names no address, or a listing has moved to another host.
        """
        if response.status not in REDIRECTS:
            return response
        if _leads_away(request, response) or trap(request, response):
            accepted = request.meta.get("handle_httpstatus_list", [])
            request.meta["handle_httpstatus_list"] = [*accepted, response.status]
        elif not (asks_for_rules(request) or is_archived(request, response)):
            self._check(request, response)
        return response

    def _check(self, request: Request, response: Response) -> None:
        if not header(response, "Location").strip():
            raise UnusableRedirectError(f"HTTP {response.status} without an address to go to")
        host = urlsplit(_target(response)).hostname
        if (
            request.meta.get(ORIGIN) is None
            and self.may_ask is not None
            and host not in self.may_ask
        ):
            raise UnusableRedirectError(f"HTTP {response.status} to {host}, which is not asked")


def trap(request: Request, response: Response) -> str | None:
    """Return why a redirect must not be followed by anybody, in one sentence; None if it may be.

    It leads in a circle, as bot checks do that want a cookie back, or to a page for people: a
    login, a consent, a captive portal (``challenge_redirects.csv``).
    """
    if response.status not in REDIRECTS or not header(response, "Location").strip():
        return None
    way = [*request.meta.get("redirect_urls", []), request.url]
    target = _target(response)
    if target in way:
        return f"expected a page, found a redirect in a circle ({' -> '.join([*way, target])})"
    try:
        parts = urlsplit(target)
    except ValueError:
        return f"expected a page, found a redirect to what is no address ({target})"
    where = f"{parts.hostname}{parts.path}"
    meaning = next((meaning for meaning, path in _traps() if path.search(where)), None)
    return meaning and f"expected a page, found a redirect to {meaning} ({target})"


def _leads_away(request: Request, response: Response) -> bool:
    origin = request.meta.get(ORIGIN)
    if origin is None:
        return False
    if origin is Origin.LIVE:
        named = bool(header(response, "Location").strip())
        return named and _article(_target(response)) != _article(request.url)
    return not is_followed(response, request.meta.get(COPY))


def _target(response: Response) -> str:
    location = header(response, "Location").strip()
    try:
        return urldefrag(response.urljoin(location)).url
    except ValueError:  # such as http://[
        return location


def _article(url: str) -> str:
    address = parse_address(url)
    return url if address is None else address.url


@cache
def _traps() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_table("challenge_redirects.csv")
    return tuple((row["meaning"], re.compile(row["target"], re.IGNORECASE)) for row in rows)
