"""Undoes the codings of HTTP bodies: chunks, gzip, deflate, br and zstd.

Headers in web archives cannot be relied on: many writers store a body decoded under the header of
its coding, and replays of the Internet Archive hand out gzip within gzip. So the bytes are asked
as well. This module knows nothing of WARC, nor of HTTP beyond its codings.
"""

from __future__ import annotations

import re
import sys
import zlib
from typing import TYPE_CHECKING, NamedTuple

# Scrapy requires both libraries, and undoes the same codings with them in a crawl.
try:
    import brotli
except ImportError:  # PyPy
    import brotlicffi as brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_BYTES = 32 << 20  # a page; the largest text of 91,796 real articles has 675,013 bytes
_PIECE = 1 << 18  # bytes undone at a time, so that a bomb is noticed before it fills the memory
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_EXTRA_GZIP = 2  # how often gzip that no header names is undone; a file can hold itself for ever
_TEXT_REACH = 1000  # in so many bytes of compressed data there is always a control character
_CONTROLS = bytes(range(9))
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\n]*)?\r?\n")


class Decoded(NamedTuple):
    """Bytes with a coding undone.

    Attributes:
        body: what could be decoded; all as it was where nothing could.
        fault: why the body is not whole, for a person; None if it is.
    """

    body: bytes
    fault: str | None = None


def decode(payload: bytes, content_encoding: str = "") -> Decoded:
    """Undo the codings that a ``Content-Encoding`` header names, the last one first.

    A payload that reads as text is taken for decoded already, and gzip that is left when all
    codings are undone is undone too: no page of text begins with its mark.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    decoded = Decoded(payload)
    for name in reversed(names):
        if name in {"", "identity"} or decoded.fault is not None:
            continue
        decoded = _undo(decoded.body, name)
    for _ in range(_EXTRA_GZIP):
        if decoded.body.startswith(_GZIP) and decoded.fault is None:
            decoded = _undo(decoded.body, "gzip")
    return decoded


def unchunk(content: bytes) -> Decoded:
    """Undo the transfer coding ``chunked``; content without chunks stays as it is."""
    body = bytearray()
    position = 0
    while chunk := _CHUNK.match(content, position):
        length = int(chunk[1], 16)
        if length == 0:
            return Decoded(bytes(body))
        end = chunk.end() + length
        if content[end : end + 2] not in {b"\r\n", b""} or (position == 0 and end > len(content)):
            break  # in the first place a number at the head of a text
        body += content[chunk.end() : end]
        position = end + 2
    if position == 0:
        return Decoded(content)
    return Decoded(bytes(body), f"the chunks end early, behind {len(body):,} bytes")


def _undo(data: bytes, name: str) -> Decoded:
    if name not in _CODINGS:
        return Decoded(data, f"the content coding {name!r} is not known; the body is kept coded")
    body = bytearray()
    fault = None
    try:
        for piece in _CODINGS[name](data):
            body += piece
            if len(body) > MAX_BYTES:
                fault = f"more than {MAX_BYTES:,} bytes come out of {name}; the rest is left"
                break
    except (zlib.error, zstd.ZstdError, brotli.error, EOFError) as error:
        fault = f"damaged {name} coding ({error}) behind {len(body):,} bytes"
    if body or fault is None:
        return Decoded(bytes(body), fault)
    return Decoded(data, None if _is_text(data) else fault)


def _is_text(data: bytes) -> bool:
    head = data[:_TEXT_REACH]
    return head.translate(None, _CONTROLS) == head


def _gunzip(data: bytes) -> Iterator[bytes]:
    if not data.startswith(_GZIP):
        raise zlib.error("no gzip data")
    while data.startswith(_GZIP):  # members may follow each other; anything else behind is none
        stream = zlib.decompressobj(wbits=31)
        yield from _inflated(stream, data)
        data = stream.unused_data


def _inflate(data: bytes) -> Iterator[bytes]:
    """Undo ``deflate``, which is zlib's format, or raw as some servers send it."""
    try:
        zlib.decompressobj().decompress(data[:2])
        raw = False
    except zlib.error:
        raw = True
    yield from _inflated(zlib.decompressobj(wbits=-15 if raw else 15), data)


def _inflated(stream: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    while not stream.eof:
        piece = stream.decompress(data, _PIECE)
        data = stream.unconsumed_tail
        if not piece and not data and not stream.eof:
            raise EOFError("the data end early")
        yield piece


def _unzstd(data: bytes) -> Iterator[bytes]:
    if not data.startswith(_ZSTD):
        raise zstd.ZstdError("no zstd data")
    while data.startswith(_ZSTD):
        stream = zstd.ZstdDecompressor()
        while not stream.eof:
            piece = stream.decompress(data, _PIECE)
            data = b""
            if not piece and stream.needs_input and not stream.eof:
                raise EOFError("the data end early")
            yield piece
        data = stream.unused_data


def _unbrotli(data: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    while not stream.is_finished():
        piece = stream.process(data, output_buffer_limit=_PIECE)
        data = b""
        if not piece and not stream.is_finished():
            raise EOFError("the data end early")
        yield piece


_CODINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
