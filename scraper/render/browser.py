"""The system's Chromium, held on a short lead by scrapy-playwright.

Started at the first shell of a run, ended with it, whatever happens in between; a page that does
not end is ended. Knows processes and their bounds; what happens in a page is ``visit``'s.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from playwright.async_api import Error as PlaywrightError
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from scraper.archive.writer import ArchiveWriter
from scraper.render.client import Client
from scraper.render.middleware import BROWSERS, INSTALL, NoBrowserError
from scraper.render.page_load import RenderError, Visit
from scraper.render.request_filter import EVERYTHING, Rules, Scripts

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from playwright.async_api import Browser as PlaywrightBrowser
    from playwright.async_api import Page
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

# It logs each page that fails with its traceback; our errors say it in a sentence.
logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)

FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--js-flags=--max-old-space-size=256",  # MB
    # No way out of the browser: everything, loopback too, goes to a proxy whose name does not
    # resolve, and no other name does. What a page may have is fetched for it (``fence``).
    "--proxy-server=http://no-way-out.invalid:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # WebRTC sends UDP past a proxy unless told not to. The second name is that of older versions.
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
# A second lock on what reaches the network otherwise than by requests, or outlives its page: taken
# away in every frame and window before a script of the page runs.
TAKEN_AWAY = """
    for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel",
                        "RTCIceTransport", "WebTransport", "SharedWorker"])
        delete globalThis[name];
"""
CONTEXT = "visit"
LOOK = 0.5  # seconds from one look at the processes to the next
PATIENCE = 5.0  # seconds for what should be done at once


def executable(settings: BaseSettings) -> str:
    """Return the path of Chromium.

    Raises:
        NoBrowserError: there is none.
    """
    named: str = settings["CHROMIUM"]
    found = next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)
    if found is None:
        called = named or " or ".join(BROWSERS)
        raise NoBrowserError(f"There is no browser called {called}. {INSTALL}")
    return found


def launch_options(settings: BaseSettings) -> dict[str, Any]:
    """Return how Chromium is started; Playwright makes an empty profile for it."""
    return {
        "executable_path": executable(settings),
        "args": list(FLAGS),
        # Chromium refuses to run as root with its sandbox; everyone else has it.
        "chromium_sandbox": os.geteuid() != 0,
        # On Ctrl-C the run ends the browser itself, after the page in hand.
        "handle_sigint": False,
    }


def context_options(settings: BaseSettings) -> dict[str, Any]:
    """Return what each page finds: who we are, and where its reader would be."""
    return {
        "user_agent": settings["USER_AGENT"],
        "extra_http_headers": {
            "Accept-Language": settings.getdict("DEFAULT_REQUEST_HEADERS")["Accept-Language"]
        },
        "locale": "th-TH",
        "timezone_id": "Asia/Bangkok",  # scripts write dates in the time zone of their reader
        "service_workers": "block",
        "accept_downloads": False,
    }


def first_line(error: Exception) -> str:
    """Return what an error of Playwright says, without its log of calls."""
    return str(error).partition("\n")[0] or "the browser does not answer"


def resident(pid: int) -> int:
    """Return the bytes of memory of a process; 0 where it has ended, and where it is no Linux."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


