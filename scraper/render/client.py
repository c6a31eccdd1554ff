"""Sends the requests of rendered pages, since the browser has no network access.

They go through Scrapy's HTTP client, with the same certificate checks, proxy settings and limits on
time and size as every other page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest

from scraper.crawl.origins import header
from scraper.warc.content_encoding import decode_content

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from scrapy.crawler import Crawler
    from scrapy.http import Response

# Headers that the HTTP client sets, or that describe the connection of the browser.
NOT_SENT = frozenset({
    "accept-encoding", "connection", "content-length", "cookie", "expect", "host", "keep-alive",
    "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
})  # fmt: skip
CODINGS = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})


class Client:
    """The HTTP client of rendered pages.

    Args:
        crawler: of the run; has the settings, the robots.txt rules and the proxy.
        send: Scrapy's download handler, which sends a request and follows no redirect.
    """

    def __init__(self, crawler: Crawler, send: Callable[[Request], Awaitable[Response]]) -> None:
        self._send = send
        self._codings = crawler.settings.getdict("DEFAULT_REQUEST_HEADERS")["Accept-Encoding"]
        self._proxy = crawler.get_downloader_middleware(HttpProxyMiddleware)
        self._robots = crawler.get_downloader_middleware(RobotsTxtMiddleware)

    async def obey_robots(self, url: str) -> None:
        """Check that robots.txt allows a URL.

        Raises:
            IgnoreRequest: it does not, or could not be read, or the run is stopping.
        """
        if self._robots is not None:
            await self._robots.process_request(Request(url))

    async def get(self, url: str, headers: Mapping[str, str], cookies: str) -> Response:
        """Return the decoded response to a GET request.

        Args:
            url: must be allowed.
            headers: of the browser, without its cookies.
            cookies: value of the ``Cookie`` header, empty for none.

        Raises:
            DownloadFailedError: the site did not answer, or not completely.
            IgnoreRequest: the response cannot be decoded.
        """
        sent = {name: value for name, value in headers.items() if _is_sent(name)}
        sent["Accept-Encoding"] = self._codings
        if cookies:
            sent["Cookie"] = cookies
        request = Request(url, headers=sent)
        if self._proxy is not None:
            self._proxy.process_request(request)
        answer = await self._send(request)
        coding = header(answer, "Content-Encoding")
        if not coding:
            return answer
        decoded = decode_content(answer.body, coding)
        if (fault := decoded.cut or decoded.fault) is not None:
            raise IgnoreRequest(fault)
        if decoded.body == answer.body and answer.body and coding.lower() in CODINGS:
            # Often an error page, with the header of the response it replaces. A browser rejects
            # it, too.
            raise IgnoreRequest(f"the header says that it is encoded as {coding}, but it is not")
        del answer.headers["Content-Encoding"]
        return answer.replace(body=decoded.body)


def _is_sent(name: str) -> bool:
    return not name.startswith(":") and name.lower() not in NOT_SENT
