"""Runs the system's Chromium through scrapy-playwright.

Starts it at the first shell of a run, restarts it after a crash, and ends it with the run. Enforces
the limits on time and memory; ``page_load`` decides when a page is done.
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
from scraper.render.page_load import PageLoad
from scraper.render.request_filter import ALL_URLS, RequestPolicy, ScriptCache
from scraper.render.shell import BROWSERS, INSTALL, NoBrowserError, RenderError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from playwright.async_api import Browser as PlaywrightBrowser
    from playwright.async_api import Page
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

# It logs every failed page with a traceback; our errors are a sentence.
logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)

FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--js-flags=--max-old-space-size=256",  # MB
    # No network access: everything, loopback included, goes to a proxy whose name does not resolve,
    # and no other name does. ``request_filter`` answers the requests of pages.
    "--proxy-server=http://no-way-out.invalid:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # WebRTC would send UDP past the proxy. The second flag is for older versions.
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
# A second barrier against APIs that reach the network without requests or outlive their page:
# deleted in every frame and window before a script of the page runs.
DELETE_NETWORK_APIS = """
    for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel",
                        "RTCIceTransport", "WebTransport", "SharedWorker"])
        delete globalThis[name];
"""
CONTEXT = "page"  # name of the browser context
WATCH_INTERVAL = 0.5  # seconds between two checks of time and memory
CONTROL_TIMEOUT = 5.0  # seconds for a command to the browser that should take no time


def executable(settings: BaseSettings) -> str:
    """Return the path of Chromium.

    Raises:
        NoBrowserError: it is not installed.
    """
    named: str = settings["CHROMIUM"]
    found = next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)
    if found is None:
        names = named or " or ".join(BROWSERS)
        raise NoBrowserError(f"No browser found named {names}. {INSTALL}")
    return found


def launch_options(settings: BaseSettings) -> dict[str, Any]:
    """Return Playwright's options for starting Chromium, each time with an empty profile."""
    return {
        "executable_path": executable(settings),
        "args": list(FLAGS),
        # Chromium refuses to run as root with its sandbox.
        "chromium_sandbox": os.geteuid() != 0,
        # On Ctrl-C the run closes the browser, after the current page.
        "handle_sigint": False,
    }


def context_options(settings: BaseSettings) -> dict[str, Any]:
    """Return the options of a page's context: the user agent, and a reader's locale."""
    return {
        "user_agent": settings["USER_AGENT"],
        "extra_http_headers": {
            "Accept-Language": settings.getdict("DEFAULT_REQUEST_HEADERS")["Accept-Language"]
        },
        "locale": "th-TH",
        "timezone_id": "Asia/Bangkok",  # scripts format dates in the reader's time zone
        "service_workers": "block",
        "accept_downloads": False,
    }


def first_line(error: Exception) -> str:
    """Return the message of a Playwright error, without its call log."""
    return str(error).partition("\n")[0] or "the browser does not answer"


