"""Stops a run at a response that is not a page of the site: a bot check, a ban, a login, a portal.

The response is kept as evidence with the outcome ``blocked`` and never parsed as an article. The
patterns that recognise such responses are in ``data/reference/challenge_*.csv``.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from scraper.attachments.formats import format_of
from scraper.crawl.capture import PAYLOAD, stop_if_unstorable
from scraper.crawl.origins import ATTACHMENT, ORIGIN, live
from scraper.crawl.permission import StopAskingError
from scraper.crawl.redirects import trap_reason
from scraper.crawl.robots import is_robots_request
from scraper.crawl.run import writer_of
from scraper.crawl.shutdown import Shutdown
from scraper.model import Origin, Outcome, Page
from scraper.pages.charset import decode_page
from scraper.pages.detect import (
    Form,
    block_reason,
    challenge_service,
    form_of,
    is_site_page,
)
from scraper.pages.shell import is_shell

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.archive.writer import ArchiveWriter
    from scraper.model import Capture, Incoming


SITE_NAME = "รัฐบาลไทย"  # "Thai government", which is on every page of the site
END_OF_PAGE = re.compile(r"</(?:html|body)>", re.IGNORECASE)
TITLE_TAG = re.compile(r"<title\b[^>]*>([^<]*)", re.IGNORECASE)


class StopAtChallenge:
    """A downloader middleware that stores a challenge or refusal and stops the run.

    Args:
        shutdown: of the run.
        writer: stores the evidence.
        retried: HTTP statuses that are retried elsewhere; such a response stops the run only if it
            is recognised as a bot check.
        asks_site: whether the run asks the site itself. Responses of a web archive's index do not
            look like the site, so they are not compared with it.
    """

    def __init__(
        self, shutdown: Shutdown, writer: ArchiveWriter, retried: frozenset[int], *, asks_site: bool
    ) -> None:
        self.shutdown = shutdown
        self.writer = writer
        self.retried = retried
        self.asks_site = asks_site

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Use the archive of the run; without one (``scrapy shell``) nothing is stopped."""
        writer = writer_of(crawler)
        retried = frozenset(map(int, crawler.settings.getlist("RETRY_HTTP_CODES")))
        spider: Any = crawler.spider
        return cls(Shutdown.of(crawler), writer, retried, asks_site=spider.server == spider.home)

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass a response on unless it is a challenge or refusal.

        Raises:
            StopAskingError: it is.
        """
        # Web archives hold copies of such pages; ``origins`` checks their responses.
        if request.meta.get(ORIGIN) not in {None, Origin.LIVE}:
            return response
        incoming = live(request, response, *request.meta[PAYLOAD])
        reason = trap_reason(request, response) or self._reason(request, incoming)
        if reason is None:
            return response
        self._keep(incoming, reason)
        self.shutdown.stop("blocked", f"{response.url}: {reason}. The response is kept as evidence")
        raise StopAskingError(reason)

    def _reason(self, request: Request, incoming: Incoming) -> str | None:
        capture, _, headers = incoming[:3]
        is_file = ATTACHMENT in request.meta
        text = ""
        if not (is_file and format_of(capture.body)):
            text = decode_page(capture.body, capture.content_type)[0]
        # RFC 9309: any HTTP 4xx for robots.txt means "no rules".
        if is_robots_request(request) or capture.status in self.retried:
            service = challenge_service(text, capture.status, headers)
            return service and f"expected {request.url}, found the bot check or ban of {service}"
        reason = block_reason(capture, text, headers)
        # An answer in place of a file need not look like the site; reading it says what it is.
        if reason or is_file or not self.asks_site:
            return reason
        return _other_site(capture, text, is_listing=request.meta.get(ORIGIN) is None)

    def _keep(self, incoming: Incoming, reason: str) -> None:
        with stop_if_unstorable(self.shutdown, incoming.capture.url):
            (capture,) = self.writer.capture([incoming])
            page = Page(capture=capture, outcome=Outcome.BLOCKED)
            page.add_problem("crawl", "blocked", reason)
            self.writer.save([page])


def _other_site(capture: Capture, text: str, *, is_listing: bool) -> str | None:
    """Return a reason if a page belongs to another site, such as a captive portal or parked domain.

    Only complete pages are judged, as a truncated one may be the site's. The titles of listings are
    not known, so a listing passes if it names the site.
    """
    is_page = capture.rendered or capture.status == HTTPStatus.OK
    if not (is_page and form_of(capture) is Form.HTML and END_OF_PAGE.search(text)):
        return None
    if is_site_page(text) or (is_listing and SITE_NAME in text):
        return None
    if not capture.rendered and is_shell(text):
        return None
    title = TITLE_TAG.search(text)
    named = f"“{title[1].strip()}”" if title else "without a title"
    return f"expected a page of the site, found another one, {named}"
