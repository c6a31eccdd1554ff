"""Decompresses streams in bounded memory: gzip, bzip2, xz and zstd files, and the methods of zip.

However much a few bytes expand to, only what the caller asks for is held. The classes of the
standard library do not promise that: ``tarfile`` and ``zipfile`` expand whole bzip2 and LZMA blocks
of any size, and an xz file may ask for a dictionary of 4 GiB.
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

CHUNK = 1 << 14  # compressed bytes taken at a time
_MOST_MEMORY = 160 << 20  # bytes a decompressor may take; `xz -9` needs 65 MiB
_GZIP_HEADER = 31  # window bits that stand for gzip, with its header and checksum
_LZMA_HEADER = 9  # bytes before the data of a zip member: version, length, properties


class DamagedStreamError(Exception):
    """Compressed bytes are damaged, cut off, or not what their header says."""


class Decompressor(Protocol):
    """What the decompressors of bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out before more goes in."""

    @property
    def unused_data(self) -> bytes:
        """What followed the end of the stream."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Take compressed bytes and return at most ``max_length`` bytes."""


class Deflate:
    """zlib's decompressor with the interface of the others."""

    def __init__(self, window_bits: int = _GZIP_HEADER) -> None:
        self._inflate = zlib.decompressobj(wbits=window_bits)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        """What followed the end of the stream."""
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Take compressed bytes and return at most ``max_length`` bytes."""
        piece = self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)
        self.needs_input = len(piece) < max_length and not self.eof
        return piece


class Stored:
    """The decompressor of bytes that are not compressed."""

    eof = False
    unused_data = b""

    def __init__(self) -> None:
        self._rest = b""

    @property
    def needs_input(self) -> bool:
        """Whether all that came in went out."""
        return not self._rest

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Return the bytes as they are."""
        data = self._rest + data
        self._rest = data[max_length:]
        return data[:max_length]


class ZipLzma:
    """LZMA as zip members hold it, with a header of its own."""

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
        """Whether nothing more comes out before more goes in."""
        return self._inflate is None or self._inflate.needs_input

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Take compressed bytes and return at most ``max_length`` bytes.

        Raises:
            DamagedStreamError: the header is damaged or asks for too much memory.
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
        if dictionary > _MOST_MEMORY:
            raise DamagedStreamError(f"LZMA with a dictionary of {dictionary:,} bytes")
        options = {"dict_size": max(dictionary, 4096), "lc": packed % 9}
        options |= {"lp": packed // 9 % 5, "pb": packed // 45}
        return lzma.LZMADecompressor(
            lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, **options}]
        )


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_MOST_MEMORY)


MAGIC: dict[bytes, Callable[[], Decompressor]] = {
    b"\x1f\x8b": Deflate,
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\x00": _xz,
    b"\x28\xb5\x2f\xfd": zstd.ZstdDecompressor,
}


def open_compressed(file: IO[bytes]) -> io.BufferedReader:
    """Return what a compressed file holds; one that is not compressed, as it is."""
    head = file.read(max(map(len, MAGIC)))
    make = next((make for magic, make in MAGIC.items() if head.startswith(magic)), Stored)
    return io.BufferedReader(Inflated(file, make), CHUNK)


class Inflated(io.RawIOBase):
    """Decompressed bytes as a file; seeking backwards begins anew. Closing leaves the source open.

    Args:
        source: the compressed bytes, seekable, from its first byte on.
        make: makes a decompressor. Where another stream of the same kind follows the end of one,
            it is read too.
        size: how many bytes there should be, None where only the end of the source tells.
        crc: their CRC-32, checked when the last byte has been read in one pass.
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
        """Go to an offset, by decompressing everything before it; return the offset."""
        if whence == io.SEEK_END and self._size is None:
            raise io.UnsupportedOperation("how long this stream is, only reading it tells")
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size or 0}[whence]
        target = max(0, base + offset)
        if target < self._position:
            self._restart()
        while self._position < target and self._piece(min(CHUNK * 16, target - self._position)):
            pass
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer and return how many bytes that were, 0 at the end.

        Raises:
            DamagedStreamError: the bytes are damaged, or not as many as they should be.
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
        """Return the next bytes, at least one unless the end is reached."""
        piece = b""
        try:
            while most and not piece and not self._is_over:  # 0 would mean no limit
                piece = self._step(most)
        except DamagedStreamError:
            raise
        except Exception as error:  # each decompressor has exceptions of its own
            raise DamagedStreamError(str(error) or type(error).__name__) from error
        self._position += len(piece)
        self._sum = zlib.crc32(piece, self._sum)
        if self._size is not None and self._position > self._size:
            raise DamagedStreamError(f"more than the {self._size:,} bytes that its header says")
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
        """Begin the stream that follows; whatever else follows is padding."""
        rest = self._inflate.unused_data
        while len(rest) < max(map(len, MAGIC)) and (more := self._source.read(CHUNK)):
            rest += more
        follows = any(rest.startswith(mark) and make is self._make for mark, make in MAGIC.items())
        if not follows:
            self._is_over = True
            return b""
        self._inflate = self._make()
        return self._inflate.decompress(rest, most)

    def _check(self) -> None:
        if self._size is not None and self._position != self._size:
            raise DamagedStreamError(
                f"{self._position:,} bytes where its header says {self._size:,}"
            )
        if self._crc is not None and self._sum != self._crc:
            raise DamagedStreamError("its checksum is wrong")
