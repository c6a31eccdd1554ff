"""What both spiders share: arguments checked on start, politeness, article requests.

A spider decides whom to ask and in what order. Reading pages is the stages' work; what the
archive knows is asked of its frontier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider

from scraper.archive.writer import ArchiveWriter
from scraper.crawl.capture import CAPTURE
from scraper.crawl.faults import explain
from scraper.crawl.listing import links_of
from scraper.crawl.origins import ORIGIN
from scraper.crawl.permission import StopAskingError, check_permission, is_loopback
from scraper.crawl.preview import preview
from scraper.crawl.report import shorten_failed_starts
from scraper.crawl.robots import ForbiddenError
from scraper.crawl.shutdown import NotAskedError
from scraper.errors import ReportedError
from scraper.model import Layout, Origin, Page
from scraper.sources import THAIGOV, is_plain, parse_address, resembles_article, site_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from scraper.archive.frontier import Frontier


# Practice sites are asked as fast as they answer.
ON_LOOPBACK = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_TIMES": 1,
    "INDEX_QUERIES_A_MINUTE": 0,
    "BACKOFF_PAUSE": 1.0,
}


class ArgumentError(ReportedError, ValueError):
    """A spider argument that cannot be used; the message says which and what it may be."""

    exit_code = 2


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


def asked_url(request: Request) -> str:
    """Return the address that was asked for at first, before any redirect."""
    return str(request.meta.get("redirect_urls", [request.url])[0])


def refusal(failure: Failure) -> str | None:
    """Return the ending of a run whose page was refused: by robots.txt, or by the server."""
    if isinstance(failure.value, StopAskingError):
        return "blocked"
    return "refused" if isinstance(failure.value, ForbiddenError) else None


class ArchiveSpider(Spider):
    """Base of the spiders that fill the archive.

    Attributes:
        most_failures: pages in a row that may fail before the run gives up. Without such a bound
            a walk would go through all numbers of a site that is down.
        arguments: as they were given, for the record of the run.
        ending: why the run did not do what it was for, though it ended by itself; see
            ``scraper.crawl.run.ENDINGS``.

    Args:
        site: home of the site to crawl; default the real one (``default_home``). A loopback
            address is a practice site, which is asked without delay.
        layout: generation of the articles, default what the site publishes today; that of a
            practice site is found.
        again: ``1`` to fetch articles that are in the archive already, too.
    """

    ending: str | None = None
    ignored_robots: frozenset[str] = frozenset()  # hosts whose robots.txt does not bind the run
    default_home = THAIGOV.home
    allowed_domains: list[str]  # Scrapy follows no redirect to another host
    most_failures = 20
    to_come: int | None = None  # pages that are still to be asked for, where that is known

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
        self.layout_before = self.layout  # the one it had before it was switched
        self.again = number_argument("again", again) == 1
        self.arguments: dict[str, str] = {}
        self.failures = self.forbidden_in_a_row = 0
        self.unread_links: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider, unless the site may not be asked; lift the delay for loopback."""
        shorten_failed_starts(crawler.settings)
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.arguments = kwargs
        spider.allowed_domains = sorted(spider.may_ask)
        if is_loopback(spider.asks):
            crawler.settings.setdict(ON_LOOPBACK, priority="spider")
        else:
            spider.check_leave(crawler.settings)
        return spider

    @property
    def asks(self) -> str:
        """Address of the host that is asked."""
        return self.home

    @property
    def may_ask(self) -> frozenset[str]:
        """Names of the hosts that may be asked; a redirect to another is not followed."""
        return self.site.hosts

    def check_leave(self, settings: BaseSettings) -> None:
        """Return if the host may be asked; a site of news wants its permission first."""
        check_permission(self.asks, settings)

    @property
    def writer(self) -> ArchiveWriter:
        """The writing session of this run."""
        writer = self.crawler.get_extension(ArchiveWriter)
        if writer is None:
            raise RuntimeError("the spider runs without an archive; is CrawlSession in EXTENSIONS?")
        return writer

    @property
    def frontier(self) -> Frontier:
        """What the archive of this run knows."""
        return self.writer.frontier

    def article(self, url: str) -> Request:
        """Return the request of an article's page."""
        return self.page_request(url, {ORIGIN: Origin.LIVE})

    def page_request(self, url: str, meta: dict[str, Any]) -> Request:
        """Return a request whose response is captured by the lane that ``meta`` names."""
        return Request(
            url,
            callback=self.read,
            errback=self.failed,
            meta={"handle_httpstatus_list": [304, 404, 410], **meta},
            dont_filter=True,
        )

    def switch_layout(self) -> bool:
        """Turn to the other layout, if this is a practice site and none was given; say whether.

        A practice site is started in either. That of the real site is known.
        """
        if not self.may_switch:
            return False
        self.may_switch = False
        self.layout_before = self.layout
        self.layout = next(layout for layout in self.site.listings if layout is not self.layout)
        self.logger.info("%s is a practice site of the layout %s", self.home, self.layout)
        return True

    def listings(self) -> tuple[str, ...]:
        """Return the paths of the layout's lists of articles, one for each language."""
        return self.site.listings.get(self.layout, ())

    def at_home(self, url: str) -> str:
        """Return an article's canonical address as the host that is crawled has it."""
        return self.home + urlsplit(url).path

    def owed(self) -> Iterator[Request]:
        """Yield requests of articles that earlier runs failed to fetch."""
        for url in self.frontier.owed(self.site):
            yield self.article(self.at_home(url))

    @classmethod
    def handles_request(cls, _request: Request) -> bool:
        """Say whether ``scrapy parse URL`` takes this spider by itself; one spider must suffice."""
        return False

    def parse(self, response: Response) -> Iterator[Page | Request]:
        """Read a page for ``scrapy parse``: an article's, or the links of a listing.

        Nothing is stored.
        """
        if parse_address(response.url) is not None:
            yield preview(response)
        for _, url in self.links(response):
            if url != response.url:
                yield Request(url, callback=self.parse)

    def read(self, response: Response) -> Iterator[Page | Request]:
        """Hand the stored capture of an article to the stages."""
        if CAPTURE not in response.meta:
            yield from self.parse(response)  # `scrapy parse -c read`
            return
        self.failures = self.forbidden_in_a_row = 0
        capture = response.meta[CAPTURE]
        if response.request is not None:
            # A shell is the same whatever its page says, so its validators say nothing; what a
            # browser makes of it comes without any, so that older ones are forgotten.
            tags = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
            known = [tag.decode("latin-1") if tag else None for tag in tags]
            self.frontier.validators(asked_url(response.request), *known)
        yield Page(capture=capture)

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Remember an article that could not be fetched; a later run tries it again.

        Raises:
            CloseSpider: the site wants us gone, or so many failed in a row that it is down.
        """
        url = asked_url(failure.request)  # type: ignore[attr-defined]
        if refusal(failure) == "refused":
            return self.forbidden(url)
        self.note_failure(url, failure)
        self.failures += 1
        if self.failures >= self.most_failures:
            self.logger.error("%d pages in a row could not be fetched; stopping", self.failures)
            raise CloseSpider("unreachable")
        return iter(())

    def forbidden(self, url: str) -> Iterator[Request]:
        """Pass over an article that robots.txt forbids; nobody was asked for it.

        Raises:
            CloseSpider: so many in a row are forbidden that all may be.
        """
        self.logger.warning("robots.txt forbids %s; it was not asked for", url)
        self.writer.counts["forbidden"] += 1
        self.forbidden_in_a_row += 1
        if self.forbidden_in_a_row >= self.most_failures:
            raise CloseSpider("refused")
        return iter(())

    def note_failure(self, url: str, failure: Failure) -> None:
        """Count what could not be fetched and remember it as owed.

        Raises:
            CloseSpider: it was refused, and so would be everything else.
        """
        if isinstance(failure.value, NotAskedError):
            return  # nothing has failed: the run ended before its turn
        reason = explain(failure.value)
        self.logger.warning("%s could not be fetched (%s)", url, reason)
        self.frontier.failed(url, reason)
        self.writer.counts["failed"] += 1
        if ending := refusal(failure):
            raise CloseSpider(ending)

    def listing_failed(self, failure: Failure) -> Iterator[Request]:
        """Note that a listing the run needs could not be read; what is stored stays."""
        if isinstance(failure.value, NotAskedError):
            return iter(())
        self.logger.error("The listing could not be read: %s", explain(failure.value))
        self.ending = refusal(failure) or "failed"
        return iter(())

    def links(self, response: Response) -> list[tuple[int, str]]:
        """Return number and address of each article a page links to, once each, in order.

        A link in an odd form (a session id, a doubled slash) is asked for by the article's
        canonical address. One that looks like an article's and cannot be read is a problem.
        """
        found: dict[int, str] = {}
        for href, url in links_of(response).items():
            address = parse_address(url)
            if address is None and href.strip().startswith("//"):  # a path with a slash too many
                address = parse_address(self.home + "/" + href.strip().lstrip("/"))
            if address is None:
                if resembles_article(url):
                    self.unread_link(response, href)
            elif address.site is self.site and address.layout is self.layout:
                asked = url if is_plain(url) else self.at_home(address.url)
                found.setdefault(address.number, asked)
        return list(found.items())

    def unread_link(self, response: Response, href: str) -> None:
        """Tell of a link that looks like an article's, in a form that nobody has seen yet."""
        if href in self.unread_links:
            return
        self.unread_links.add(href)
        detail = f"{response.url} links to {href[:200]!a}, which looks like an article"
        self.logger.warning("%s; its address cannot be read and it was not asked for", detail)
        self.writer.problem("crawl", "unread-link", detail, url=response.url)
