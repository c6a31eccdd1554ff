"""Sends shells, and only shells, through a browser.

Every page is first fetched without one. If the response is a shell, Chromium is given its bytes,
and the page's scripts fetch what is missing. The rendered page is a response like any other. This
module does not import Playwright, so a run without shells pays for neither driver nor browser.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import HtmlResponse

from scraper.crawl.capture import CAPTURE
from scraper.crawl.origins import ATTACHMENT, ORIGIN, header
from scraper.crawl.run import writer_of
from scraper.crawl.shutdown import Shutdown
from scraper.model import Origin, Outcome
from scraper.pages.shell import is_shell
from scraper.render.shell import INSTALL, SHELL, NoBrowserError, Shell
from scraper.sources import parse_address

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.archive.writer import ArchiveWriter
    from scraper.render.browser import Browser


class RenderShells:
    """A downloader middleware that sends a shell's request to the browser.

    It runs after ``CaptureResponses``, so that the shell is captured first, then the rendered page.
    """

    def __init__(self, writer: ArchiveWriter) -> None:
        self.writer = writer

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Use the archive of the run; without one (``scrapy shell``) nothing is rendered."""
        return cls(writer_of(crawler))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Pass a response on, or return the request that renders it."""
        origin = request.meta.get(ORIGIN)
        is_page = origin in {None, Origin.LIVE} and ATTACHMENT not in request.meta
        if SHELL in request.meta or not is_page or not _is_shell(response):
            return response
        if origin is not None:
            self.writer.set_outcome(request.meta[CAPTURE], Outcome.SHELL)
        content_type = header(response, "Content-Type")
        shell = Shell(response.body, content_type, is_article=origin is not None)
        # Ahead of the queue, since the shell is held in memory.
        return request.replace(
            dont_filter=True, priority=request.priority + 1, meta={**request.meta, SHELL: shell}
        )


def _is_shell(response: Response) -> bool:
    if response.status != HTTPStatus.OK or not isinstance(response, HtmlResponse):
        return False
    address = parse_address(response.url)
    return is_shell(response.text, address and address.number)


class RenderingHandler(HTTP11DownloadHandler):
    """Scrapy's download handler, and a browser for shells, which is started at the first one."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser: Browser | None = None

    async def download_request(self, request: Request) -> Response:
        """Fetch a page, or render its shell.

        Raises:
            NoBrowserError: there is no browser, and the run ends.
            RenderError: the page could not be rendered.
        """
        if SHELL not in request.meta:
            return await super().download_request(request)
        try:
            if self._browser is None:
                self._browser = await self._open(request.url)
            return await self._browser.render(request)
        except NoBrowserError as error:
            Shutdown.of(self._crawler).stop("unmet", str(error))
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
        """Close all connections and the browser."""
        await super().close()
        if self._browser is not None:
            await self._browser.close()