def resident(pid: int) -> int:
    """Return a process's resident memory in bytes; 0 if it has ended, or not on Linux."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


async def first_of(*coroutines: Coroutine[Any, Any, Response]) -> Response:
    """Return the result of the first coroutine to finish and cancel the rest."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Browser(ScrapyPlaywrightDownloadHandler):
    """The browser of a run. Each page has its own context (profile)."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self.config.launch_options = launch_options(settings)
        self.abort_request = lambda _request: True  # those that no filter has answered
        self._seconds = settings.getfloat("RENDER_TIMEOUT")
        self._max_memory = settings.getint("RENDER_MAX_MEMORY")
        self._max_size = settings.getint("DOWNLOAD_MAXSIZE")
        self._policy = RequestPolicy(
            max_requests=settings.getint("RENDER_MAX_REQUESTS"),
            max_bytes=self._max_size,
            refusals=frozenset({401, 403, *map(int, settings.getlist("RETRY_HTTP_CODES"))}),
            client=Client(crawler, super().download_request),
            scripts=ScriptCache(),
        )
        self._context = context_options(settings)
        self._writer = crawler.get_extension(ArchiveWriter)
        self._watched: PlaywrightBrowser | None = None  # the one with the process ``_pid``
        self._pid = 0

    @classmethod
    async def open(cls, crawler: Crawler) -> Self:
        """Start the browser.

        Raises:
            NoBrowserError: it is not installed or does not start.
        """
        browser = cls(crawler)
        await browser._launch()
        await browser._ensure_running()
        return browser

    async def render(self, request: Request) -> Response:
        """Return the rendered page of a shell.

        Raises:
            RenderError: the page could not be rendered; the message says why.
            IgnoreRequest: robots.txt forbids a URL that its scripts need.
            NoBrowserError: the browser has crashed and does not start again.
        """
        await self._ensure_running()
        # The rest of the time is for reading the page and ending its process.
        load = PageLoad(request, self._policy, 0.8 * self._seconds, self._max_size)
        try:
            return await first_of(self._load(load, request), self._watch(load))
        except (PlaywrightError, TimeoutError) as error:
            raise load.error or RenderError(first_line(error)) from error
        finally:
            load.filter.cancel_pending()
            if self._writer is not None:
                self._writer.counts["requests"] += load.filter.sent
            await self._close_context()

    async def close(self) -> None:
        """Close the browser, or kill it if it does not close."""
        try:
            async with asyncio.timeout(CONTROL_TIMEOUT):
                await super().close()
        except (TimeoutError, PlaywrightError):
            self._kill()

    async def _ensure_running(self) -> None:
        """Start Chromium unless it is running."""
        try:
            await self._maybe_launch_browser()
            if self.browser is not self._watched:
                self._devtools = await self.browser.new_browser_cdp_session()
                self._watched = self.browser
                (self._pid,) = await self._processes("browser")
        except (PlaywrightError, TimeoutError) as error:
            await self.close()
            path = self.config.launch_options["executable_path"]
            reason = f"{path} does not start: {first_line(error)}"
            raise NoBrowserError(f"{reason}. {INSTALL}") from error

    async def _load(self, load: PageLoad, request: Request) -> Response:
        """Open a page in a new context and return it rendered."""
        meta = {
            "playwright": True,
            "playwright_include_page": True,
            "playwright_context": CONTEXT,
            "playwright_context_kwargs": dict(self._context),
            "playwright_page_init_callback": partial(self._begin, load),
            "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": 0},
        }
        await self.download_request(request.replace(meta=meta))
        return await load.result()

    async def _begin(self, load: PageLoad, tab: Page, _request: Request) -> None:
        await tab.context.route(ALL_URLS, lambda route: route.abort())  # for other windows
        await tab.context.add_init_script(DELETE_NETWORK_APIS)
        await load.begin(tab)

    async def _watch(self, load: PageLoad) -> Response:
        """Raise the error of a page load, or one for too much time or memory."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._seconds
        while load.error is None:
            await asyncio.sleep(WATCH_INTERVAL)
            if clock() > deadline:
                load.fail(f"it was not finished after {self._seconds:g} s")
            elif await self._memory() > self._max_memory:
                load.fail(f"it needs more than {self._max_memory >> 20} MB of memory")
        raise load.error

    async def _memory(self) -> int:
        """Return the memory of the largest page, in bytes."""
        return max(map(resident, await self._processes("renderer")), default=0)

    async def _processes(self, kind: str) -> list[int]:
        """Return the ids of the browser's processes of a type."""
        async with asyncio.timeout(CONTROL_TIMEOUT):
            answer = await self._devtools.send("SystemInfo.getProcessInfo")
        return [process["id"] for process in answer["processInfo"] if process["type"] == kind]

    async def _close_context(self) -> None:
        """Close the page's context; if it does not close, kill the browser."""
        if opened := self.context_wrappers.get(CONTEXT):
            try:
                async with asyncio.timeout(CONTROL_TIMEOUT):
                    await opened.context.close()
            except (TimeoutError, PlaywrightError):
                self._kill()

    def _kill(self) -> None:
        if self._pid:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
