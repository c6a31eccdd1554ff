"""Stops a run at an answer that is not the site's own: a bot check, a ban, a login, another site.

The answer is kept as evidence with the outcome ``blocked`` and is never read as an article. What
such answers look like stands in tables (``challenge_*.csv``), not here.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from scraper.crawl.capture import PAYLOAD, storing
from scraper.crawl.origins import ORIGIN, live
from scraper.crawl.permission import StopAskingError
from scraper.crawl.redirects import trap
from scraper.crawl.robots import asks_for_rules
from scraper.crawl.run import writer_of
from scraper.crawl.shutdown import Shutdown
from scraper.model import Origin, Outcome, Page
from scraper.pages.charset import decode
from scraper.pages.detect import Form, block_reason, challenge_service, form_of, is_of_site
from scraper.pages.shell import is_shell

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.archive.writer import ArchiveWriter
    from scraper.model import Capture, Incoming


SITE_NAME = "รัฐบาลไทย"  # the Thai government, of which each page of the site says that it is
WHOLE = re.compile(r"</(?:html|body)>", re.IGNORECASE)
TITLE = re.compile(r"<title\b[^>]*>([^<]*)", re.IGNORECASE)


class StopAtChallenge:
    """Keeps an answer that means "no" and lets nothing more be asked.

    Args:
        shutdown: what it shuts.
        writer: where the evidence is kept.
        retried: HTTP statuses of which others wait and ask again; such an answer stops the run
            only if it says that it is a bot check.
        asks_site: whether the site itself is asked; the index of a web archive looks like none.
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
        """Use the session of the run; without one (``scrapy shell``) nothing is stopped."""
        writer = writer_of(crawler)
        retried = frozenset(map(int, crawler.settings.getlist("RETRY_HTTP_CODES")))
        spider: Any = crawler.spider
        return cls(Shutdown.of(crawler), writer, retried, asks_site=spider.server == spider.home)

    def process_response(self, request: Request, response: Response) -> Response:
        """Hand an answer on, unless it means "no".

        Raises:
            StopAskingError: it does.
        """
        # Web archives answer with copies of such pages, too; their lanes look for themselves.
        if request.meta.get(ORIGIN) not in {None, Origin.LIVE}:
            return response
        incoming = live(request, response, *request.meta[PAYLOAD])
        reason = trap(request, response) or self._reason(request, incoming)
        if reason is None:
            return response
        self._keep(incoming, reason)
        self.shutdown.shut("blocked", f"{response.url}: {reason}. The answer is kept as evidence")
        raise StopAskingError(reason)

    def _reason(self, request: Request, incoming: Incoming) -> str | None:
        capture, _, headers = incoming[:3]
        text = decode(capture.body, capture.content_type)[0]
        # RFC 9309 has HTTP 4xx for robots.txt mean "no rules", whoever sends it.
        if asks_for_rules(request) or capture.status in self.retried:
            service = challenge_service(text, capture.status, headers)
            return service and f"expected {request.url}, found the bot check or ban of {service}"
        reason = block_reason(capture, text, headers)
        if reason or not self.asks_site:
            return reason
        return _other_site(capture, text, is_listing=request.meta.get(ORIGIN) is None)

    def _keep(self, incoming: Incoming, reason: str) -> None:
        with storing(self.shutdown, incoming.capture.url):
            (capture,) = self.writer.capture([incoming])
            page = Page(capture=capture, outcome=Outcome.BLOCKED)
            page.add_problem("crawl", "blocked", reason)
            self.writer.save([page])


def _other_site(capture: Capture, text: str, *, is_listing: bool) -> str | None:
    """Return what stands in the site's place, such as a captive portal or a parked domain.

    Only a whole page says so: one that broke off may be the site's. What titles its listings have
    is not known, so that they only need to name the site.
    """
    is_page = capture.rendered or capture.status == HTTPStatus.OK
    if not (is_page and form_of(capture) is Form.HTML and WHOLE.search(text)):
        return None
    if is_of_site(text) or (is_listing and SITE_NAME in text):
        return None
    if not capture.rendered and is_shell(text):
        return None
    title = TITLE.search(text)
    named = f"“{title[1].strip()}”" if title else "without a title"
    return f"expected a page of the site, found another one, {named}"
