"""What a page in the browser may ask for: the scripts and the data of its own site, nothing else.

A page is hostile until shown otherwise. Chromium has no way to the network (``browser``): each
request is answered here, with the shell that is there already, with a script of an earlier page,
with what ``client`` fetches from the site, or not at all. A request that passes this by, such
as one of a shared worker, therefore fails. Knows requests; what the page makes of the answers is
``visit``'s.
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
from scraper.crawl.shutdown import NotAskedError
from scraper.render.middleware import SHELL
from scraper.sources import site_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Page, Route
    from playwright.async_api import Request as Asked
    from scrapy import Request
    from scrapy.http import Response

    from scraper.render.client import Client

NEEDED = {"script", "xhr", "fetch"}
EVERYTHING = "**/*"
AT_ONCE = 6  # requests of one page under way together, as many as a browser sends to one host
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5
# Of an answer as it travelled; the browser is given its bytes decoded and in one piece.
OF_THE_CONNECTION = {"connection", "content-encoding", "content-length", "transfer-encoding"}


def is_own(url: str, page: str) -> bool:
    """Whether an address is on a page's own site: its domains and all hosts under them.

    On loopback it is the very host and port, since other servers there are nobody's business.
    """
    asked, own = urlsplit(url), urlsplit(page)
    if is_loopback(page):
        return asked[:2] == own[:2]
    site, host = site_of(page), asked.hostname or ""
    return asked.scheme in {"http", "https"} and any(
        host == domain or host.endswith(f".{domain}") for domain in (site.hosts if site else ())
    )


class Scripts:
    """The scripts that pages of a run have loaded: the site is asked for each once a run."""

    LARGEST = 32 * 1024 * 1024  # bytes of all together
    STALE = re.compile(r"no-store|no-cache|max-age=0\b")

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, bytes]] = {}  # type and bytes by address
        self._room = self.LARGEST

    def get(self, url: str) -> tuple[str, bytes] | None:
        """Return media type and bytes of a script, None where the site has to be asked."""
        return self._kept.get(url)

    def keep(self, url: str, answer: Response) -> None:
        """Remember a script, if its server lets us."""
        if url in self._kept or self.STALE.search(header(answer, "Cache-Control")):
            return
        if len(answer.body) <= self._room:
            self._room -= len(answer.body)
            content_type = header(answer, "Content-Type") or "text/javascript"
            self._kept[url] = (content_type, answer.body)


@dataclass(frozen=True)
class Rules:
    """What holds for all pages of a run.

    Attributes:
        most: requests that one page may send to the site.
        largest: bytes of all that one page is given.
        refusals: HTTP statuses that a script may be answered in its page's stead: the server is
            out of order, asks for patience, or to be left alone.
        client: knows robots.txt and fetches.
        scripts: what earlier pages have loaded.
    """

    most: int
    largest: int
    refusals: frozenset[int]
    client: Client
    scripts: Scripts


class RequestFilter:
    """Stands around one page.

    Args:
        request: whose answer was the shell.
        rules: what holds for all pages.
        end: has the visit end, for a reason.

    Attributes:
        asked: how many requests were sent to the site for the page.
        open: what it has asked for and not been given yet.
        refusal: the first answer that would have ended the page, too.
        barred: why it was not let out to ask what it needs.
        failed: which request failed first, and how.
    """

    _page: Page

    def __init__(self, request: Request, rules: Rules, end: Callable[[str], None]) -> None:
        self._page_url, self._shell = request.url, request.meta[SHELL]
        self._rules, self._end = rules, end
        self._is_loaded = False
        self._bytes = 0
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[Response | None]] = set()
        self.asked = 0
        self.open: set[Asked] = set()
        self.refusal: Response | None = None
        self.barred: IgnoreRequest | None = None
        self.failed: str | None = None

    async def attach(self, page: Page) -> None:
        """Stand around a tab, before its page asks for anything."""
        self._page = page
        page.on("request", self._sent)
        page.on("requestfinished", self._finished)
        page.on("requestfailed", self._broken)
        await page.route(EVERYTHING, self._answer)

    def give_up(self) -> None:
        """Wait for no answer of the site any more; the page is over."""
        for task in self._under_way:
            task.cancel()

    async def _answer(self, route: Route) -> None:
        """Answer a request, or have it answered by the site, or not."""
        asked = route.request
        try:
            if asked.is_navigation_request():
                await self._navigate(route, asked)
            elif asked.resource_type == "stylesheet":
                # Not refused: bundlers stop a page whose style sheet does not come.
                await route.fulfill(body="", content_type="text/css")
            elif known := self._rules.scripts.get(asked.url):
                await route.fulfill(content_type=known[0], body=known[1])
            elif answer := await self._of_the_site(asked):
                await route.fulfill(
                    status=answer.status, headers=_headers(answer), body=answer.body
                )
            else:
                await route.abort("blockedbyclient")
        except PlaywrightError as error:
            self._fail(f"{asked.url}: {error.message}")  # mostly: the page is gone meanwhile

    async def _navigate(self, route: Route, asked: Asked) -> None:
        """Give the page the answer that the site has given already; let it go nowhere else."""
        if not self._is_loaded:
            self._is_loaded = True
            # Without its other headers: the browser shall report to nobody and refresh nothing.
            await route.fulfill(content_type=self._shell.content_type, body=self._shell.body)
            return
        if asked.frame.parent_frame is None:
            self._end(f"it leads its readers on to {asked.url}")
        await route.abort("blockedbyclient")

    async def _of_the_site(self, asked: Asked) -> Response | None:
        """Return what the site answers to a request; None if it is not to be asked, or fails."""
        if asked.resource_type not in NEEDED or asked.method != "GET":
            return None
        task = asyncio.ensure_future(self._get(asked))
        self._under_way.add(task)
        await asyncio.wait({task})
        self._under_way.discard(task)
        if task.cancelled():
            return None
        if error := task.exception():
            self._fail(f"{asked.url}: {explain(error)}")
            return None
        answer = task.result()
        if answer is not None:
            self._note(asked, answer)
        return answer

    async def _get(self, asked: Asked) -> Response | None:
        """Fetch an address and follow where it leads, each hop under the same rules."""
        url = asked.url
        for _ in range(MOST_REDIRECTS + 1):
            if not await self._may_ask(url):
                return None
            async with self._turn:
                if not self._count():
                    return None
                answer = await self._rules.client.get(url, asked.headers, await self._cookies(url))
            target = header(answer, "Location")
            if answer.status not in REDIRECTS or not target:
                return answer
            url = urljoin(url, target)
        raise IgnoreRequest(f"more than {MOST_REDIRECTS} redirects")

    async def _cookies(self, url: str) -> str:
        """Return the cookies that the page has for an address, as a header has them."""
        found = await self._page.context.cookies(url)
        return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in found)

    async def _may_ask(self, url: str) -> bool:
        if not is_own(url, self._page_url):
            return False
        try:
            await self._rules.client.obey_robots(url)
        except NotAskedError as error:
            self.barred = error
        except IgnoreRequest as error:
            # Of its own kind, such as ForbiddenError: what robots.txt forbids is not owed.
            self.barred = type(error)(f"{error}: {url}, which {self._page_url} needs")
        else:
            return True
        return False

    def _count(self) -> bool:
        """Count a request, unless it is one too many."""
        if self.asked == self._rules.most:
            self._end(f"it asks for more than {self._rules.most} things")
            return False
        self.asked += 1
        return True

    def _note(self, asked: Asked, answer: Response) -> None:
        self._bytes += len(answer.body)
        if self._bytes > self._rules.largest:
            self._end(f"its scripts and data have more than {self._rules.largest:,} bytes")
        if answer.status in self._rules.refusals:
            self.refusal = self.refusal or answer
        elif asked.resource_type == "script" and 200 <= answer.status < 300:
            self._rules.scripts.keep(asked.url, answer)

    def _sent(self, asked: Asked) -> None:
        self.open.add(asked)

    def _finished(self, asked: Asked) -> None:
        self.open.discard(asked)

    def _broken(self, asked: Asked) -> None:
        self._finished(asked)
        if asked.resource_type in NEEDED and "BLOCKED_BY_CLIENT" not in (asked.failure or ""):
            self._fail(f"{asked.url}: {asked.failure}")

    def _fail(self, reason: str) -> None:
        self.failed = self.failed or reason


def _headers(answer: Response) -> dict[str, str]:
    """Return the headers of an answer as Playwright takes them."""
    headers = {}
    for name, values in answer.headers.items():
        key = name.decode("latin-1").lower()
        if key not in OF_THE_CONNECTION:
            mark = "\n" if key == "set-cookie" else ", "
            headers[key] = mark.join(value.decode("latin-1") for value in values)
    return headers
