"""Deliberately broken answers, seen by a client on a real socket."""

from __future__ import annotations

import gzip
import socket
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.practice.server.http import Answer, Served, serve
from scraper.practice.site.still import PracticeSite

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE = PracticeSite(20)
PAUSE = 0.05
PACKED = gzip.compress(b"page " * 1000)


def dripping() -> Iterator[bytes]:
    for byte in b"drops":
        time.sleep(PAUSE)
        yield bytes((byte,))


def endless() -> Iterator[bytes]:
    while True:
        yield b"x" * 65536


def answers(path: str) -> Answer | None:
    packed = (("Content-Encoding", "gzip"),)
    return {
        "/slow": Answer(200, dripping()),
        "/endless": Answer(200, endless()),
        "/long": Answer(200, b"short", headers=(("Content-Length", "500"),)),
        "/cut": Answer(200, (b"first ", b"second"), cut=True),
        "/truncated": Answer(200, PACKED[:-9], headers=packed),
        "/raw": Answer(0, b"HTP/9 what?\r\n\r\nthis is no answer", raw=True),
        "/silent": Answer(0, b"", raw=True),
    }.get(path)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(SITE, intercept=answers) as server:
        yield server


def conversation(served: Served, path: str, most: int = 1 << 20) -> tuple[bytes, str]:
    """Return what the server sends and how it ends: closed, reset, or enough received."""
    host, port = served.url.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)), timeout=5)) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        seen = b""
        try:
            while len(seen) < most:
                if not (piece := client.recv(65536)):
                    return seen, "closed"
                seen += piece
        except ConnectionResetError:
            return seen, "reset"
    return seen, "enough"


def test_a_body_in_drops(served: Served) -> None:
    begin = time.monotonic()
    seen, end = conversation(served, "/slow")
    head, _, body = seen.partition(b"\r\n\r\n")
    assert (body, end) == (b"drops", "closed")
    assert b"Content-Length" not in head
    assert b"Connection: close" in head
    assert time.monotonic() - begin >= 5 * PAUSE


def test_a_body_without_end(served: Served) -> None:
    seen, end = conversation(served, "/endless", most=3 << 20)
    assert (len(seen) >= 3 << 20, end) == (True, "enough")


@pytest.mark.parametrize(
    ("path", "ending", "body"),
    [
        ("/long", "closed", b"\r\n\r\nshort"),
        ("/cut", "reset", b"first second"),
        ("/raw", "closed", b"HTP/9 what?\r\n\r\nthis is no answer"),
        ("/silent", "closed", b""),
    ],
)
def test_answers_that_break_off_or_make_no_sense(
    served: Served, path: str, ending: str, body: bytes
) -> None:
    seen, end = conversation(served, path)
    # A reset may overtake what was sent before it.
    assert end == ending
    assert seen.endswith(body) or end == "reset"
    assert (b"Content-Length: 500" in seen) is (path == "/long")


def test_an_encoding_that_is_cut_short(served: Served) -> None:
    seen, _ = conversation(served, "/truncated", most=len(PACKED))
    assert seen.partition(b"\r\n\r\n")[2] == PACKED[:-9]


def test_the_server_survives_them_all(served: Served) -> None:
    seen, _ = conversation(served, "/robots.txt", most=50)
    assert seen.startswith(b"HTTP/1.1 200 OK")
