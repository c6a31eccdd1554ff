"""Serves a practice site over HTTP, on loopback, for demos, tests and benchmarks.

Knows paths and HTTP; what pages say is the site's, what they look like is ``contents``'.
"""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from scraper.practice.contents import listing_page, page, search_page

if TYPE_CHECKING:
    from scraper.practice.site import PracticeSite

_ARTICLE = re.compile(r"/news/contents/(?:ministry_)?details/(\d{1,9})/?")
_HOME, _LISTING, _SEARCH, _ROBOTS = (
    ("/", "/main/contents"),
    "/news/contents",
    "/search",
    "/robots.txt",
)
_HTML = "text/html; charset=UTF-8"


@dataclass
class Served:
    """A site that is being served.

    Attributes:
        url: scheme, host and port, without a slash at the end.
        requests: the path and query of every request so far, in order.
    """

    url: str
    requests: list[str] = field(default_factory=list)


class Answer(NamedTuple):
    """What the site is made to say instead of what it would."""

    status: int
    body: bytes
    content_type: str = _HTML
    headers: tuple[tuple[str, str], ...] = ()


Intercept = Callable[[str], Answer | None]


@contextmanager
def serve(
    site: PracticeSite,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    crawl_delay: float | None = None,
    intercept: Intercept | None = None,
) -> Iterator[Served]:
    """Serve a site until the context is left; then every thread of it has ended.

    Args:
        site: what to serve.
        host: address to listen on; loopback unless told otherwise.
        port: 0 takes a free one.
        crawl_delay: seconds that robots.txt asks for between requests, if any.
        intercept: for tests of what can go wrong: gets the path and query of a request and may
            answer in the site's place.

    Raises:
        OSError: the address cannot be listened on.
    """
    with _Server((host, port), site, crawl_delay, intercept) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.served
        finally:
            server.shutdown()
            server.hang_up()
            thread.join()


class _Server(ThreadingHTTPServer):
    """One thread per connection; all are joined when the server closes."""

    daemon_threads = False
    request_queue_size = 128  # a benchmark opens many connections at once

    def __init__(
        self,
        address: tuple[str, int],
        site: PracticeSite,
        crawl_delay: float | None,
        intercept: Intercept | None,
    ) -> None:
        super().__init__(address, _Handler)
        self.site = site
        self.crawl_delay = crawl_delay
        self.intercept = intercept
        self.served = Served(f"http://{address[0]}:{self.server_address[1]}")
        self._connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # the client left, as it may
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """End the connections that clients keep open, so that their threads can end."""
        for connection in tuple(self._connections):
            with suppress(OSError):  # the client was quicker
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"  # keeps connections open
    server_version = "practice"
    # Headers and body leave in one piece, and at once: with Nagle's algorithm and delayed
    # acknowledgement a second piece waits 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.server.served.requests.append(self.path)
        intercept = self.server.intercept
        answer = (intercept and intercept(self.path)) or self._own_answer()
        status, body, content_type, headers = answer
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Keep quiet: ``Served.requests`` is the log."""

    def _own_answer(self) -> Answer:
        if answer := self._answer():
            return Answer(HTTPStatus.OK, *answer)
        return Answer(HTTPStatus.NOT_FOUND, page("404", "<h1>404</h1>").encode())

    def _answer(self) -> tuple[bytes, str] | None:
        """Return body and content type, or None where there is no such page."""
        address = urlsplit(self.path)
        if match := _ARTICLE.fullmatch(address.path):
            return self.server.site.html(int(match[1])), _HTML
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if address.path in _HOME:
            return self._listing({}, "หน้าแรก")
        if address.path == _LISTING:
            return self._listing(query, "ข่าวทั้งหมด")
        if address.path == _SEARCH:
            return self._search(query.get("keyword", "")), _HTML
        return (self._robots(), "text/plain") if address.path == _ROBOTS else None

    def _listing(self, query: dict[str, str], heading: str) -> tuple[bytes, str] | None:
        number, category = query.get("page", "1"), query.get("category")
        if not number.isdecimal() or int(number) < 1:
            return None
        articles = self.server.site.listing(int(number), category)
        neighbours = [n for n in (int(number) - 1, int(number) + 1) if n and (articles or n == 1)]
        same = {"category": category} if category else {}
        html = listing_page(
            heading,
            ((f"{_LISTING}/details/{number}", title) for number, title in articles),
            ((n, f"{_LISTING}?{urlencode({**same, 'page': n})}") for n in neighbours),
        )
        return html.encode(), _HTML

    def _search(self, keyword: str) -> bytes:
        found = self.server.site.search(keyword) if keyword else []
        base = self.server.served.url
        return search_page(
            keyword, ((f"{base}{_LISTING}/details/{number}", title) for number, title in found)
        ).encode()

    def _robots(self) -> bytes:
        lines = ["User-agent: *", "Disallow: /search", "Disallow: /admin/", "Allow: /news/"]
        if self.server.crawl_delay is not None:
            lines.append(f"Crawl-delay: {self.server.crawl_delay:g}")
        return "\n".join(lines).encode()
