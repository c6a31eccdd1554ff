"""Common Crawl on loopback: WARC files served by range, and an index in the documented format."""

from __future__ import annotations

import json
import re
from base64 import b32encode
from hashlib import sha1
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.recovery.faulty_server import FaultyServer, Reply
from tests.recovery.pages_in_warc import Held, write_warc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import Message
    from pathlib import Path


class CommonCrawl(FaultyServer):
    """Both servers of Common Crawl in one.

    Args:
        folder: where the WARC files are.

    Attributes:
        collections: index rows by the collection's id, the newest first.
        robots: its robots.txt, None for none.
        lines: answers of indexes instead of their rows, by the collection's id.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.collections: dict[str, list[dict[str, str]]] = {}
        self.robots: bytes | None = None
        self.lines: dict[str, bytes] = {}

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

    def reply(self, path: str, headers: Message) -> Reply:
        """Answer an index query, or a range of a file."""
        parts = urlsplit(path)
        if parts.path == "/robots.txt":
            return Reply(404) if self.robots is None else Reply(200, body=self.robots)
        if parts.path == "/collinfo.json":
            known = [
                {"id": name, "name": name, "cdx-api": f"{self.url}/{name}-index"}
                for name in self.collections
            ]
            return Reply(200, body=json.dumps(known).encode())
        if parts.path.endswith("-index"):
            prefix = parse_qs(parts.query)["url"][0].removesuffix("*")
            name = parts.path.strip("/").removesuffix("-index")
            if name in self.lines:
                return Reply(200, body=self.lines[name])
            rows = self.collections[name]
            lines = "".join(json.dumps(row) + "\n" for row in rows if prefix in row["url"])
            return Reply(200 if lines else 404, body=lines.encode())
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", headers.get("Range", ""))
        if match is None:
            return Reply(403, body=b"whole files are not served")
        content = (self.folder / parts.path.strip("/")).read_bytes()
        return Reply(206, body=content[int(match[1]) : int(match[2]) + 1])
