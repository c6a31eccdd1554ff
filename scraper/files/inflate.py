"""Decompresses streams in bounded memory: gzip, bzip2, xz and zstd files, and the methods of zip.

However much the input expands, only the bytes that were asked for are in memory. The standard
library does not promise that: ``tarfile`` and ``zipfile`` expand whole bzip2 and LZMA blocks, and
an xz file may demand a dictionary of 4 GiB.
"""

from __future__ import annotations

import bz2
import io
import lzma
import sys
import zlib
from typing import IO, TYPE_CHECKING, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

CHUNK = 1 << 14  # compressed bytes read at a time
_MAX_MEMORY = 160 << 20  # bytes for a decompressor; `xz -9` needs 65 MiB
_GZIP_WINDOW = 31  # zlib's window bits for gzip with header and checksum
_LZMA_HEADER = 9  # bytes before the data of a zip member: version, length, properties


class DamagedStreamError(Exception):
    """Compressed bytes are damaged, truncated, or contradict their header."""


class Decompressor(Protocol):
    """The interface of the decompressors of bz2, lzma and zstd."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether more input is needed before there is more output."""

    @property
    def unused_data(self) -> bytes:
        """The bytes after the end of the stream."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Take compressed bytes and return at most ``max_length`` decompressed ones."""


class Deflate:
    """zlib's decompressor with the interface of the others."""

    def __init__(self, window_bits: int = _GZIP_WINDOW) -> None:
        self._inflate = zlib.decompressobj(wbits=window_bits)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        """The bytes after the end of the stream."""
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Take compressed bytes and return at most ``max_length`` decompressed ones."""
        piece = self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)
        self.needs_input = len(piece) < max_length and not self.eof
        return piece


class Stored:
    """Passes bytes through that are not compressed."""

    eof = False
    unused_data = b""

    def __init__(self) -> None:
        self._rest = b""

    @property
    def needs_input(self) -> bool:
        """Whether all input was returned."""
        return not self._rest

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Return at most ``max_length`` of the bytes taken so far."""
        data = self._rest + data
        self._rest = data[max_length:]
        return data[:max_length]


class ZipLzma:
    """LZMA as used in zip members, where it has its own header."""

    unused_data = b""

    def __init__(self) -> None:
        self._head = b""
        self._inflate: lzma.LZMADecompressor | None = None

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return self._inflate is not None and self._inflate.eof

    @property
    def needs_input(self) -> bool:
        """Whether more input is needed before there is more output."""
        return self._inflate is None or self._inflate.needs_input

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Take compressed bytes and return at most ``max_length`` decompressed ones.

        Raises:
            DamagedStreamError: the header is damaged or demands too much memory.
        """
        if self._inflate is None:
            self._head += data
            if len(self._head) < _LZMA_HEADER:
                return b""
            self._inflate, data = self._begin(), self._head[_LZMA_HEADER:]
        return self._inflate.decompress(data, max_length)

    def _begin(self) -> lzma.LZMADecompressor:
        length = int.from_bytes(self._head[2:4], "little")
        dictionary = int.from_bytes(self._head[5:9], "little")
        packed = self._head[4]
        if length != 5 or packed >= 9 * 5 * 5:
            raise DamagedStreamError("its LZMA header is damaged")
        if dictionary > _MAX_MEMORY:
            raise DamagedStreamError(f"LZMA with a dictionary of {dictionary:,} bytes")
        options = {"dict_size": max(dictionary, 4096), "lc": packed % 9}
        options |= {"lp": packed // 9 % 5, "pb": packed // 45}
        return lzma.LZMADecompressor(
            lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, **options}]
        )


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_MAX_MEMORY)


STREAM_MAGIC: dict[bytes, Callable[[], Decompressor]] = {
    b"\x1f\x8b": Deflate,
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\x00": _xz,
    b"\x28\xb5\x2f\xfd": zstd.ZstdDecompressor,
}


def open_compressed(file: IO[bytes]) -> io.BufferedReader:
    """Return the decompressed content of a file; uncompressed files are passed through."""
    head = file.read(max(map(len, STREAM_MAGIC)))
    make = next((make for magic, make in STREAM_MAGIC.items() if head.startswith(magic)), Stored)
    return io.BufferedReader(Inflated(file, make), CHUNK)


class Inflated(io.RawIOBase):
    """Decompressed bytes as a file. Closing it leaves the source open.

    Seeking backwards decompresses again from the start.

    Args:
        source: the compressed bytes, seekable.
        make: makes a decompressor. If another stream of the same format follows, it is read too.
        size: expected number of bytes, None if unknown.
        crc: their CRC-32, checked if they are read to the end in one pass.
    """

    def __init__(
        self,
        source: IO[bytes],
        make: Callable[[], Decompressor],
        size: int | None = None,
        crc: int | None = None,
    ) -> None:
        self._source = source
        self._make = make
        self._size = size
        self._crc = crc
        self._restart()

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset by decompressing everything before it; return the offset."""
        if whence == io.SEEK_END and self._size is None:
            raise io.UnsupportedOperation("the length of this stream is unknown until it is read")
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size or 0}[whence]
        target = max(0, base + offset)
        if target < self._position:
            self._restart()
        while self._position < target and self._piece(min(CHUNK * 16, target - self._position)):
            pass
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer and return the number of bytes, 0 at the end.

        Raises:
            DamagedStreamError: the bytes are damaged, or more or fewer than expected.
        """
        view = memoryview(buffer)
        piece = self._piece(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def _restart(self) -> None:
        self._source.seek(0)
        self._inflate = self._make()
        self._position = 0
        self._sum = 0
        self._is_over = False

    def _piece(self, most: int) -> bytes:
        """Return the next bytes, at least one before the end."""
        piece = b""
        try:
            while most and not piece and not self._is_over:  # 0 would mean no limit
                piece = self._step(most)
        except DamagedStreamError:
            raise
        except Exception as error:  # each decompressor raises its own exceptions
            raise DamagedStreamError(str(error) or type(error).__name__) from error
        self._position += len(piece)
        self._sum = zlib.crc32(piece, self._sum)
        if self._size is not None and self._position > self._size:
            raise DamagedStreamError(f"more than the {self._size:,} bytes in its header")
        if self._is_over and not piece:
            self._check()
        return piece

    def _step(self, most: int) -> bytes:
        if self._inflate.eof:
            return self._next_stream(most)
        if not self._inflate.needs_input:
            return self._inflate.decompress(b"", most)
        if coded := self._source.read(CHUNK):
            return self._inflate.decompress(coded, most)
        self._is_over = True
        is_whole = self._size == self._position or isinstance(self._inflate, Stored)
        if not is_whole:
            raise DamagedStreamError("the compressed bytes end early")
        return b""

    def _next_stream(self, most: int) -> bytes:
        """Start on the next stream of the same format; ignore anything else as padding."""
        rest = self._inflate.unused_data
        while len(rest) < max(map(len, STREAM_MAGIC)) and (more := self._source.read(CHUNK)):
            rest += more
        same = (magic for magic, make in STREAM_MAGIC.items() if make is self._make)
        if not rest.startswith(tuple(same)):
            self._is_over = True
            return b""
        self._inflate = self._make()
        return self._inflate.decompress(rest, most)

    def _check(self) -> None:
        if self._size is not None and self._position != self._size:
            raise DamagedStreamError(
                f"{self._position:,} bytes instead of the {self._size:,} in its header"
            )
        if self._crc is not None and self._sum != self._crc:
            raise DamagedStreamError("its checksum is wrong")
