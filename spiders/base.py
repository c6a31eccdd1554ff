"""The base of all spiders: site and layout, permission, article requests, failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider

from scraper.archive.writer import ArchiveWriter
from scraper.crawl.capture import CAPTURE
from scraper.crawl.faults import explain
from scraper.crawl.origins import ORIGIN
from scraper.crawl.permission import StopAskingError, check_permission, is_loopback
from scraper.crawl.preview import preview
from scraper.crawl.report import shorten_failed_starts
from scraper.crawl.robots import ForbiddenError
from scraper.crawl.shutdown import NotAskedError
from scraper.model import Layout, Origin, Page
from scraper.sources import THAIGOV, parse_address, site_of
from spiders.arguments import ArgumentError, number_argument
from spiders.links import listed_articles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from scraper.archive.frontier import Frontier

# A practice site is asked as fast as it answers.
LOOPBACK_SETTINGS = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_TIMES": 1,
    "INDEX_QUERIES_A_MINUTE": 0,
    "BACKOFF_PAUSE": 1.0,
}


def requested_url(request: Request) -> str:
    """Return the URL a request started from, before any redirect."""
    return str(request.meta.get("redirect_urls", [request.url])[0])


def refusal(failure: Failure) -> str | None:
    """Return the run outcome for a refused request, None for any other failure.

    ``refused`` by robots.txt, ``blocked`` by the server.
    """
    if isinstance(failure.value, StopAskingError):
        return "blocked"
    return "refused" if isinstance(failure.value, ForbiddenError) else None


class ArchiveSpider(Spider):
    """Base of the spiders that fill the archive.

    Attributes:
        most_failures: consecutive failed pages after which the run gives up. Without this limit
            a walk over a site that is down would go through all its numbers.
        arguments: as given, stored with the run.
        ending: outcome of a run that finished but missed its purpose; a key of
            ``scraper.crawl.run.ENDINGS``.
        ignored_robots: hosts whose robots.txt is ignored in this run.
        remaining: pages still to be requested, None if unknown.

    Args:
        site: URL of the site to crawl, default https://www.thaigov.go.th. A loopback address is a
            practice site, which is crawled without delays.
        layout: generation of the site's pages, ``contents`` or ``news``. Default: the one the site
            publishes today; that of a practice site is detected.
        again: ``1`` to fetch articles again that are already in the archive.
    """

    ending: str | None = None
    ignored_robots: frozenset[str] = frozenset()
    default_home = THAIGOV.home
    allowed_domains: list[str]  # Scrapy follows no redirect to another host
    most_failures = 20
    remaining: int | None = None

    def __init__(
        self,
        site: str | None = None,
        layout: str | None = None,
        again: str = "0",
        **unknown: str,
    ) -> None:
        super().__init__()
        if unknown:
            raise ArgumentError(f"the spider {self.name} takes no argument {', '.join(unknown)}")
        site = site or self.default_home
        found = site_of(site)
        if found is None:
            raise ArgumentError(f"site={site} is not a site this archive knows: give its home URL")
        self.site, self.home = found, site.rstrip("/")
        try:
            self.layout = Layout(layout) if layout else found.layout
        except ValueError:
            raise ArgumentError(
                f"layout must be one of {', '.join(Layout)}, not {layout!r}"
            ) from None
        self.may_switch = layout is None and is_loopback(self.home)
        self.layout_before = self.layout  # before `switch_layout`
        self.again = number_argument("again", again) == 1
        self.arguments: dict[str, str] = {}
        self.failures_in_a_row = self.forbidden_in_a_row = 0
        self.unread_links: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Create the spider if its server may be asked; lift all delays for loopback."""
        shorten_failed_starts(crawler.settings)
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.arguments = kwargs
        spider.allowed_domains = sorted(spider.allowed_hosts)
        if is_loopback(spider.server):
            crawler.settings.setdict(LOOPBACK_SETTINGS, priority="spider")
        else:
            spider.require_permission(crawler.settings)
        return spider

    @property
    def server(self) -> str:
        """URL of the server that is asked first."""
        return self.home

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Names of the hosts that may be asked; a redirect to any other is not followed."""
        return self.site.hosts

    def require_permission(self, settings: BaseSettings) -> None:
        """Raise RefusedError unless the operator has named a contact and a permission."""
        check_permission(self.server, settings)

    @property
    def writer(self) -> ArchiveWriter:
        """The archive writer of this run."""
        writer = self.crawler.get_extension(ArchiveWriter)
        if writer is None:
            raise RuntimeError("the spider runs without an archive; is CrawlWriter in EXTENSIONS?")
        return writer

    @property
    def frontier(self) -> Frontier:
        """The frontier of this run's archive."""
        return self.writer.frontier

    def article_request(self, url: str) -> Request:
        """Return the request for an article's page."""
        return self.page_request(url, {ORIGIN: Origin.LIVE})

    def page_request(self, url: str, meta: dict[str, Any]) -> Request:
        """Return a request whose response becomes a capture of the origin in ``meta``."""
        return Request(
            url,
            callback=self.read,
            errback=self.failed,
            meta={"handle_httpstatus_list": [304, 404, 410], **meta},
            dont_filter=True,
        )

    def switch_layout(self) -> bool:
        """Change to the other layout of a practice site; return whether that was possible.

        It is possible once, and only if no layout was given. The real site's layout is known.
        """
        if not self.may_switch:
            return False
        self.may_switch = False
        self.layout_before = self.layout
        self.layout = next(layout for layout in self.site.listings if layout is not self.layout)
        self.logger.info("%s is a practice site of the layout %s", self.home, self.layout)
        return True

    def listing_paths(self) -> tuple[str, ...]:
        """Return the paths of the layout's listings, one per language."""
        return self.site.listings.get(self.layout, ())

    def at_home(self, url: str) -> str:
        """Return an article's canonical URL with the scheme and host being crawled."""
        return self.home + urlsplit(url).path

    def retries(self) -> Iterator[Request]:
        """Yield requests for articles that earlier runs failed to fetch."""
        for url in self.frontier.retryable(self.site):
            yield self.article_request(self.at_home(url))

    @classmethod
    def handles_request(cls, _request: Request) -> bool:
        """Return False: ``scrapy parse URL`` must find exactly one spider, `LatestSpider`."""
        return False

    def parse(self, response: Response) -> Iterator[Page | Request]:
        """Parse an article, or follow the links of a listing, for ``scrapy parse``.

        Stores nothing.
        """
        if parse_address(response.url) is not None:
            yield preview(response)
        for _, url in self.links(response):
            if url != response.url:
                yield Request(url, callback=self.parse)

    def read(self, response: Response) -> Iterator[Page | Request]:
        """Yield the stored capture of an article as an item for the stages."""
        if CAPTURE not in response.meta:
            yield from self.parse(response)  # `scrapy parse -c read`
            return
        self.failures_in_a_row = self.forbidden_in_a_row = 0
        capture = response.meta[CAPTURE]
        if response.request is not None:
            # A shell's validators do not change with its text, so a rendered page is stored
            # without any, which also clears older ones.
            tags = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
            known = [tag.decode("latin-1") if tag else None for tag in tags]
            self.frontier.set_validators(requested_url(response.request), *known)
        yield Page(capture=capture)

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Record an article that could not be fetched; the next run tries it again.

        Raises:
            CloseSpider: the server blocks us, or too many pages in a row failed.
        """
        url = requested_url(failure.request)  # type: ignore[attr-defined]
        if refusal(failure) == "refused":
            return self.forbidden(url)
        self.record_failure(url, failure)
        self.failures_in_a_row += 1
        if self.failures_in_a_row >= self.most_failures:
            self.logger.error(
                "%d pages in a row could not be fetched; stopping", self.failures_in_a_row
            )
            raise CloseSpider("unreachable")
        return iter(())

    def forbidden(self, url: str) -> Iterator[Request]:
        """Count and skip an article that robots.txt forbids.

        Raises:
            CloseSpider: too many in a row are forbidden.
        """
        self.logger.warning("robots.txt forbids %s; skipped", url)
        self.writer.counts["forbidden"] += 1
        self.forbidden_in_a_row += 1
        if self.forbidden_in_a_row >= self.most_failures:
            raise CloseSpider("refused")
        return iter(())

    def record_failure(self, url: str, failure: Failure) -> None:
        """Count a page that could not be fetched and queue it for the next run.

        Raises:
            CloseSpider: it was refused, as everything else would be.
        """
        if isinstance(failure.value, NotAskedError):
            return  # the run ended before the request was sent
        reason = explain(failure.value)
        self.logger.warning("%s could not be fetched (%s); the next run tries again", url, reason)
        self.frontier.record_failure(url, reason)
        self.writer.counts["failed"] += 1
        if ending := refusal(failure):
            raise CloseSpider(ending)

    def listing_failed(self, failure: Failure) -> Iterator[Request]:
        """Let the run fail because a listing could not be read; what is stored stays."""
        if isinstance(failure.value, NotAskedError):
            return iter(())
        self.logger.error("The listing could not be read: %s", explain(failure.value))
        self.ending = refusal(failure) or "failed"
        return iter(())

    def links(self, response: Response) -> list[tuple[int, str]]:
        """Return number and URL of each article a page links to; report unreadable links."""
        found = listed_articles(response, self.site, self.layout, self.home)
        for href in found.unread:
            self.report_unread_link(response, href)
        return found.articles

    def report_unread_link(self, response: Response, href: str) -> None:
        """Log and store a link that looks like an article's but has an unknown form, once a run."""
        if href in self.unread_links:
            return
        self.unread_links.add(href)
        detail = f"{response.url} links to {href[:200]!a}, which looks like an article"
        self.logger.warning("%s; skipped, because its address cannot be parsed", detail)
        self.writer.problem("crawl", "unread-link", detail, url=response.url)
