"""Answers the requests of a page in the browser: scripts and data of its own site, nothing else.

Pages are taken for hostile. Chromium has no network access (``browser``), so a request is answered
here: with the shell, with a cached script, with a response that ``client`` fetches, or not at all.
A request that bypasses this module, such as one of a shared worker, therefore fails.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from playwright.async_api import Error as PlaywrightError
from scrapy.exceptions import IgnoreRequest

from scraper.crawl.faults import explain
from scraper.crawl.origins import header
from scraper.crawl.permission import is_loopback
from scraper.crawl.redirects import REDIRECTS
from scraper.crawl.shutdown import NotAskedError
from scraper.render.shell import SHELL
from scraper.sources import site_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Page, Route
    from playwright.async_api import Request as BrowserRequest
    from scrapy import Request
    from scrapy.http import Response

    from scraper.render.client import Client

ALLOWED_TYPES = {"script", "xhr", "fetch"}
ALL_URLS = "**/*"
CONCURRENT = 6  # requests of a page, as many as a browser sends to one host
MAX_REDIRECTS = 5
# Not passed on: the browser gets the body decoded and in one piece.
TRANSFER_HEADERS = {"connection", "content-encoding", "content-length", "transfer-encoding"}


def is_same_site(url: str, page: str) -> bool:
    """Return whether a URL is on the site of a page: its domains and their subdomains.

    On loopback scheme, host and port must be equal, since other servers there are not ours to ask.
    """
    parts = urlsplit(url)
    if is_loopback(page):
        return parts[:2] == urlsplit(page)[:2]
    site, host = site_of(page), parts.hostname or ""
    return parts.scheme in {"http", "https"} and any(
        host == domain or host.endswith(f".{domain}") for domain in (site.hosts if site else ())
    )


class ScriptCache:
    """The scripts that the pages of a run have loaded, so that each is fetched once a run."""

    MAX_BYTES = 32 * 1024 * 1024  # of all scripts
    UNCACHEABLE = re.compile(r"no-store|no-cache|max-age=0\b")

    def __init__(self) -> None:
        self._scripts: dict[str, tuple[str, bytes]] = {}  # media type and body by URL
        self._free = self.MAX_BYTES

    def get(self, url: str) -> tuple[str, bytes] | None:
        """Return media type and body of a script, None if it is not cached."""
        return self._scripts.get(url)

    def add(self, url: str, answer: Response) -> None:
        """Cache a script, if there is room and its ``Cache-Control`` allows it."""
        if url in self._scripts or self.UNCACHEABLE.search(header(answer, "Cache-Control")):
            return
        if len(answer.body) <= self._free:
            self._free -= len(answer.body)
            content_type = header(answer, "Content-Type") or "text/javascript"
            self._scripts[url] = (content_type, answer.body)


@dataclass(frozen=True)
class RequestPolicy:
    """Limits and resources shared by all pages of a run.

    Attributes:
        max_requests: that a page may send to the site.
        max_bytes: of all responses to a page.
        refusals: HTTP statuses that count as the page's own answer if a script gets them: errors
            of the server, 429, 401, 403.
        client: checks robots.txt and fetches.
        scripts: loaded by earlier pages.
    """

    max_requests: int
    max_bytes: int
    refusals: frozenset[int]
    client: Client
    scripts: ScriptCache


class RequestFilter:
    """Answers all requests of one page.

    Args:
        request: of the shell.
        policy: shared by all pages.
        fail: closes the page for a reason.

    Attributes:
        sent: how many requests were sent to the site for the page.
        open: requests of the page that have no answer yet.
        refusal: the first response with a status in ``policy.refusals``.
        forbidden: why a URL that the page needs was not requested.
        failure: the URL of the first request that failed, and why.
    """

    _tab: Page

    def __init__(
        self, request: Request, policy: RequestPolicy, fail: Callable[[str], None]
    ) -> None:
        self._page_url, self._shell = request.url, request.meta[SHELL]
        self._policy, self._fail_page = policy, fail
        self._is_loaded = False
        self._bytes = 0
        self._slots = asyncio.Semaphore(CONCURRENT)
        self._fetches: set[asyncio.Task[Response | None]] = set()
        self.sent = 0
        self.open: set[BrowserRequest] = set()
        self.refusal: Response | None = None
        self.forbidden: IgnoreRequest | None = None
        self.failure: str | None = None

    async def attach(self, tab: Page) -> None:
        """Route all requests of a tab to this filter, before its page sends one."""
        self._tab = tab
        tab.on("request", self._note_open)
        tab.on("requestfinished", self._note_done)
        tab.on("requestfailed", self._note_failed)
        await tab.route(ALL_URLS, self._answer)

    def cancel_pending(self) -> None:
        """Cancel the fetches in progress when the page is closed."""
        for task in self._fetches:
            task.cancel()

    async def _answer(self, route: Route) -> None:
        request = route.request
        try:
            if request.is_navigation_request():
                await self._navigate(route, request)
            elif request.resource_type == "stylesheet":
                # Not refused: bundlers stop a page whose style sheet fails to load.
                await route.fulfill(body="", content_type="text/css")
            elif cached := self._policy.scripts.get(request.url):
                await route.fulfill(content_type=cached[0], body=cached[1])
            elif answer := await self._fetch(request):
                headers = _playwright_headers(answer)
                await route.fulfill(status=answer.status, headers=headers, body=answer.body)
            else:
                await route.abort("blockedbyclient")
        except PlaywrightError as error:
            self._note_failure(request.url, error.message)  # mostly because the page was closed

    async def _navigate(self, route: Route, request: BrowserRequest) -> None:
        """Answer the first navigation with the shell, and refuse all others."""
        if not self._is_loaded:
            self._is_loaded = True
            # Without its other headers, which could make the browser send reports or refresh.
            await route.fulfill(content_type=self._shell.content_type, body=self._shell.body)
            return
        if request.frame.parent_frame is None:
            self._fail_page(f"it navigates to {request.url}")
        await route.abort("blockedbyclient")

    async def _fetch(self, request: BrowserRequest) -> Response | None:
        """Return the site's response to a request; None if it is not allowed, or fails."""
        if request.resource_type not in ALLOWED_TYPES or request.method != "GET":
            return None
        task = asyncio.ensure_future(self._get(request))
        self._fetches.add(task)
        await asyncio.wait({task})
        self._fetches.discard(task)
        if task.cancelled():
            return None
        if error := task.exception():
            self._note_failure(request.url, explain(error))
            return None
        answer = task.result()
        if answer is not None:
            self._note_answer(request, answer)
        return answer

    async def _get(self, request: BrowserRequest) -> Response | None:
        """Fetch a URL and follow its redirects, each under the same rules."""
        url = request.url
        for _ in range(MAX_REDIRECTS + 1):
            if not await self._is_allowed(url):
                return None
            async with self._slots:
                if not self._count():
                    return None
                cookies = await self._cookies(url)
                answer = await self._policy.client.get(url, request.headers, cookies)
            target = header(answer, "Location")
            if answer.status not in REDIRECTS or not target:
                return answer
            url = urljoin(url, target)
        raise IgnoreRequest(f"more than {MAX_REDIRECTS} redirects")

    async def _cookies(self, url: str) -> str:
        """Return the page's cookies for a URL as the value of a ``Cookie`` header."""
        found = await self._tab.context.cookies(url)
        return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in found)

    async def _is_allowed(self, url: str) -> bool:
        if not is_same_site(url, self._page_url):
            return False
        try:
            await self._policy.client.obey_robots(url)
        except NotAskedError as error:
            self.forbidden = error
        except IgnoreRequest as error:
            # Keep the type: after a ForbiddenError the page is not retried.
            self.forbidden = type(error)(f"{error}: {url}, which {self._page_url} needs")
        else:
            return True
        return False

    def _count(self) -> bool:
        """Count a request; return False if the page may send no more."""
        if self.sent == self._policy.max_requests:
            self._fail_page(f"it sends more than {self._policy.max_requests} requests")
            return False
        self.sent += 1
        return True

    def _note_answer(self, request: BrowserRequest, answer: Response) -> None:
        self._bytes += len(answer.body)
        if self._bytes > self._policy.max_bytes:
            self._fail_page(f"its scripts and data have more than {self._policy.max_bytes:,} bytes")
        if answer.status in self._policy.refusals:
            self.refusal = self.refusal or answer
        elif request.resource_type == "script" and 200 <= answer.status < 300:
            self._policy.scripts.add(request.url, answer)

    def _note_open(self, request: BrowserRequest) -> None:
        self.open.add(request)

    def _note_done(self, request: BrowserRequest) -> None:
        self.open.discard(request)

    def _note_failed(self, request: BrowserRequest) -> None:
        self._note_done(request)
        reason = request.failure or ""
        if request.resource_type in ALLOWED_TYPES and "BLOCKED_BY_CLIENT" not in reason:
            self._note_failure(request.url, reason)

    def _note_failure(self, url: str, reason: str) -> None:
        self.failure = self.failure or f"{url}: {reason}"


def _playwright_headers(answer: Response) -> dict[str, str]:
    """Return the headers of a response in Playwright's form."""
    headers = {}
    for name, values in answer.headers.items():
        key = name.decode("latin-1").lower()
        if key not in TRANSFER_HEADERS:
            separator = "\n" if key == "set-cookie" else ", "
            headers[key] = separator.join(value.decode("latin-1") for value in values)
    return headers
