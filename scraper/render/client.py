"""Fetches what a page in the browser asks for. The browser itself has no way to the network.

The request goes out through Scrapy's HTTP client, like every plain page: the same check of
certificates, the same proxy settings, the same limits on time and size.
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

# Set by the HTTP client itself, or true only of the connection that the browser would have made.
NOT_SENT = frozenset({
    "accept-encoding", "connection", "content-length", "cookie", "expect", "host", "keep-alive",
    "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
})  # fmt: skip
CODINGS = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})


class Client:
    """The way out for the requests of rendered pages.

    Args:
        crawler: the run, for its settings, its robots.txt rules and its proxy.
        send: Scrapy's download handler: sends one request, follows no redirect.
    """

    def __init__(self, crawler: Crawler, send: Callable[[Request], Awaitable[Response]]) -> None:
        self._send = send
        self._codings = crawler.settings.getdict("DEFAULT_REQUEST_HEADERS")["Accept-Encoding"]
        self._proxy = crawler.get_downloader_middleware(HttpProxyMiddleware)
        self._robots = crawler.get_downloader_middleware(RobotsTxtMiddleware)

    async def obey_robots(self, url: str) -> None:
        """Return if robots.txt allows an address.

        Raises:
            IgnoreRequest: it forbids the address, or could not be read, or the run is ending.
        """
        if self._robots is not None:
            await self._robots.process_request(Request(url))

    async def get(self, url: str, headers: Mapping[str, str], cookies: str) -> Response:
        """Return the answer to a GET request, its content coding undone.

        Args:
            url: an address that may be asked.
            headers: what the browser would send; its cookies are not among them.
            cookies: the value of the ``Cookie`` header, empty for none.

        Raises:
            DownloadFailedError: the site did not answer, or not in full.
            IgnoreRequest: the content coding is broken.
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
            # Often the text of an error page, under the header of the answer it replaces. A browser
            # takes it for broken, too.
            raise IgnoreRequest(f"the content coding is said to be {coding}, but is not")
        del answer.headers["Content-Encoding"]
        return answer.replace(body=decoded.body)


def _is_sent(name: str) -> bool:
    return not name.startswith(":") and name.lower() not in NOT_SENT
