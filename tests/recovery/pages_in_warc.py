"""Writes copies of practice pages into WARC files, as a web archive stores them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Held(NamedTuple):
    """A copy of a page; ``timestamp`` has 14 digits."""

    url: str
    timestamp: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    status: str = "200 OK"


def warc_date(timestamp: str) -> str:
    """Convert a timestamp of 14 digits to a WARC-Date."""
    t = timestamp
    return f"{t[:4]}-{t[4:6]}-{t[6:8]}T{t[8:10]}:{t[10:12]}:{t[12:]}Z"


def write_warc(path: Path, copies: Iterable[Held]) -> list[tuple[int, int]]:
    """Write one record per copy; return the offset and length of each."""
    places = []
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for copy in copies:
            headers = [("Content-Type", "text/html; charset=UTF-8"), *copy.headers]
            offset = file.tell()
            writer.write_record(
                writer.create_warc_record(
                    copy.url,
                    "response",
                    payload=BytesIO(copy.body),
                    length=len(copy.body),
                    http_headers=StatusAndHeaders(copy.status, headers, protocol="HTTP/1.1"),
                    warc_headers_dict={"WARC-Date": warc_date(copy.timestamp)},
                )
            )
            places.append((offset, file.tell() - offset))
    return places
