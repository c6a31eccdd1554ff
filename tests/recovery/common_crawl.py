"""Common Crawl on loopback: WARC files served with ranges, and an index of the documented form."""

from __future__ import annotations

import json
import re
from base64 import b32encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.recovery.pages_in_warc import Held, write_warc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.recovery.wayback_front import Fault


@dataclass
class CommonCrawl:
    """The two servers of Common Crawl in one.

    Attributes:
        folder: where the WARC files are.
        collections: index rows by the collection's id, the newest first.
        faults: answers to give instead, by a piece of the path; each is given once.
    """

    folder: Path
    collections: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    url: str = ""
    requests: list[str] = field(default_factory=list)

    def add(self, name: str, copies: Sequence[Held]) -> Path:
        """Write a collection's WARC file and list its records; return the file."""
        file = f"crawl-data/{name}/segments/1/warc/part-00000.warc.gz"
        path = self.folder / file
        path.parent.mkdir(parents=True)
        places = write_warc(path, copies)
        self.collections[name] = [
            {
                "urlkey": copy.url,
                "timestamp": copy.timestamp,
                "url": copy.url,
                "mime": "text/html",
                "status": copy.status[:3],
                "digest": b32encode(sha1(copy.body).digest()).decode(),
                "length": str(length),
                "offset": str(offset),
                "filename": file,
            }
            for copy, (offset, length) in zip(copies, places, strict=True)
        ]
        return path

    def answer(self, path: str, byte_range: str) -> tuple[int, bytes]:
        """Return status and body for a request."""
        parts = urlsplit(path)
        if parts.path == "/collinfo.json":
            known = [
                {"id": name, "name": name, "cdx-api": f"{self.url}/{name}-index"}
                for name in self.collections
            ]
            return 200, json.dumps(known).encode()
        if parts.path.endswith("-index"):
            prefix = parse_qs(parts.query)["url"][0].removesuffix("*")
            rows = self.collections[parts.path.strip("/").removesuffix("-index")]
            found = [row for row in rows if prefix in row["url"]]
            lines = "".join(json.dumps(row) + "\n" for row in found)
            return (200, lines.encode()) if found else (404, b'{"message": "No Captures found"}')
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", byte_range)
        if match is None:
            return 403, b"whole files are not given"
        content = (self.folder / parts.path.strip("/")).read_bytes()
        return 206, content[int(match[1]) : int(match[2]) + 1]


@contextmanager
def common_crawl(folder: Path) -> Iterator[CommonCrawl]:
    """Serve a Common Crawl whose files are in a folder."""
    served = CommonCrawl(folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(served)) as server:
        server.daemon_threads = True
        served.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()


def _handler(served: CommonCrawl) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            byte_range = self.headers.get("Range", "")
            asked = f"{self.path} {byte_range}".strip()
            served.requests.append(asked)
            for piece, faults in served.faults.items():
                if piece in asked and faults:
                    fault = faults.pop(0)
                    self.send(fault.status, fault.body, fault.cut, fault.headers)
                    return
            if self.path == "/robots.txt":
                self.send(404, b"")
            else:
                self.send(*served.answer(self.path, byte_range))

        def send(
            self,
            status: int,
            body: bytes,
            cut: int = 0,
            headers: tuple[tuple[str, str], ...] = (),
        ) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(len(body) + cut))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    return Handler
