"""Fetches the files that stored articles link to: documents, and pictures if asked to."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urldefrag, urlsplit

from scrapy import signals
from scrapy.exceptions import CloseSpider, DownloadCancelledError, StopDownload

from scraper.archive.attachments import OTHER_TYPE, TOO_LARGE
from scraper.attachments.formats import format_named, may_be_file, media_type_of
from scraper.attachments.reading import STAGE
from scraper.attachments.texts import missing_libraries
from scraper.crawl.capture import CAPTURE
from scraper.crawl.origins import ATTACHMENT, ORIGIN, header
from scraper.crawl.permission import is_loopback
from scraper.install import install_command
from scraper.model import Origin, Outcome, Page
from spiders.arguments import ArgumentError, number_argument
from spiders.base import ArchiveSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Response
    from twisted.python.failure import Failure

    from scraper.archive.attachments import WantedFile

MEGABYTE = 1_000_000
LARGEST, MOST_ALLOWED = 30, 200  # megabytes; a file is held in memory while it is stored and read
PATIENCE = 300  # seconds for a whole file; a page has DOWNLOAD_TIMEOUT
MAX_REDIRECTS = 5
HOPS = "thaigov_hops"  # request.meta: redirects that led here
_SAFE = "/:?&=+%~@!$'()*,;-._"  # of an address; a # is part of a file name


class AttachmentsSpider(ArchiveSpider):
    """Requests one attachment of stored articles after another, those of new articles first.

    Only files on the site's own hosts are requested. A file that is stored is not requested again.

    Args:
        images: ``1`` to fetch pictures as well. Photographs on the site are under copyright, unlike
            the texts of news: keep them to yourself unless their owner agrees.
        largest: largest file to fetch, in megabytes, default 30. A larger one is reported and left
            out.
    """

    name = "attachments"

    def __init__(self, images: str = "0", largest: str | None = None, **arguments: str) -> None:
        super().__init__(**arguments)
        self.kinds = ("document", "image") if number_argument("images", images) else ("document",)
        megabytes = number_argument("largest", largest, least=1)
        if (megabytes or 0) > MOST_ALLOWED:
            raise ArgumentError(f"largest must be at most {MOST_ALLOWED}, not {largest}")
        self.asks_larger = megabytes is not None
        self.largest = (megabytes or LARGEST) * MEGABYTE
        self.queue: list[WantedFile] = []  # the next one last
        self.others: Counter[str] = Counter()  # attachments that are not requested, by reason

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Create the spider and have it see each answer's headers before its bytes."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.check_type, signals.headers_received)
        crawler.signals.connect(spider.file_processed, signals.item_scraped)
        return spider

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Names of the hosts that may be asked: the site's, and those of its files."""
        return self.site.hosts | self.site.file_hosts

    @property
    def remaining(self) -> int | None:  # type: ignore[override]
        """Files still to be requested."""
        return len(self.queue)

    async def start(self) -> AsyncIterator[Request]:
        """Request the first file; each answer leads to the next one."""
        wanted = self.writer.attachments.wanted(
            self.site, self.kinds, again=self.again, larger=self.asks_larger
        )
        self.queue = [file for file in reversed(wanted) if self.is_asked_for(file)]
        if missing := missing_libraries():
            self.logger.warning(
                "%s not installed, so files are stored but their text is not read: run `%s`",
                ", ".join(missing), install_command("attachments"),
            )  # fmt: skip
        for reason, count in sorted(self.others.items()):
            self.logger.info("%s attachments are not requested: %s", f"{count:,}", reason)
        for request in self.next_file():
            yield request

    def is_asked_for(self, file: WantedFile) -> bool:
        """Return whether a file has a known format and is on a host that may be asked."""
        host = host_of(file.url)
        if format_named(file.address) is None:
            self.others["not PDF, Word or Excel files or pictures"] += 1
        elif host not in self.allowed_hosts:
            self.others[f"on {host}, another site"] += 1
        else:
            return True
        return False

    def next_file(self) -> Iterator[Request]:
        """Yield the request for the next file.

        Raises:
            CloseSpider: too many answers in a row were no files.
        """
        if self.failures_in_a_row >= self.most_failures:
            self.logger.error(
                "%d responses in a row were not files; stopping", self.failures_in_a_row
            )
            raise CloseSpider("unreachable")
        if self.queue:
            file = self.queue.pop()
            request = self.file_request(self.asked_url(file.url), file.address)
            if file.etag:
                request.headers["If-None-Match"] = file.etag
            if file.last_modified:
                request.headers["If-Modified-Since"] = file.last_modified
            yield request

    def asked_url(self, url: str) -> str:
        """Return a file's URL as it is requested; a practice site serves all its hosts' files."""
        if is_loopback(self.home):
            rest = url.partition("://")[2].partition("/")[2]
            return f"{self.home}/{quote(rest, safe=_SAFE)}"
        return quote(url, safe=_SAFE)

    def file_request(self, url: str, address: str, hops: int = 0) -> Request:
        """Return the request for a file.

        Args:
            url: to ask.
            address: of the attachment, by which it is known.
            hops: redirects that led to ``url``.
        """
        meta = {
            ORIGIN: Origin.LIVE,
            ATTACHMENT: address,
            HOPS: hops,
            "download_maxsize": self.largest,
            "download_timeout": PATIENCE,
        }
        return self.page_request(url, meta)

    def check_type(self, headers: Headers, request: Request) -> None:
        """Stop an answer before its bytes are sent if it declares to be no document or picture.

        Raises:
            StopDownload: it does.
        """
        declared = (headers.get("Content-Type") or b"").decode("latin-1")
        if ATTACHMENT in request.meta and not may_be_file(declared):
            raise StopDownload

    def read(self, response: Response) -> Iterator[Page | Request]:
        """Yield the stored file as an item for the stages, then the next request."""
        request = response.request
        if CAPTURE not in response.meta or request is None:  # `scrapy parse -c read`
            return
        address = response.meta[ATTACHMENT]
        self.frontier.follow([address])
        if response.status == HTTPStatus.OK:
            tags = (header(response, name) or None for name in ("ETag", "Last-Modified"))
            self.frontier.set_validators(address, *tags)
        yield Page(capture=response.meta[CAPTURE])
        if (target := self.redirect_target(response)) is not None:
            yield self.file_request(target, address, response.meta[HOPS] + 1)
        else:
            yield from self.next_file()

    def redirect_target(self, response: Response) -> str | None:
        """Return where a redirect leads, None for any other answer.

        A redirect to another host, or one too many, is told and not followed.
        """
        location = header(response, "Location").strip()
        if not (HTTPStatus.MULTIPLE_CHOICES <= response.status < 400 and location):
            return None
        if response.status == HTTPStatus.NOT_MODIFIED:
            return None
        target = urldefrag(response.urljoin(location)).url
        address = response.meta[ATTACHMENT]
        if host_of(target) not in self.allowed_hosts:
            detail = f"{address} has moved to {host_of(target)}, another site; not followed"
        elif response.meta[HOPS] >= MAX_REDIRECTS:
            detail = f"{address} leads through more than {MAX_REDIRECTS} redirects"
        else:
            return target
        self.writer.problem(STAGE, "moved-away", detail, url=response.url)
        return None

    def file_processed(self, item: Page) -> None:
        """Count answers in a row that are no files, such as one error page for all."""
        is_none = item.outcome is Outcome.UNPARSED
        self.failures_in_a_row = self.failures_in_a_row + 1 if is_none else 0
        self.forbidden_in_a_row = 0

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Record why a file was not fetched, then request the next one."""
        request: Request = failure.request  # type: ignore[attr-defined]
        address = request.meta[ATTACHMENT]
        error = failure.value
        if isinstance(error, DownloadCancelledError):
            detail = f"larger than {self.largest // MEGABYTE} MB, so it was left out; -a largest=MB"
            self.leave_out(address, TOO_LARGE, "too-large", detail)
        elif isinstance(error, StopDownload):
            declared = error.response and media_type_of(header(error.response, "Content-Type"))
            detail = f"sent as {declared}, which is no document or picture, so it was left out"
            self.leave_out(address, OTHER_TYPE, "other-type", detail)
        else:
            yield from super().failed(failure)
        yield from self.next_file()

    def leave_out(self, address: str, result: str, kind: str, detail: str) -> None:
        """Record a file that is not wanted, so that no later run asks for it again."""
        self.logger.warning("%s: %s", address, detail)
        self.writer.problem(STAGE, kind, detail, url=address)
        self.writer.attachments.leave_out(address, result)

    def record_failure(self, url: str, failure: Failure) -> None:
        """Queue a file that could not be fetched under its own address, for the next run."""
        super().record_failure(failure.request.meta.get(ATTACHMENT, url), failure)  # type: ignore[attr-defined]


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, empty if there is none."""
    try:
        return urlsplit(url.replace("#", "%23")).hostname or ""
    except ValueError:  # such as http://[
        return ""
