"""One page in the browser, from its shell to its text: when it is done, and when it never will be.

Knows the page; what it may ask for is ``fence``'s, starting and ending browsers ``browser``'s.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from scrapy.http import HtmlResponse, Response

from scraper.crawl.origins import RENDERED
from scraper.pages.news.boilerplate import statement
from scraper.pages.news.markers import has_date_line
from scraper.render.middleware import SHELL
from scraper.render.request_filter import RequestFilter

if TYPE_CHECKING:
    from playwright.async_api import Page
    from scrapy import Request

    from scraper.render.request_filter import Rules

LOOK = 0.05  # seconds from one look at the page to the next
# Seconds without a change after which a page is done: with its text, though a request of it is
# still open; with a sentence that there is none; with nothing, which will not come any more.
STILL, STATED, GIVEN_UP = 1.0, 0.5, 2.0
# How many characters of HTML there are, whether articles are linked, and what a reader sees.
SEEN = r"""most => {
    const size = document.documentElement?.outerHTML.length ?? 0;
    if (size > most || !document.body) return [size, false, ""];
    const lists = [...document.links].some(link => /\/(th|en)\/news\/\d/.test(link.href));
    return [size, lists, document.body.innerText];
}"""


class RenderError(Exception):
    """A page could not be rendered. Its original is kept.

    Args:
        reason: why, as the end of a sentence.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"The page was not rendered: {reason}")


class Look(NamedTuple):
    """What is seen of a page at a moment.

    Attributes:
        size: characters of its HTML.
        lists: whether it links to articles, which is what a listing is read for.
        text: what a reader sees.
    """

    size: int
    lists: bool
    text: str


class Visit:
    """The visit of one shell.

    Args:
        request: whose answer was the shell.
        rules: what it may ask for.
        seconds: that its scripts may take.
        largest: characters of HTML that it may have.

    Attributes:
        page: the tab it is in, once it has begun.
        fault: why it has to end, though nothing of it has failed.
    """

    page: Page

    def __init__(self, request: Request, rules: Rules, seconds: float, largest: int) -> None:
        self.url, self.is_article = request.url, request.meta[SHELL].is_article
        self.seconds, self.largest = seconds, largest
        self.fence = RequestFilter(request, rules, self.end)
        self.fault: RenderError | None = None

    async def begin(self, page: Page) -> None:
        """Take charge of a tab before the page asks for anything."""
        page.on("crash", self._crashed)
        page.on("popup", self._popped_up)
        await self.fence.attach(page)
        self.page = page

    def end(self, reason: str) -> None:
        """Have the visit end for a reason; the first one is told."""
        self.fault = self.fault or RenderError(reason)

    def _crashed(self, _page: Page) -> None:
        self.end("it crashed, or needs more memory than it may have")

    def _popped_up(self, _page: Page) -> None:
        self.end("it opens another window")

    async def result(self) -> Response:
        """Return the rendered page; or, where a script was refused its text, that refusal.

        Raises:
            IgnoreRequest: robots.txt forbids what its scripts need.
            RenderError: it came to no text, through no answer of the site.
        """
        look = await self._done()
        if not self._has_text(look):
            if self.fence.barred:
                raise self.fence.barred
            if self.fence.refusal:
                self.fence.asked -= 1  # counted when it arrives
                return _as_pages(self.fence.refusal)
            if self.fence.failed:
                raise RenderError(self.fence.failed)
            if self.fence.open:
                waited_for = next(iter(self.fence.open)).url
                raise RenderError(f"after {self.seconds:g} s it still waited for {waited_for}")
        html = await self.page.content()
        return HtmlResponse(
            self.url,
            headers={"Content-Type": "text/html; charset=utf-8"},
            body=html.encode("utf-8", "replace"),  # scripts can write half a surrogate pair
            encoding="utf-8",
            flags=[RENDERED],
        )

    async def _done(self) -> Look:
        """Wait until nothing more is to be expected of the page, or its time is over."""
        clock = asyncio.get_running_loop().time
        begun = changed = clock()
        look = await self._look()
        while clock() - begun < self.seconds:
            await asyncio.sleep(LOOK)
            before, look = look, await self._look()
            if look != before:
                changed = clock()
            elif clock() - changed >= self._patience(look):
                break
        return look

    def _patience(self, look: Look) -> float:
        """Return for how many seconds a page must not change before it is taken for done."""
        if self._has_text(look):
            return STILL if self.fence.open else LOOK
        if self.fence.open:
            return self.seconds
        return STATED if statement(look.text.split("\n")) else GIVEN_UP

    def _has_text(self, look: Look) -> bool:
        return has_date_line(look.text) if self.is_article else look.lists

    async def _look(self) -> Look:
        look = Look(*await self.page.evaluate(SEEN, self.largest))
        if look.size > self.largest:
            raise RenderError(f"it grew to {look.size:,} characters")
        return look


def _as_pages(answer: Response) -> Response:
    """Return what a script was told as if the page had been: who asks for patience is obeyed."""
    headers, url = answer.headers, answer.url
    return HtmlResponse(url, status=answer.status, headers=headers, body=answer.body)
