"""What a page in the browser may ask for: the scripts and the data of its own site, nothing else.

A page is hostile until shown otherwise. Each of its requests is answered here: with the shell that
is there already, with a script of an earlier page, by the site, or not at all. Knows requests;
what the page makes of the answers is ``visit``'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from scrapy.exceptions import IgnoreRequest

from scraper.crawl.gate import NotAskedError
from scraper.crawl.permission import is_loopback
from scraper.crawl.render import SHELL
from scraper.sources import site_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Page, Route
    from playwright.async_api import Request as Asked
    from playwright.async_api import Response as Answer
    from scrapy import Request

NEEDED = {"script", "xhr", "fetch"}
EVERYTHING = "**/*"


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

    async def keep(self, answer: Answer) -> None:
        """Remember a script, if its server lets us."""
        if answer.url in self._kept or self.STALE.search(answer.headers.get("cache-control", "")):
            return
        body = await answer.body()
        if len(body) <= self._room:
            self._room -= len(body)
            self._kept[answer.url] = (answer.headers.get("content-type", "text/javascript"), body)


@dataclass(frozen=True)
class Rules:
    """What holds for all pages of a run.

    Attributes:
        most: requests that one page may send to the site.
        refusals: HTTP statuses that a script may be answered in its page's stead: the server is
            out of order, asks for patience, or to be left alone.
        robots: returns for an address that may be asked, raises ``IgnoreRequest`` for others.
        scripts: what earlier pages have loaded.
    """

    most: int
    refusals: frozenset[int]
    robots: Callable[[str], Awaitable[None]]
    scripts: Scripts


class Fence:
    """Stands around one page.

    Args:
        request: whose answer was the shell.
        rules: what holds for all pages.
        end: has the visit end, for a reason.

    Attributes:
        asked: how many requests the page has sent to the site.
        open: what it has asked for and not been given yet.
        refusal: the first answer that would have ended the page, too.
        barred: why it was not let out to ask what it needs.
        failed: which request failed, and how.
    """

    def __init__(self, request: Request, rules: Rules, end: Callable[[str], None]) -> None:
        self._page_url, self._shell = request.url, request.meta[SHELL]
        self._rules, self._end = rules, end
        self._is_loaded = False
        self._new_scripts: list[Answer] = []
        self.asked = 0
        self.open: set[Asked] = set()
        self.refusal: Answer | None = None
        self.barred: IgnoreRequest | None = None
        self.failed: str | None = None
        self._listeners: dict[Any, Callable[[Any], None]] = {
            "request": self._sent,
            "response": self._answered,
            "requestfinished": self._finished,
            "requestfailed": self._broken,
        }

    async def close_around(self, page: Page) -> None:
        """Stand around a tab, before its page asks for anything."""
        for event, heard in self._listeners.items():
            page.on(event, heard)
        await page.route(EVERYTHING, self._answer)

    async def open_again(self, page: Page) -> None:
        """Leave the tab."""
        for event, heard in self._listeners.items():
            page.remove_listener(event, heard)
        await page.unroute(EVERYTHING, self._answer)

    async def keep_scripts(self) -> None:
        """Remember what the page has loaded for the pages after it."""
        for answer in self._new_scripts:
            await self._rules.scripts.keep(answer)

    async def _answer(self, route: Route) -> None:
        """Answer a request, or let it out to the site, or not."""
        asked = route.request
        try:
            if asked.is_navigation_request():
                await self._navigate(route, asked)
            elif asked.resource_type == "stylesheet":
                # Not refused: bundlers stop a page whose style sheet does not come.
                await route.fulfill(body="", content_type="text/css")
            elif known := self._rules.scripts.get(asked.url):
                await route.fulfill(content_type=known[0], body=known[1])
            elif await self._may_ask(asked) and self._count():
                await route.continue_()
            else:
                await route.abort("blockedbyclient")
        except PlaywrightError as error:
            self.failed = f"{asked.url}: {error.message}"  # mostly: the page is gone meanwhile

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

    async def _may_ask(self, asked: Asked) -> bool:
        if asked.resource_type not in NEEDED or asked.method != "GET":
            return False
        if not is_own(asked.url, self._page_url):
            return False
        try:
            await self._rules.robots(asked.url)
        except NotAskedError as error:
            self.barred = error
        except IgnoreRequest as error:
            # Of its own kind, such as ForbiddenError: what robots.txt forbids is not owed.
            self.barred = type(error)(f"{error}: {asked.url}, which {self._page_url} needs")
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

    def _sent(self, asked: Asked) -> None:
        self.open.add(asked)
        # What a redirect leads to does not come by _answer; other hosts have no address here.
        if asked.redirected_from is not None and is_own(asked.url, self._page_url):
            self._count()

    def _answered(self, answer: Answer) -> None:
        kind = answer.request.resource_type
        if kind in NEEDED and answer.status in self._rules.refusals:
            self.refusal = self.refusal or answer
        elif kind == "script" and answer.ok:
            self._new_scripts.append(answer)

    def _finished(self, asked: Asked) -> None:
        self.open.discard(asked)

    def _broken(self, asked: Asked) -> None:
        self._finished(asked)
        if asked.resource_type in NEEDED and "BLOCKED_BY_CLIENT" not in (asked.failure or ""):
            self.failed = f"{asked.url}: {asked.failure}"
