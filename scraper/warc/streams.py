"""Byte streams for reading WARC files forward: with a look ahead, decompressed member by member.

Everything here is linear in the bytes read, also where members or frames are tiny or empty.
"""

from __future__ import annotations

import sys
import zlib
from typing import IO, TYPE_CHECKING, Self

from scraper.warc.formats import GZIP, ZSTD

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

Dictionary = zstd.ZstdDict
CHUNK = 1 << 16
_FIRST_CHUNK = 1 << 10  # what is left over of a chunk is copied; most looks need little
_SKIPPABLE = range(0x184D2A50, 0x184D2A60)  # zstd frames that hold no data (RFC 8878, 3.1.2)
_DICTIONARY = 0x184D2A5D  # the one of them that begins a .warc.zst file and holds its dictionary
_DICTIONARY_MARK = b"\x37\xa4\x30\xec"
_FRAME_HEAD = 8  # bytes of a skippable frame before its content: mark and length
_MOST_DICTIONARY = 16 << 20  # bytes; those of the Archive Team have a few hundred thousand


class DamageError(Exception):
    """The bytes are no whole record; the message says why."""


class Stream:
    """Bytes to be read once, with a look ahead.

    Attributes:
        position: offset of the next byte.
    """

    def __init__(self, source: Callable[[int], bytes], position: int = 0) -> None:
        self._source = source
        self._data = b""
        self._at = 0  # what was read of the data
        self._size = _FIRST_CHUNK
        self.position = position

    @classmethod
    def of(cls, file: IO[bytes], position: int) -> Self:
        """Return the bytes of a file from an offset on."""
        file.seek(position)
        return cls(file.read, position)

    def peek(self, length: int) -> bytes:
        """Return the next bytes without reading them, fewer only at the end."""
        while len(self._data) - self._at < length and self._fetch():
            pass
        return self._data[self._at : self._at + length]

    def read(self, length: int) -> bytes:
        """Return up to so many bytes, none only at the end."""
        if self._at == len(self._data):
            self._fetch()
        data = self._data[self._at : self._at + length]
        self._at += len(data)
        self.position += len(data)
        return data

    def unread(self, data: bytes) -> None:
        """Take back what was read last."""
        if data and len(data) <= self._at:
            self._at -= len(data)
        else:
            self._data, self._at = data + self._data[self._at :], 0
        self.position -= len(data)

    def readline(self, limit: int) -> bytes:
        """Return a line with its end, or without where it has none or is too long."""
        reach = 0
        while (found := self._data.find(b"\n", self._at + reach) + 1) == 0 and reach < limit:
            reach = len(self._data) - self._at
            if len(self.peek(reach + 1)) == reach:
                break
        return self.read(found - self._at if found else limit)

    def _fetch(self) -> bool:
        """Get more bytes; return whether there are any."""
        more = self._source(self._size)
        self._size = min(2 * self._size, CHUNK)
        self._data, self._at = self._data[self._at :] + more, 0
        return bool(more)


def opened(file: Stream, dictionary: Dictionary | None) -> Stream | None:
    """Return the decompressed bytes of the gzip member or zstd frame that begins here.

    None where neither does. A frame without data is read to its end and gives none.
    """
    head = file.peek(len(ZSTD))
    if head.startswith(GZIP[:2]):
        return Stream(_Member(file).read)
    if head == ZSTD:
        return Stream(_Frame(file, dictionary).read)
    if is_skippable(head):
        _skip(file)
        return Stream(lambda _size: b"")
    return None


def is_skippable(head: bytes) -> bool:
    """Return whether bytes begin a zstd frame that holds no data."""
    return int.from_bytes(head[:4], "little") in _SKIPPABLE


def dictionary_of(file: IO[bytes]) -> Dictionary | None:
    """Return the dictionary of a .warc.zst file, None for a file without one.

    Raises:
        DamageError: there is one, and it cannot be read.
    """
    file.seek(0)
    head = file.read(_FRAME_HEAD)
    if int.from_bytes(head[:4], "little") != _DICTIONARY:
        return None
    length = int.from_bytes(head[4:], "little")
    if length > _MOST_DICTIONARY:
        raise DamageError(f"its zstd dictionary of {length:,} bytes is too large")
    data = file.read(length)
    try:
        if data.startswith(ZSTD):
            data = zstd.ZstdDecompressor().decompress(data, _MOST_DICTIONARY)
        return Dictionary(data, is_raw=not data.startswith(_DICTIONARY_MARK))
    except (zstd.ZstdError, ValueError) as error:
        raise DamageError(f"its zstd dictionary cannot be read ({error})") from error


def _skip(file: Stream) -> None:
    head = file.peek(_FRAME_HEAD)
    left = _FRAME_HEAD + int.from_bytes(head[4:], "little")
    while left and (data := file.read(left)):
        left -= len(data)
    if left:
        raise DamageError("the file ends within a zstd frame")


class _Member:
    """A gzip member that begins where the file stands, decompressed while it is read."""

    def __init__(self, file: Stream) -> None:
        self._file = file
        self._size = _FIRST_CHUNK
        self._inflate = zlib.decompressobj(wbits=31)

    def read(self, length: int) -> bytes:
        """Return up to so many bytes, none only after the end."""
        while not self._inflate.eof:
            coded = self._inflate.unconsumed_tail
            if not coded:
                coded = self._file.read(self._size)
                self._size = min(2 * self._size, CHUNK)
            data = self._inflate.decompress(coded, length)
            if self._inflate.eof:
                self._file.unread(self._inflate.unused_data)  # the next member
            elif not (coded or data):
                raise DamageError("the file ends within a gzip member")
            if data:
                return data
        return b""


class _Frame:
    """A zstd frame that begins where the file stands, decompressed while it is read."""

    def __init__(self, file: Stream, dictionary: Dictionary | None) -> None:
        self._file = file
        self._size = _FIRST_CHUNK
        self._zstd = zstd.ZstdDecompressor(zstd_dict=dictionary)

    def read(self, length: int) -> bytes:
        """Return up to so many bytes, none only after the end."""
        while not self._zstd.eof:
            coded = b""
            if self._zstd.needs_input:
                coded = self._file.read(self._size)
                self._size = min(2 * self._size, CHUNK)
                if not coded:
                    raise DamageError("the file ends within a zstd frame")
            try:
                data = self._zstd.decompress(coded, length)
            except zstd.ZstdError as error:
                raise DamageError(f"damaged zstd data ({error})") from error
            if self._zstd.eof:
                self._file.unread(self._zstd.unused_data)
            if data:
                return data
        return b""
