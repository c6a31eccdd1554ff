"""robots.txt as RFC 9309 has it: obeyed, and nothing is asked where it cannot be read.

Scrapy fetches and obeys the file, but takes any answer for rules, an error page too, and asks on
when there was none. Here only an answer that means something opens a host to requests.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest

from scraper.crawl.downloader import YieldingDownloader
from scraper.crawl.faults import explain
from scraper.crawl.shutdown import Shutdown

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

LARGEST = 500 * 1024  # bytes that are read of the file (RFC 9309, 2.5)
MOST_REDIRECTS = 5  # that are followed (RFC 9309, 2.3.1.2)
FRESH = 24 * 3600.0  # seconds until a long run reads the file again (RFC 9309, 2.4)


LONGEST_DELAY = 600.0  # seconds of Crawl-delay that a run keeps; it does not begin with more
LONG_DELAY = 30.0  # seconds of Crawl-delay of which a person is told


class ForbiddenError(IgnoreRequest):
    """robots.txt forbids an address, which was not asked for."""


class Robots(RobotsTxtMiddleware):
    """Obeys the rules, as Scrapy's middleware does, and what the RFC says of how to get them.

    A host whose file cannot be read is not asked, and the run ends (2.3.1.4); HTTP 4xx means that
    there are no rules (2.3.1.3). ``Crawl-delay``, no part of the RFC, is kept as it is meant; one
    of more than ``LONGEST_DELAY`` ends the run, which would hold the archive's lock for days.

    What a host forbids that the operator has named (``--ignore-robots``) is asked for all the same;
    its delay and everything else holds.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._shutdown = Shutdown.of(crawler)
        self._read_at: dict[str, float] = {}  # by host and port, of files that could be read
        self._unread: dict[str, str] = {}  # why the others could not
        crawler.signals.connect(self.keep_delay, signals.robots_parsed)

    async def process_request(
        self,
        request: Request,
        spider: Spider | None = None,  # noqa: ARG002  the signature is Scrapy's
    ) -> None:
        """Return if the rules allow a request.

        Raises:
            ForbiddenError: they forbid it.
            NotAskedError: they are not known, or ended the run.
        """
        if asks_for_rules(request):
            request.meta.setdefault("redirect_ttl", MOST_REDIRECTS)
            return
        host = urlsplit(request.url).netloc
        if monotonic() - self._read_at.get(host, monotonic()) > FRESH:
            self._parsers.pop(host, None)
            del self._read_at[host]
        rules = await self.robot_parser(request)
        if host not in self._read_at:
            self._shutdown.shut(
                "unreachable",
                f"{urlsplit(request.url).scheme}://{host}/robots.txt could not be read "
                f"({self._unread.get(host, 'no answer that could be used')}), and nothing may be "
                f"asked without it",
            )
        self._shutdown.check(request.url)
        if rules is None or rules.allowed(request.url, self._robotstxt_useragent or ""):
            return
        if urlsplit(request.url).hostname not in self._ignored:
            raise ForbiddenError(f"robots.txt of {host} forbids {urlsplit(request.url).path}")

    @property
    def _ignored(self) -> frozenset[str]:
        return getattr(self.crawler.spider, "ignored_robots", frozenset())

    def process_response(self, request: Request, response: Response) -> Response:
        """Hand an answer on; one for robots.txt as the rules that it stands for.

        Raises:
            IgnoreRequest: it stands for none.
        """
        if not asks_for_rules(request):
            return response
        host = _first_host(request)
        if 200 <= response.status < 300:
            rules = response.body[:LARGEST]
        elif 400 <= response.status < 500:
            rules = b""
        else:
            self._unread[host] = f"HTTP {response.status}"
            raise IgnoreRequest(f"{response.url}: HTTP {response.status}")
        self._read_at[host] = monotonic()
        return response.replace(body=rules)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note why robots.txt could not be fetched.

        Raises:
            IgnoreRequest: it could not; Scrapy would tell that with a traceback.
        """
        if asks_for_rules(request):
            self._unread[_first_host(request)] = explain(exception)
            raise IgnoreRequest(f"{request.url}: {exception}") from exception

    def keep_delay(self, robotparser: RobotParser, request: Request) -> None:
        """Ask a host no faster than its Crawl-delay says."""
        delay = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"]) or 0.0
        parts = urlsplit(request.url)
        file = f"{parts.scheme}://{parts.netloc}/robots.txt"
        if delay > LONGEST_DELAY:
            self._shutdown.shut(
                "refused",
                f"{file} asks for {delay:.0f} s between two requests (Crawl-delay), "
                f"and a run waits {LONGEST_DELAY:.0f} s at most. Ask the site for another pace",
            )
            return
        if delay >= LONG_DELAY:
            logger.warning("%s asks for %.0f s between two requests", file, delay)
        downloader = self.crawler.engine.downloader
        if delay and isinstance(downloader, YieldingDownloader):
            downloader.slow_down(urlsplit(request.url).hostname or "", delay)


def asks_for_rules(request: Request) -> bool:
    """Say whether a request is Scrapy's own for robots.txt; a redirect keeps the mark."""
    return bool(request.meta.get("dont_obey_robotstxt"))


def _first_host(request: Request) -> str:
    return urlsplit(str(request.meta.get("redirect_urls", [request.url])[0])).netloc
