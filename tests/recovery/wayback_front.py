"""A Wayback Machine on loopback: a real pywb, behind a front that speaks the Archive's CDX form.

Replays are pywb's own. The front translates its CDX lines into the array form, cuts them into
parts with resume keys, lists some rows twice, and can be told to fail.
"""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from tests.peers import free_port, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ROWS_A_PART = 500
PASSED_ON = ("Content-Type", "Content-Encoding", "Memento-Datetime", "Link")


class Fault(NamedTuple):
    """An answer in place of the right one."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut: int = 0  # bytes that are announced and not sent


@contextmanager
def pywb(program: Path, folder: Path, warcs: list[Path]) -> Iterator[int]:
    """Serve WARC files by pywb from a new collection; yield its port."""
    manage = program.with_name("wb-manager")
    for arguments in (["init", "all"], ["add", "all", *map(str, warcs)]):
        subprocess.run([manage, *arguments], cwd=folder, check=True, capture_output=True)
    port = free_port()
    server = subprocess.Popen(
        [program, "-p", str(port), "-b", "127.0.0.1"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


@dataclass
class Front:
    """The Wayback Machine as it is seen from outside.

    Attributes:
        url: where it listens.
        requests: path and query of every request.
        faults: answers to give instead, by a piece of the path; each is given once.
        shifted: pieces of addresses whose timestamps the index tells some seconds late.
    """

    port: int
    url: str = ""
    requests: list[str] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    shifted: set[str] = field(default_factory=set)

    def replays(self) -> list[str]:
        """Return the replay requests."""
        return [path for path in self.requests if "id_/" in path]

    def fault(self, path: str) -> Fault | None:
        """Return the fault to show for a path, if one is left."""
        for piece, faults in self.faults.items():
            if piece in path and faults:
                return faults.pop(0)
        return None

    def ask(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Ask pywb."""
        connection = HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", path)
        answer = connection.getresponse()
        found = answer.status, dict(answer.headers), answer.read()
        connection.close()
        return found

    def index(self, query: dict[str, str]) -> bytes:
        """Answer a CDX query in the Internet Archive's form."""
        lines = self.ask(f"/all/cdx?url={quote(query['url'])}&matchType=prefix&output=json")[2]
        rows = []
        for number, line in enumerate(lines.splitlines()):
            record = json.loads(line)
            stamp = record["timestamp"]
            if any(piece in record["url"] for piece in self.shifted):
                stamp = stamp[:12] + "59"
            row = [stamp, record["url"], record["status"], record["digest"]]
            if query.get("from", "") <= stamp <= query.get("to", "9").ljust(14, "9"):
                rows += [row] * (2 if number % 7 == 0 else 1)
        start = int(query.get("resumeKey", 0))
        end = start + min(ROWS_A_PART, int(query["limit"]))
        answer: list[list[str]] = [query["fl"].split(","), *rows[start:end]]
        if end < len(rows):
            answer += [[], [str(end)]]
        return json.dumps(answer if rows else []).encode()


@contextmanager
def front(port: int) -> Iterator[Front]:
    """Serve a front for pywb on a port."""
    shown = Front(port)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(shown)) as server:
        server.daemon_threads = True
        shown.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield shown
        finally:
            server.shutdown()
            thread.join()


def _handler(shown: Front) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.requests.append(self.path)
            if fault := shown.fault(self.path):
                self.send(fault.status, fault.headers, fault.body, fault.cut)
            elif self.path.startswith("/cdx/search/cdx?"):
                asked = {
                    name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()
                }
                self.send(200, (("Content-Type", "application/json"),), shown.index(asked))
            elif self.path.startswith("/web/"):
                self.replay(self.path.removeprefix("/web"))
            else:
                self.send(404, (), b"")

        def replay(self, path: str) -> None:
            status, headers, body = shown.ask("/all" + path)
            stamp, _, url = path.strip("/").partition("id_/")
            place = headers.get("Content-Location", "")
            held = place.partition("/all/")[2].partition("id_/")[0]
            if held and held != stamp:  # the Archive sends one to the copy that is nearest
                self.send(302, (("Location", f"/web/{held}id_/{url}"),), b"")
                return
            kept = [
                (name, value)
                for name, value in headers.items()
                if name in PASSED_ON or name.startswith("X-Archive-Orig-")
            ]
            self.send(status, tuple(kept), body)

        def send(
            self, status: int, headers: tuple[tuple[str, str], ...], body: bytes, cut: int = 0
        ) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + cut))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    return Handler
