"""Reads gzip members: an archive's WARC files have one per record, each with its own checksum."""

from __future__ import annotations

import mmap
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from scraper.files.inflate import Deflate
from scraper.warc.formats import CompressionError, decompress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_CONTENT = 256 << 20  # bytes; records of an archive are far smaller, bombs larger


class Member(NamedTuple):
    """A complete member: the offset of its end (exclusive), and its decompressed content."""

    end: int
    content: bytes


@contextmanager
def map_file(path: Path) -> Iterator[mmap.mmap | bytes]:
    """Map a file into memory for reading."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            yield b""  # an empty file cannot be mapped
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def member_at(data: mmap.mmap | bytes, offset: int) -> Member | None:
    """Return the member that begins at an offset.

    None if no member begins there, its checksum is wrong, or it has more than ``MAX_CONTENT``.
    """
    pieces, content = decompress(Deflate(), data, offset), bytearray()
    try:
        while len(content) <= MAX_CONTENT:
            content += next(pieces)
    except StopIteration as stop:
        return Member(stop.value, bytes(content))
    except (EOFError, CompressionError):
        return None
    return None


def iter_members(data: mmap.mmap | bytes, start: int) -> Iterator[Member]:
    """Yield consecutive members from an offset on; stop where no member begins."""
    while (member := member_at(data, start)) is not None:
        yield member
        start = member.end
