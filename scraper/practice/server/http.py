"""Serves a practice site over HTTP, on loopback, for demos, tests and benchmarks.

This module knows HTTP only; ``paths`` maps paths to pages, and the site makes their content.
"""

from __future__ import annotations

import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from scraper.practice.server.answers import Answer
from scraper.practice.server.files import file_answer
from scraper.practice.server.paths import ANSWERS, Asked, no_such_page, robots_answer

if TYPE_CHECKING:
    from email.message import Message

    from scraper.practice.site.base import BaseSite

__all__ = ["Answer", "Intercept", "Request", "Served", "serve"]

_ROBOTS = "/robots.txt"
# Closing resets the connection: unsent data is dropped, and the client gets an RST.
_RESET = struct.pack("ii", 1, 0)


class Request(NamedTuple):
    """A request that was served.

    Attributes:
        method, path: as sent; the path includes the query.
        headers: looked up by name, ignoring case.
        at: monotonic seconds; only differences are meaningful.
    """

    method: str
    path: str
    headers: Message
    at: float


@dataclass
class Served:
    """A site that is being served.

    Attributes:
        url: scheme, host and port, without a trailing slash.
        requests: the path and query of every request so far, in order.
        log: the same requests in full.
    """

    url: str
    requests: list[str] = field(default_factory=list)
    log: list[Request] = field(default_factory=list)


Intercept = Callable[[str], Answer | None]


@contextmanager
def serve(  # noqa: PLR0913  each sets one property of the server
    site: BaseSite,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    crawl_delay: float | None = None,
    validators: bool = False,
    intercept: Intercept | None = None,
) -> Iterator[Served]:
    """Serve a site until the context exits, then stop all its threads.

    Args:
        site: what to serve.
        host: address to listen on; loopback by default.
        port: 0 picks a free one.
        crawl_delay: Crawl-delay in robots.txt, in seconds; None for none.
        validators: whether article pages have ETag and Last-Modified, so that conditional requests
            can be answered with 304.
        intercept: simulates faults in tests: gets the path and query of a request and may
            answer in place of the site.

    Raises:
        OSError: cannot listen on the address.
    """
    with _Server((host, port), site) as server:
        server.crawl_delay, server.validators, server.intercept = crawl_delay, validators, intercept
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
    crawl_delay: float | None = None
    validators = False
    intercept: Intercept | None = None

    def __init__(self, address: tuple[str, int], site: BaseSite) -> None:
        super().__init__(address, _Handler)
        self.site = site
        self.served = Served(f"http://{address[0]}:{self.server_address[1]}")
        self._connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # the client may disconnect
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Close the connections that clients keep open, so that their threads can end."""
        for connection in tuple(self._connections):
            with suppress(OSError):  # the client closed it first
                connection.shutdown(socket.SHUT_RDWR)

    def answer(self, path: str) -> Answer:
        """Return the answer to a request: from ``intercept``, or else from the site."""
        if self.intercept and (answer := self.intercept(path)):
            return answer
        address = urlsplit(path)
        if address.path == _ROBOTS:
            return robots_answer(self.site.layout, self.served.url, self.crawl_delay)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        asked = Asked(address.path, query, self.served.url)
        found = ANSWERS[self.site.layout](self.site, asked) or file_answer(address.path)
        return found or no_such_page()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"  # keeps connections open
    server_version = "practice"
    # Send headers and body in one packet, immediately: with Nagle's algorithm and delayed
    # acknowledgement a second packet waits 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        served = self.server.served
        served.requests.append(self.path)
        served.log.append(Request(self.command, self.path, self.headers, time.monotonic()))
        answer = self.server.answer(self.path)
        validators = _validators(answer) if self.server.validators else {}
        if _is_known(self.headers, validators):
            answer = Answer(HTTPStatus.NOT_MODIFIED, b"")
        if not answer.raw:
            self._send_head(answer, validators)
        if self.command != "HEAD":
            self._send_body(answer)
        # Without a correct length the client cannot see where the answer ends.
        if answer.raw or "content-length" in _names(answer):
            self.close_connection = True
        if answer.cut:
            self._reset()

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Log nothing: ``Served`` has the log."""

    def _send_head(self, answer: Answer, validators: dict[str, str]) -> None:
        self.send_response(answer.status)
        for name, value in (*answer.headers, *validators.items()):
            self.send_header(name, value)
        if answer.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", answer.content_type)
            self._send_length(answer)
        self.end_headers()

    def _send_length(self, answer: Answer) -> None:
        if not isinstance(answer.body, bytes):
            self.send_header("Connection", "close")
        elif "content-length" not in _names(answer):
            self.send_header("Content-Length", str(len(answer.body)))

    def _send_body(self, answer: Answer) -> None:
        pieces = (answer.body,) if isinstance(answer.body, bytes) else answer.body
        for piece in pieces:
            self.wfile.write(piece)
            self.wfile.flush()

    def _reset(self) -> None:
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.close_connection = True
        self.connection.close()


def _names(answer: Answer) -> set[str]:
    return {name.lower() for name, _ in answer.headers}


def _validators(answer: Answer) -> dict[str, str]:
    """Return ETag and Last-Modified; empty if it is unknown when the page changed."""
    if answer.changed_at is None or not isinstance(answer.body, bytes):
        return {}
    return {
        "ETag": f'"{sha256(answer.body).hexdigest()[:16]}"',
        "Last-Modified": format_datetime(answer.changed_at.astimezone(UTC), usegmt=True),
    }


def _is_known(headers: Message, validators: dict[str, str]) -> bool:
    """Whether the client's copy is current, by its ETag or, if it sent none, by its date."""
    if not validators:
        return False
    if tags := headers.get("If-None-Match"):
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return bool(known & {"*", validators["ETag"]})
    since = headers.get("If-Modified-Since")
    with suppress(ValueError, TypeError):  # an invalid date is ignored
        return since is not None and parsedate_to_datetime(
            validators["Last-Modified"]
        ) <= parsedate_to_datetime(since)
    return False
