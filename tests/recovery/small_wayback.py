"""A Wayback Machine on loopback whose pages and index a test defines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from tests.recovery.faulty_server import FaultyServer, Reply

if TYPE_CHECKING:
    from email.message import Message

STAMP = "Wed, 06 Mar 2024 06:06:06 GMT"


class SmallWayback(FaultyServer):
    """A Wayback Machine with the given mementos.

    Attributes:
        held: answers by time (14 digits) and URL; the index lists each with status 200.
        parts: successive answers of the index, instead of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], Reply] = {}
        self.parts: list[str] = []

    def hold(
        self, time: str, url: str, body: bytes, *headers: tuple[str, str], status: int = 200
    ) -> None:
        """Add a memento; ``headers`` are in addition to its time and type."""
        usual = (("Memento-Datetime", STAMP), ("Content-Type", "text/html; charset=utf-8"))
        self.held[time, url] = Reply(status, (*usual, *headers), body)

    def reply(self, path: str, _headers: Message) -> Reply:
        """Answer an index query or a replay."""
        parts = urlsplit(path)
        if parts.path == "/cdx/search/cdx":
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            return Reply(200, body=self.index(query).encode())
        if path.startswith("/web/"):
            time, _, url = path.removeprefix("/web/").partition("id_/")
            return self.held.get((time, unquote(url)), Reply(404))
        return Reply(404)

    def index(self, query: dict[str, str]) -> str:
        """Answer an index query."""
        if self.parts:
            return self.parts.pop(0) if "contents" in query["url"] else "[]"
        names = query["fl"].split(",")
        rows = [
            {"timestamp": time, "original": url, "statuscode": "200", "digest": f"{time}{url}"}
            for time, url in self.held
            if query["url"] in url
        ]
        return json.dumps([names, *([row.get(name, "key") for name in names] for row in rows)])
