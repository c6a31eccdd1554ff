"""What both spiders share: arguments checked on start, politeness, article requests.

A spider decides whom to ask and in what order. Reading pages is the stages' work; what the
archive knows is asked of its frontier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest

from scraper.archive.session import Session
from scraper.crawl.capture import ARTICLE, CAPTURE
from scraper.crawl.permission import check_permission, is_loopback
from scraper.model import Layout, Page
from scraper.sources import THAIGOV, parse_address, site_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from scraper.archive.frontier import Frontier


class ArgumentError(ValueError):
    """A spider argument that cannot be used; the message says which and what it may be."""


def number_argument(name: str, value: str | None, *, least: int = 0) -> int | None:
    """Return a spider argument as a whole number, None where it was not given.

    Raises:
        ArgumentError: it is no whole number, or less than ``least``.
    """
    if value is None or value == "":
        return None
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if number < least:
        raise ArgumentError(f"{name} must be a whole number of at least {least}, not {value!r}")
    return number


class ArchiveSpider(Spider):
    """Base of the spiders that fill the archive.

    Attributes:
        arguments: as they were given, for the record of the run.
        ending: why the run did not do what it was for, though it ended by itself; see
            ``scraper.crawl.run.ENDINGS``.

    Args:
        site: home of the site to crawl; default the real one. A loopback address is a practice
            site, which is asked without delay.
        again: ``1`` to fetch articles that are in the archive already, too.
    """

    # The layout whose articles are asked for. The paths of a practice site are the real site's.
    layout = Layout.CONTENTS
    ending: str | None = None

    def __init__(self, site: str = THAIGOV.home, again: str = "0", **unknown: str) -> None:
        super().__init__()
        if unknown:
            raise ArgumentError(f"the spider {self.name} takes no argument {', '.join(unknown)}")
        found = site_of(site)
        if found is None:
            raise ArgumentError(f"site={site} is not a site this archive knows: give its home URL")
        self.site, self.home = found, site.rstrip("/")
        self.again = number_argument("again", again) == 1
        self.arguments: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider, unless the site may not be asked; lift the delay for loopback."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.arguments = kwargs
        check_permission(spider.home, crawler.settings)
        if is_loopback(spider.home):
            crawler.settings.setdict(
                {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "RETRY_TIMES": 1},
                priority="spider",
            )
        return spider

    @property
    def frontier(self) -> Frontier:
        """What the archive of this run knows."""
        session = self.crawler.get_extension(Session)
        if session is None:
            raise RuntimeError("the spider runs without an archive; is CrawlSession in EXTENSIONS?")
        return session.frontier

    def article(self, url: str) -> Request:
        """Return the request of an article's page."""
        return Request(
            url,
            callback=self.read,
            errback=self.failed,
            meta={ARTICLE: True, "handle_httpstatus_list": [404, 410]},
            dont_filter=True,
        )

    def owed(self) -> Iterator[Request]:
        """Yield requests of articles that earlier runs failed to fetch."""
        for url in self.frontier.owed():
            address = parse_address(url)
            if address is not None and address.site is self.site:
                yield self.article(self.home + urlsplit(url).path)

    def read(self, response: Response) -> Iterator[Page | Request]:
        """Hand the stored capture of an article to the stages."""
        if response.request is not None:
            self.frontier.done(response.request.url)
        yield Page(capture=response.meta[CAPTURE])

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Remember an article that could not be fetched; a later run tries it again."""
        request: Request = failure.request  # type: ignore[attr-defined]
        reason = f"{failure.type.__name__}: {failure.getErrorMessage()}"  # type: ignore[union-attr]
        self.logger.warning("%s could not be fetched (%s)", request.url, reason)
        self.frontier.failed(request.url, reason)
        return iter(())

    def listing_failed(self, failure: Failure) -> Iterator[Request]:
        """Note that a listing the run needs could not be read; what is stored stays."""
        self.logger.error("The listing could not be read: %s", failure.getErrorMessage())
        self.ending = "refused" if isinstance(failure.value, IgnoreRequest) else "failed"
        return iter(())

    def links(self, response: Response) -> list[tuple[int, str]]:
        """Return number and address of each article a page links to, once each, in order."""
        found: dict[int, str] = {}
        for href in response.css("a::attr(href)").getall():
            url = response.urljoin(href.strip())
            address = parse_address(url)
            if address is not None and address.site is self.site and address.layout is self.layout:
                found.setdefault(address.number, url)
        return list(found.items())
