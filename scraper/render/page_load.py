"""Loads a shell in a browser tab and decides when it is rendered, or never will be."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from scrapy.http import HtmlResponse, Response

from scraper.crawl.origins import RENDERED
from scraper.pages.news.boilerplate import statement
from scraper.pages.news.markers import has_date_line
from scraper.render.request_filter import RequestFilter
from scraper.render.shell import SHELL, RenderError

if TYPE_CHECKING:
    from playwright.async_api import Page
    from scrapy import Request

    from scraper.render.request_filter import RequestPolicy

POLL_INTERVAL = 0.05  # seconds
# Seconds without a change after which a page is done:
QUIET_WITH_TEXT = 1.0  # it has its text, but a request is still open
QUIET_WITH_STATEMENT = 0.5  # it says that there is no such article
QUIET_WITHOUT_TEXT = 2.0  # it has neither
# Returns the fields of PageState.
READ_STATE = r"""maxSize => {
    const size = document.documentElement?.outerHTML.length ?? 0;
    if (size > maxSize || !document.body) return [size, false, ""];
    const lists = [...document.links].some(link => /\/(th|en)\/news\/\d/.test(link.href));
    return [size, lists, document.body.innerText];
}"""


class PageState(NamedTuple):
    """The state of a page at a moment.

    Attributes:
        size: characters of its HTML.
        links_articles: whether it links to articles, as a rendered listing does.
        text: its visible text.
    """

    size: int
    links_articles: bool
    text: str


class PageLoad:
    """The loading of one shell.

    Args:
        request: of the shell.
        policy: limits the requests of the page.
        seconds: that its scripts may take.
        max_size: characters of HTML that it may have.

    Attributes:
        tab: set by ``begin``.
        filter: answers the requests of the page.
        error: why the page must be closed early, None if it need not.
    """

    tab: Page

    def __init__(
        self, request: Request, policy: RequestPolicy, seconds: float, max_size: int
    ) -> None:
        self.url, self.is_article = request.url, request.meta[SHELL].is_article
        self.seconds, self.max_size = seconds, max_size
        self.filter = RequestFilter(request, policy, self.fail)
        self.error: RenderError | None = None

    async def begin(self, tab: Page) -> None:
        """Watch a tab and attach the filter, before the page sends a request."""
        tab.on("crash", lambda _: self.fail("it crashed, or needs more memory than allowed"))
        tab.on("popup", lambda _: self.fail("it opens another window"))
        await self.filter.attach(tab)
        self.tab = tab

    def fail(self, reason: str) -> None:
        """Set the error, unless there is one."""
        self.error = self.error or RenderError(reason)

    async def result(self) -> Response:
        """Return the rendered page, or the refusal that its scripts got instead of its text.

        Raises:
            IgnoreRequest: robots.txt forbids a URL that its scripts need.
            RenderError: it has no text, because a request failed or was not answered.
        """
        state = await self._wait_until_done()
        requests = self.filter
        if not self._has_text(state):
            if requests.forbidden:
                raise requests.forbidden
            if requests.refusal:
                requests.sent -= 1  # Scrapy counts it when it returns from here
                return _as_page(requests.refusal)
            if requests.failure:
                raise RenderError(requests.failure)
            if requests.open:
                url = next(iter(requests.open)).url
                raise RenderError(f"after {self.seconds:g} s it still waited for {url}")
        html = await self.tab.content()
        return HtmlResponse(
            self.url,
            headers={"Content-Type": "text/html; charset=utf-8"},
            body=html.encode("utf-8", "replace"),  # scripts can write half a surrogate pair
            encoding="utf-8",
            flags=[RENDERED],
        )

    async def _wait_until_done(self) -> PageState:
        """Wait until the page has stopped changing, or its time is over."""
        clock = asyncio.get_running_loop().time
        begun = changed = clock()
        state = await self._read_state()
        while clock() - begun < self.seconds:
            await asyncio.sleep(POLL_INTERVAL)
            before, state = state, await self._read_state()
            if state != before:
                changed = clock()
            elif clock() - changed >= self._quiet_seconds(state):
                break
        return state

    def _quiet_seconds(self, state: PageState) -> float:
        """Return for how many seconds a page must not change to count as done."""
        if self._has_text(state):
            return QUIET_WITH_TEXT if self.filter.open else POLL_INTERVAL
        if self.filter.open:
            return self.seconds
        return QUIET_WITH_STATEMENT if statement(state.text.split("\n")) else QUIET_WITHOUT_TEXT

    def _has_text(self, state: PageState) -> bool:
        return has_date_line(state.text) if self.is_article else state.links_articles

    async def _read_state(self) -> PageState:
        state = PageState(*await self.tab.evaluate(READ_STATE, self.max_size))
        if state.size > self.max_size:
            raise RenderError(f"it grew to {state.size:,} characters")
        return state


def _as_page(answer: Response) -> Response:
    """Return the response to a script as the page's, so that Scrapy backs off or retries."""
    headers, url = answer.headers, answer.url
    return HtmlResponse(url, status=answer.status, headers=headers, body=answer.body)
