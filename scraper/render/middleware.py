"""Sends pages that their scripts fill in through a browser; all others never meet it.

A page is asked for plainly. Where the answer is a shell, the very same answer is handed to
Chromium, whose scripts ask the site for what is missing; what they make of it is an answer in its
own right and takes the way of every other. This module decides which pages go that way and knows
nothing of Playwright, so that a run without a shell pays for neither driver nor browser.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, Self

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse

from scraper.crawl.capture import CAPTURE
from scraper.crawl.origins import ORIGIN, header
from scraper.crawl.run import writer_of
from scraper.crawl.shutdown import Shutdown
from scraper.install import install_command
from scraper.model import Origin, Outcome
from scraper.pages.shell import is_shell
from scraper.sources import parse_address

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.archive.writer import ArchiveWriter
    from scraper.render.browser import Browser

# What Chromium is called, the first that is found is taken.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHELL = "thaigov_shell"  # request.meta: the answer that a browser shall fill in
INSTALL = (
    f"Run `{install_command('render')}` and install Chromium, on Debian `apt-get install chromium` "
    "(THAIGOV_CHROMIUM names a browser elsewhere)"
)


class NoBrowserError(IgnoreRequest):
    """There is no browser that could render; the message says what to install."""


class Shell(NamedTuple):
    """An answer whose text its scripts still have to fill in.

    Attributes:
        body: as it came, decompressed.
        content_type: with its charset.
        is_article: it is an article's page, else a listing.
    """

    body: bytes
    content_type: str
    is_article: bool


class RenderShells:
    """Asks again for a page that came as a shell, this time of the browser.

    Stands behind ``CaptureResponses``, so that the original is on the disk before, and the
    rendered page after it.
    """

    def __init__(self, writer: ArchiveWriter) -> None:
        self.writer = writer

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Use the session of the run; without one (``scrapy shell``) nothing is rendered."""
        writer = writer_of(crawler)
        return cls(writer)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Hand an answer on, or return the request that has it rendered."""
        origin = request.meta.get(ORIGIN)
        if SHELL in request.meta or origin not in {None, Origin.LIVE} or not _is_shell(response):
            return response
        if origin is not None:
            self.writer.set_outcome(request.meta[CAPTURE], Outcome.SHELL)
        content_type = header(response, "Content-Type")
        shell = Shell(response.body, content_type, is_article=origin is not None)
        # Before what else is waiting: the shell of the page in hand is held in memory.
        return request.replace(
            dont_filter=True, priority=request.priority + 1, meta={**request.meta, SHELL: shell}
        )


def _is_shell(response: Response) -> bool:
    if response.status != HTTPStatus.OK or not isinstance(response, HtmlResponse):
        return False
    address = parse_address(response.url)
    return is_shell(response.text, address and address.number)


class RenderingHandler(HTTP11DownloadHandler):
    """Scrapy's own download handler, and a browser for the shells, started at the first of them."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser: Browser | None = None

    async def download_request(self, request: Request) -> Response:
        """Fetch a page, or render the shell that came before.

        Raises:
            NoBrowserError: there is no browser to render it; the run ends.
            RenderError: it could not be rendered.
        """
        if SHELL not in request.meta:
            return await super().download_request(request)
        try:
            if self._browser is None:
                self._browser = await self._open(request.url)
            return await self._browser.render(request)
        except NoBrowserError as error:
            Shutdown.of(self._crawler).shut("unmet", str(error))
            raise

    async def _open(self, url: str) -> Browser:
        try:
            from scraper.render.browser import Browser  # noqa: PLC0415  an extra, and slow to load
        except ImportError as error:
            raise NoBrowserError(
                f"{url} is filled in by scripts, but {error}. {INSTALL}"
            ) from error
        return await Browser.open(self._crawler)

    async def close(self) -> None:
        """Let go of connections, and end the browser."""
        await super().close()
        if self._browser is not None:
            await self._browser.close()
