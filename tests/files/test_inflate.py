"""Decompression in bounded memory: all formats, truncated, damaged and far larger than the file."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import zlib
from typing import TYPE_CHECKING

import pytest

from scraper.files.inflate import DamagedStreamError, Deflate, Inflated, Stored, open_compressed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = b"".join(b"%d ministers " % n for n in range(20_000))
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("kind", COMPRESS)
def test_every_format_can_be_read_and_seeked(kind: str) -> None:
    stream = open_compressed(io.BytesIO(COMPRESS[kind](TEXT)))
    assert stream.read() == TEXT
    stream.seek(100_000)
    assert stream.read(10) == TEXT[100_000:100_010]
    stream.seek(5)
    assert stream.read(10) == TEXT[5:15]


@pytest.mark.parametrize("kind", sorted(set(COMPRESS) - {"plain"}))
def test_consecutive_streams_and_padding(kind: str) -> None:
    coded = COMPRESS[kind](TEXT)
    assert open_compressed(io.BytesIO(coded + coded + bytes(700))).read() == TEXT * 2


@pytest.mark.parametrize("kind", sorted(set(COMPRESS) - {"plain"}))
def test_truncated_or_damaged_data_raise(kind: str) -> None:
    coded = COMPRESS[kind](TEXT)
    with pytest.raises(DamagedStreamError):
        open_compressed(io.BytesIO(coded[: len(coded) // 2])).read()
    damaged = bytearray(coded)
    damaged[len(coded) // 2 : len(coded) // 2 + 40] = bytes(40)
    with pytest.raises(DamagedStreamError):
        open_compressed(io.BytesIO(bytes(damaged))).read()


def test_a_huge_dictionary_is_refused() -> None:
    greedy = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    coded = bytearray(lzma.compress(TEXT, lzma.FORMAT_XZ, filters=greedy))
    assert open_compressed(io.BytesIO(bytes(coded))).read() == TEXT
    at = coded.index(b"\x21\x01") + 2  # the dictionary's size, after the filter's number
    coded[at] = 38  # 2 GiB
    coded[20:24] = zlib.crc32(bytes(coded[12:20])).to_bytes(4, "little")
    with pytest.raises(DamagedStreamError, match=r"[Mm]emory"):
        open_compressed(io.BytesIO(bytes(coded))).read(1)


def test_size_and_checksum_are_verified() -> None:
    def inflated(size: int, crc: int | None = None) -> bytes:
        return Inflated(io.BytesIO(gzip.compress(TEXT)), Deflate, size, crc).readall()

    assert inflated(len(TEXT)) == TEXT
    with pytest.raises(DamagedStreamError, match="more than the 99 bytes"):
        inflated(99)
    with pytest.raises(DamagedStreamError, match="instead of the"):
        inflated(len(TEXT) + 1)
    with pytest.raises(DamagedStreamError, match="checksum"):
        inflated(len(TEXT), 7)


def test_uncompressed_bytes() -> None:
    stream = Inflated(io.BytesIO(TEXT), Stored, len(TEXT))
    assert stream.seek(-3, io.SEEK_END) == len(TEXT) - 3
    assert stream.readall() == TEXT[-3:]
    with pytest.raises(DamagedStreamError):
        Inflated(io.BytesIO(TEXT[:-1]), Stored, len(TEXT)).readall()
