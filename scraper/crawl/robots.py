"""Fetches and obeys robots.txt as RFC 9309 says: if it cannot be read, nothing is requested.

Scrapy would take any response for rules, an error page included, and go ahead without one.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest

from scraper.crawl.downloader import CancellableDownloader
from scraper.crawl.faults import explain
from scraper.crawl.shutdown import Shutdown

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

MAX_ROBOTS_BYTES = 500 * 1024  # read of the file (RFC 9309, 2.5)
MAX_ROBOTS_REDIRECTS = 5  # followed (RFC 9309, 2.3.1.2)
MAX_ROBOTS_AGE = 24 * 3600.0  # seconds until the file is fetched again (RFC 9309, 2.4)
LONGEST_DELAY = 600.0  # seconds of Crawl-delay; a longer one ends the run
LONG_DELAY = 30.0  # seconds of Crawl-delay from which a warning is logged


class ForbiddenError(IgnoreRequest):
    """robots.txt forbids a URL, and it was not requested."""


class Robots(RobotsTxtMiddleware):
    """A downloader middleware like Scrapy's, which fetches the file as the RFC says.

    If the file cannot be read, the run ends (2.3.1.4); HTTP 4xx means that there are no rules
    (2.3.1.3). ``Crawl-delay``, which is not in the RFC, is obeyed; one of more than
    ``LONGEST_DELAY`` ends the run, which would otherwise hold the archive's lock for days.

    For hosts named by ``--ignore-robots`` only the delay applies, not the rules.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._shutdown = Shutdown.of(crawler)
        self._read_at: dict[str, float] = {}  # by host and port, of the files that were read
        self._failures: dict[str, str] = {}  # by host and port, why the others were not
        crawler.signals.connect(self.apply_delay, signals.robots_parsed)

    async def process_request(
        self,
        request: Request,
        spider: Spider | None = None,  # noqa: ARG002  the signature is Scrapy's
    ) -> None:
        """Check that robots.txt allows a request; fetch it first if it is not known.

        Raises:
            ForbiddenError: it forbids the request.
            NotAskedError: it could not be read, or the run is stopping.
        """
        if is_robots_request(request):
            request.meta.setdefault("redirect_ttl", MAX_ROBOTS_REDIRECTS)
            return
        host = urlsplit(request.url).netloc
        if monotonic() - self._read_at.get(host, monotonic()) > MAX_ROBOTS_AGE:
            self._parsers.pop(host, None)
            del self._read_at[host]
        rules = await self.robot_parser(request)
        if host not in self._read_at:
            self._shutdown.stop(
                "unreachable",
                f"{urlsplit(request.url).scheme}://{host}/robots.txt could not be read "
                f"({self._failures.get(host, 'no usable response')}), so no request may be sent",
            )
        self._shutdown.raise_if_stopping(request.url)
        if rules is None or rules.allowed(request.url, self._robotstxt_useragent or ""):
            return
        ignored: frozenset[str] = getattr(self.crawler.spider, "ignored_robots", frozenset())
        if urlsplit(request.url).hostname not in ignored:
            raise ForbiddenError(f"robots.txt of {host} forbids {urlsplit(request.url).path}")

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass a response on; that of robots.txt with the rules as its body.

        Raises:
            IgnoreRequest: it is an error or a redirect instead of rules.
        """
        if not is_robots_request(request):
            return response
        host = _first_host(request)
        if 200 <= response.status < 300:
            rules = response.body[:MAX_ROBOTS_BYTES]
        elif 400 <= response.status < 500:
            rules = b""
        else:
            self._failures[host] = f"HTTP {response.status}"
            raise IgnoreRequest(f"{response.url}: HTTP {response.status}")
        self._read_at[host] = monotonic()
        return response.replace(body=rules)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note why robots.txt could not be fetched.

        Raises:
            IgnoreRequest: in place of the error, which Scrapy would log with a traceback.
        """
        if is_robots_request(request):
            self._failures[_first_host(request)] = explain(exception)
            raise IgnoreRequest(f"{request.url}: {exception}") from exception

    def apply_delay(self, robotparser: RobotParser, request: Request) -> None:
        """Raise the delay of a host to its Crawl-delay."""
        delay = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"]) or 0.0
        parts = urlsplit(request.url)
        file = f"{parts.scheme}://{parts.netloc}/robots.txt"
        if delay > LONGEST_DELAY:
            self._shutdown.stop(
                "refused",
                f"{file} asks for {delay:.0f} s between two requests (Crawl-delay), "
                f"and a run waits {LONGEST_DELAY:.0f} s at most. Ask the site for a shorter delay",
            )
            return
        if delay >= LONG_DELAY:
            logger.warning("%s asks for %.0f s between two requests", file, delay)
        downloader = self.crawler.engine.downloader
        if delay and isinstance(downloader, CancellableDownloader):
            downloader.slow_down(urlsplit(request.url).hostname or "", delay)


def is_robots_request(request: Request) -> bool:
    """Return whether a request is Scrapy's own for robots.txt, or a redirect of it."""
    return bool(request.meta.get("dont_obey_robotstxt"))


def _first_host(request: Request) -> str:
    return urlsplit(str(request.meta.get("redirect_urls", [request.url])[0])).netloc
