"""An HTTP server on loopback that records its requests and fails on demand."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message


class Reply(NamedTuple):
    """An answer, correct or faulty."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut: int = 0  # bytes announced but not sent
    reset: bool = False  # the connection is closed without an answer


class FaultyServer:
    """Base of the servers that imitate web archives.

    Attributes:
        url: its address.
        requests: path of every request, with the byte range if any.
        faults: answers given instead, each once, by a part of the request.
    """

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[str] = []
        self.faults: dict[str, list[Reply]] = {}

    def reply(self, path: str, headers: Message) -> Reply:
        """Return the correct answer to a request."""
        raise AssertionError(f"no answer for {path} {headers}")

    def handle(self, path: str, headers: Message) -> Reply:
        """Record a request and return its answer, or the next fault for it."""
        asked = f"{path} {headers.get('Range', '')}".strip()
        self.requests.append(asked)
        for piece, faults in self.faults.items():
            if piece in asked and faults:
                return faults.pop(0)
        return self.reply(path, headers)


_Server = TypeVar("_Server", bound=FaultyServer)


@contextmanager
def serving(server: _Server) -> Iterator[_Server]:
    """Serve until the context is left."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body, cut, reset = server.handle(self.path, self.headers)
            if reset:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + cut))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        server.url = f"http://127.0.0.1:{listening.server_address[1]}"
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
