"""Byte streams that read WARC files forward with lookahead and decompress them part by part.

A part is a gzip member or a zstd frame. Everything here is linear in the bytes read, even if parts
are tiny or empty.
"""

from __future__ import annotations

import sys
import zlib
from typing import IO, TYPE_CHECKING, Self

from scraper.files.inflate import Deflate
from scraper.warc.formats import GZIP, ZSTD

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.files.inflate import Decompressor

Dictionary = zstd.ZstdDict
LARGEST_READ = 1 << 16
_FIRST_READ = 1 << 10  # small, because the unused rest of a read is copied
_SKIPPABLE = range(0x184D2A50, 0x184D2A60)  # zstd frames without data (RFC 8878, 3.1.2)
_DICTIONARY = 0x184D2A5D  # the one at the begin of a .warc.zst file, with its dictionary
_DICTIONARY_MAGIC = b"\x37\xa4\x30\xec"
_FRAME_HEAD = 8  # bytes of a skippable frame before its content: magic number and length
_MAX_DICTIONARY = 16 << 20  # bytes; the Archive Team's have a few hundred thousand


class DamageError(Exception):
    """The bytes are not a complete record."""


class Stream:
    """Bytes to be read once, with lookahead.

    Attributes:
        position: offset of the next byte.
    """

    def __init__(self, source: Callable[[int], bytes], position: int = 0) -> None:
        self._source = source
        self._data = b""
        self._at = 0  # how much of the data was read
        self._size = _FIRST_READ
        self.position = position

    @classmethod
    def of(cls, file: IO[bytes], position: int) -> Self:
        """Return a stream of a file from an offset on."""
        file.seek(position)
        return cls(file.read, position)

    def peek(self, length: int) -> bytes:
        """Return the next bytes without reading them, fewer only at the end."""
        while len(self._data) - self._at < length and self._fetch():
            pass
        return self._data[self._at : self._at + length]

    def read(self, length: int) -> bytes:
        """Return up to ``length`` bytes, none only at the end."""
        if self._at == len(self._data):
            self._fetch()
        data = self._data[self._at : self._at + length]
        self._at += len(data)
        self.position += len(data)
        return data

    def unread(self, data: bytes) -> None:
        """Put back the bytes that were read last."""
        if data and len(data) <= self._at:
            self._at -= len(data)
        else:
            self._data, self._at = data + self._data[self._at :], 0
        self.position -= len(data)

    def readline(self, limit: int) -> bytes:
        """Return a line with its line end, or up to ``limit`` bytes if it has none before that."""
        reach = 0
        while (found := self._data.find(b"\n", self._at + reach) + 1) == 0 and reach < limit:
            reach = len(self._data) - self._at
            if len(self.peek(reach + 1)) == reach:
                break
        return self.read(found - self._at if found else limit)

    def _fetch(self) -> bool:
        """Read more bytes from the source; return whether there were any."""
        more = self._source(self._size)
        self._size = min(2 * self._size, LARGEST_READ)
        self._data, self._at = self._data[self._at :] + more, 0
        return bool(more)


def open_compressed_part(file: Stream, dictionary: Dictionary | None) -> Stream | None:
    """Return the decompressed gzip member or zstd frame that begins here, None if neither does.

    A skippable zstd frame is skipped and gives an empty stream.
    """
    head = file.peek(len(ZSTD))
    if head.startswith(GZIP[:2]):
        return Stream(_Part(file, Deflate(), "gzip member").read)
    if head == ZSTD:
        return Stream(_Part(file, zstd.ZstdDecompressor(dictionary), "zstd frame").read)
    if _is_skippable(head):
        _skip(file)
        return Stream(lambda _size: b"")
    return None


def _is_skippable(head: bytes) -> bool:
    """Return whether bytes begin a zstd frame without data."""
    return int.from_bytes(head[:4], "little") in _SKIPPABLE


def read_dictionary(file: IO[bytes]) -> Dictionary | None:
    """Return the zstd dictionary of a .warc.zst file, None if it has none.

    Raises:
        DamageError: the dictionary cannot be read.
    """
    file.seek(0)
    head = file.read(_FRAME_HEAD)
    if int.from_bytes(head[:4], "little") != _DICTIONARY:
        return None
    length = int.from_bytes(head[4:], "little")
    if length > _MAX_DICTIONARY:
        raise DamageError(f"its zstd dictionary of {length:,} bytes is too large")
    data = file.read(length)
    try:
        if data.startswith(ZSTD):
            data = zstd.ZstdDecompressor().decompress(data, _MAX_DICTIONARY)
        return Dictionary(data, is_raw=not data.startswith(_DICTIONARY_MAGIC))
    except (zstd.ZstdError, ValueError) as error:
        raise DamageError(f"its zstd dictionary cannot be read ({error})") from error


def _skip(file: Stream) -> None:
    head = file.peek(_FRAME_HEAD)
    left = _FRAME_HEAD + int.from_bytes(head[4:], "little")
    while left and (data := file.read(left)):
        left -= len(data)
    if left:
        raise DamageError("the file ends within a zstd frame")


class _Part:
    """Decompresses the gzip member or zstd frame at the current position of a file.

    Args:
        file: at the first byte of the part.
        decompressor: for its format.
        name: of the format and its parts, for messages.
    """

    def __init__(self, file: Stream, decompressor: Decompressor, name: str) -> None:
        self._file = file
        self._decompressor = decompressor
        self._name = name
        self._size = _FIRST_READ

    def read(self, length: int) -> bytes:
        """Return up to ``length`` bytes; empty only at the end."""
        while not self._decompressor.eof:
            coded = b""
            if self._decompressor.needs_input:
                coded = self._file.read(self._size)
                self._size = min(2 * self._size, LARGEST_READ)
                if not coded:
                    raise DamageError(f"the file ends within a {self._name}")
            try:
                data = self._decompressor.decompress(coded, length)
            except (zlib.error, zstd.ZstdError) as error:
                raise DamageError(f"damaged {self._name} ({error})") from error
            if self._decompressor.eof:
                self._file.unread(self._decompressor.unused_data)  # it belongs to the next part
            if data:
                return data
        return b""