async def first_of(*works: Coroutine[Any, Any, Response]) -> Response:
    """Return what the first of some works comes to; the others are called off."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Browser(ScrapyPlaywrightDownloadHandler):
    """A browser for the shells of one run. Each page has a context (a profile) of its own."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self.config.launch_options = launch_options(settings)
        self.abort_request = lambda _request: True  # what no fence has answered
        self._seconds = settings.getfloat("RENDER_TIMEOUT")
        self._most_memory = settings.getint("RENDER_MAX_MEMORY")
        self._largest = settings.getint("DOWNLOAD_MAXSIZE")
        self._rules = Rules(
            most=settings.getint("RENDER_MAX_REQUESTS"),
            refusals=frozenset({401, 403, *map(int, settings.getlist("RETRY_HTTP_CODES"))}),
            largest=self._largest,
            client=Client(crawler, super().download_request),
            scripts=Scripts(),
        )
        self._context = context_options(settings)
        self._writer = crawler.get_extension(ArchiveWriter)
        self._known: PlaywrightBrowser | None = None  # the one whose processes are watched
        self._pid = 0

    @classmethod
    async def open(cls, crawler: Crawler) -> Self:
        """Start the browser.

        Raises:
            NoBrowserError: there is none, or it does not start.
        """
        browser = cls(crawler)
        await browser._launch()
        await browser._be_ready()
        return browser

    async def render(self, request: Request) -> Response:
        """Return the page that the scripts of a shell make of it.

        Raises:
            RenderError: the page could not be rendered; the message says why.
            IgnoreRequest: robots.txt forbids what its scripts need.
            NoBrowserError: the browser crashed before, and does not start any more.
        """
        await self._be_ready()
        # A part of the time is for reading the page, and for its process to be ended.
        visit = Visit(request, self._rules, 0.8 * self._seconds, self._largest)
        try:
            return await first_of(self._work(visit, request), self._watch(visit))
        except (PlaywrightError, TimeoutError) as error:
            raise visit.fault or RenderError(first_line(error)) from error
        finally:
            visit.fence.give_up()
            if self._writer is not None:
                self._writer.counts["requests"] += visit.fence.asked
            await self._clear()

    async def close(self) -> None:
        """End the browser, in peace or not."""
        try:
            async with asyncio.timeout(PATIENCE):
                await super().close()
        except (TimeoutError, PlaywrightError):
            self._kill()

    async def _be_ready(self) -> None:
        """Start Chromium where it does not run, or does not run any more."""
        try:
            await self._maybe_launch_browser()
            if self.browser is not self._known:
                self._devtools = await self.browser.new_browser_cdp_session()
                self._known = self.browser
                (self._pid,) = await self._processes("browser")
        except (PlaywrightError, TimeoutError) as error:
            await self.close()
            path = self.config.launch_options["executable_path"]
            reason = f"{path} does not start: {first_line(error)}"
            raise NoBrowserError(f"{reason}. {INSTALL}") from error

    async def _work(self, visit: Visit, request: Request) -> Response:
        """Open a page in a context of its own and wait for what it becomes."""
        meta = {
            "playwright": True,
            "playwright_include_page": True,
            "playwright_context": CONTEXT,
            "playwright_context_kwargs": dict(self._context),
            "playwright_page_init_callback": partial(self._begin, visit),
            "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": 0},
        }
        await self.download_request(request.replace(meta=meta))
        return await visit.result()

    async def _begin(self, visit: Visit, page: Page, _request: Request) -> None:
        await page.context.route(EVERYTHING, lambda route: route.abort())  # of other windows
        await page.context.add_init_script(TAKEN_AWAY)
        await visit.begin(page)

    async def _watch(self, visit: Visit) -> Response:
        """Raise what ends a visit from outside: its time, or its memory."""
        clock = asyncio.get_running_loop().time
        last = clock() + self._seconds
        while visit.fault is None:
            await asyncio.sleep(LOOK)
            if clock() > last:
                visit.end(f"it was not done after {self._seconds:g} s")
            elif await self._memory() > self._most_memory:
                visit.end(f"it needs more than {self._most_memory >> 20} MB of memory")
        raise visit.fault

    async def _memory(self) -> int:
        """Return the bytes of memory of the largest page."""
        return max(map(resident, await self._processes("renderer")), default=0)

    async def _processes(self, kind: str) -> list[int]:
        """Return the ids of the browser's processes of a kind."""
        async with asyncio.timeout(PATIENCE):
            answer = await self._devtools.send("SystemInfo.getProcessInfo")
        return [process["id"] for process in answer["processInfo"] if process["type"] == kind]

    async def _clear(self) -> None:
        """Close the context and all it holds; where it does not close, end the browser."""
        if opened := self.context_wrappers.get(CONTEXT):
            try:
                async with asyncio.timeout(PATIENCE):
                    await opened.context.close()
            except (TimeoutError, PlaywrightError):
                self._kill()

    def _kill(self) -> None:
        if self._pid:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
