"""A Wayback Machine on loopback: pywb, with a front that speaks the Internet Archive's CDX format.

Replays come from pywb. The front converts its CDX lines to the array format, splits them into parts
with resume keys, lists some rows twice, and fails on demand.
"""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from tests.peers import free_port, wait_for
from tests.recovery.faulty_server import FaultyServer, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path

ROWS_PER_PART = 500
PASSED_ON = ("Content-Type", "Content-Encoding", "Memento-Datetime", "Link")


@contextmanager
def pywb(program: Path, folder: Path, warcs: list[Path]) -> Iterator[int]:
    """Serve WARC files with pywb from a new collection; yield its port."""
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


class Front(FaultyServer):
    """The Wayback Machine as seen by a client.

    Args:
        port: of pywb.

    Attributes:
        shifted: parts of URLs whose timestamps the index gives some seconds late.
    """

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.shifted: set[str] = set()

    def replays(self) -> list[str]:
        """Return the replay requests."""
        return [path for path in self.requests if "id_/" in path]

    def reply(self, path: str, _headers: Message) -> Reply:
        """Answer an index query or a replay."""
        if path.startswith("/cdx/search/cdx?"):
            query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
            return Reply(200, (("Content-Type", "application/json"),), self.index(query))
        if path.startswith("/web/"):
            return self.replay(path.removeprefix("/web"))
        return Reply(404)

    def replay(self, path: str) -> Reply:
        """Return pywb's replay."""
        status, headers, body = self.ask("/all" + path)
        stamp, _, url = path.strip("/").partition("id_/")
        held = headers.get("Content-Location", "").partition("/all/")[2].partition("id_/")[0]
        if held and held != stamp:  # the Archive redirects to the nearest copy
            return Reply(302, (("Location", f"/web/{held}id_/{url}"),))
        kept = [
            (name, value)
            for name, value in headers.items()
            if name in PASSED_ON or name.startswith("X-Archive-Orig-")
        ]
        return Reply(status, tuple(kept), body)

    def ask(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of pywb's answer."""
        connection = HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", path)
        answer = connection.getresponse()
        found = answer.status, dict(answer.headers), answer.read()
        connection.close()
        return found

    def index(self, query: dict[str, str]) -> bytes:
        """Answer a CDX query in the Internet Archive's format."""
        lines = self.ask(f"/all/cdx?url={quote(query['url'])}&matchType=prefix&output=json")[2]
        rows = []
        for number, line in enumerate(lines.splitlines()):
            record = json.loads(line)
            stamp = record["timestamp"]
            if any(piece in record["url"] for piece in self.shifted):
                stamp = stamp[:12] + "59"
            fields = {
                "timestamp": stamp,
                "original": record["url"],
                "statuscode": record["status"],
                "digest": record["digest"],
                "urlkey": record["urlkey"],
            }
            row = [fields[name] for name in query["fl"].split(",")]
            if query.get("from", "") <= stamp <= query.get("to", "9").ljust(14, "9"):
                rows += [row] * (2 if number % 7 == 0 else 1)
        # The Archive builds its key from the requested columns; without urlkey it leads back to the
        # start.
        start = int(query.get("resumeKey", 0)) if "urlkey" in query["fl"] else 0
        end = start + min(ROWS_PER_PART, int(query["limit"]))
        answer: list[list[str]] = [query["fl"].split(","), *rows[start:end]]
        if end < len(rows):
            answer += [[], [str(end)]]
        return json.dumps(answer if rows else []).encode()
