"""Decompresses gzip, deflate, br and zstd piece by piece, in time linear in the input.

Each decompressor yields pieces of output and ignores bytes after the end of the data.
"""

from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING

# Scrapy requires both libraries and decodes with them in a crawl.
try:
    import brotli
except ImportError:  # PyPy
    import brotlicffi as brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from scraper.files.inflate import Deflate

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from mmap import mmap

    from scraper.files.inflate import Decompressor

GZIP, ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
MAX_PARTS = 10_000  # gzip members or zstd frames of a body; writers make one, or one per block
_MAX_OUTPUT = 1 << 18  # bytes at a time, so that a bomb is noticed before it fills the memory
# Bytes of input at a time. The first slice is small because its unused rest is copied, and a body
# may consist of a million empty members.
_FIRST_SLICE, _LARGEST_SLICE = 1 << 8, 1 << 14
_GZIP_HEAD, _GZIP_TAIL, _ZLIB_HEAD, _ZLIB_TAIL = 10, 8, 2, 4
_CRC, _EXTRA, _NAME, _COMMENT = 2, 4, 8, 16  # flags of a gzip header
_RAW = -15  # zlib's window bits for deflate data without header and checksum


class CompressionError(Exception):
    """The data are damaged or in another format.

    Attributes:
        at_end: whether all output was decompressed and only the checksum after it is wrong.
    """

    def __init__(self, message: str, *, at_end: bool = False) -> None:
        super().__init__(message)
        self.at_end = at_end


def compression_of(data: bytes) -> str | None:
    """Return the format whose magic number the data start with, or None."""
    if data.startswith(GZIP):
        return "gzip"
    if data.startswith(ZSTD):
        return "zstd"
    return "deflate" if _has_zlib_head(data) and looks_complete(data, "deflate") else None


def looks_complete(data: bytes, name: str) -> bool:
    """Return whether the first piece of output can be decompressed."""
    try:
        return bool(next(FORMATS[name](data), b""))
    except (CompressionError, EOFError):
        return False


def _gunzip(data: bytes) -> Iterator[bytes]:
    start = parts = 0
    while True:
        start = yield from _inflate_checked(data, _gzip_body(data, start), zlib.crc32, _GZIP_TAIL)
        parts += 1
        _check_parts(parts, "gzip members")
        if not data.startswith(GZIP, start):  # anything else after a member is ignored
            return


def _gzip_body(data: bytes, start: int) -> int:
    """Return the offset of the compressed data in a gzip member."""
    if not data.startswith(GZIP, start):
        raise CompressionError("not gzip data")
    head = data[start : start + _GZIP_HEAD]
    if len(head) < _GZIP_HEAD:
        raise EOFError("within the gzip header")
    flags, position = head[3], start + _GZIP_HEAD
    if flags & _EXTRA:
        position += 2 + int.from_bytes(data[position : position + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            end = data.find(b"\0", position)
            if end < 0:
                raise EOFError("within the gzip header")
            position = end + 1
    return position + (2 if flags & _CRC else 0)


def _inflate(data: bytes) -> Iterator[bytes]:
    """Decompress ``deflate``: zlib's format, or raw deflate data, which some servers send."""
    any_output = False
    if _has_zlib_head(data):
        try:
            for piece in _inflate_checked(data, _ZLIB_HEAD, zlib.adler32, _ZLIB_TAIL):
                any_output = True
                yield piece
        except CompressionError:
            if any_output:
                raise
        else:
            return
    yield from decompress(Deflate(_RAW), data, 0)


def _has_zlib_head(data: bytes) -> bool:
    method, flags = data[:1] or b"\0", data[1:2] or b"\1"
    fits = int.from_bytes(method + flags, "big") % 31 == 0
    return fits and method[0] & 15 == zlib.DEFLATED and method[0] >> 4 <= 7


def _inflate_checked(
    data: bytes, start: int, checksum: Callable[[bytes, int], int], tail: int
) -> Generator[bytes, None, int]:
    """Yield the output of raw deflate data; verify the checksum after it and return its end."""
    value = checksum(b"", 0) if checksum is zlib.crc32 else 1
    pieces = decompress(Deflate(_RAW), data, start)
    while True:
        try:
            piece = next(pieces)
        except StopIteration as stop:
            end: int = stop.value
            break
        value = checksum(piece, value)
        yield piece
    stated = data[end : end + tail]
    if len(stated) < tail:
        raise EOFError("without its checksum")
    order = "little" if checksum is zlib.crc32 else "big"
    if stated[:4] != value.to_bytes(4, order):  # type: ignore[arg-type]
        raise CompressionError("the checksum is wrong", at_end=True)
    return end + tail


def decompress(stream: Decompressor, data: bytes | mmap, start: int) -> Generator[bytes, None, int]:
    """Yield the output of a stream that begins at ``start``; return the offset of its end.

    Raises (during iteration):
        EOFError: the data end early.
        FormatError: the data are damaged or in another format.
    """
    position, size = start, _FIRST_SLICE
    while not stream.eof:
        coded = b""
        if stream.needs_input:
            coded = data[position : position + size]
            position += len(coded)
            size = min(2 * size, _LARGEST_SLICE)
            if not coded:
                raise EOFError("within the data")
        try:
            piece = stream.decompress(coded, _MAX_OUTPUT)
        except (zlib.error, zstd.ZstdError) as error:
            raise CompressionError(str(error)) from error
        if piece:
            yield piece
    return position - len(stream.unused_data)


def _unzstd(data: bytes) -> Iterator[bytes]:
    if not data.startswith(ZSTD):
        raise CompressionError("not zstd data")
    start = parts = 0
    while data.startswith(ZSTD, start):
        start = yield from decompress(zstd.ZstdDecompressor(), data, start)
        parts += 1
        _check_parts(parts, "zstd frames")


def _unbrotli(data: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    while not stream.is_finished():
        try:
            piece = stream.process(data, output_buffer_limit=_MAX_OUTPUT)
        except brotli.error as error:
            raise CompressionError(str(error)) from error
        data = b""
        if not piece and not stream.is_finished():
            raise EOFError("within the data")
        yield piece


def _check_parts(parts: int, name: str) -> None:
    if parts > MAX_PARTS:
        raise EOFError(f"at the limit of {MAX_PARTS:,} {name}")


FORMATS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
"""The decompressor of each format: takes bytes, yields pieces.

Raises (during iteration):
    EOFError: the data end early.
    FormatError: the data are damaged or in another format.
"""
