"""Reads gzip members: an archive's WARC files have one per record, each with its own checksum."""

from __future__ import annotations

import mmap
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_CONTENT = 256 << 20  # bytes; records of an archive are far smaller, bombs larger
GZIP_WINDOW = 31  # zlib's window bits for gzip with header and checksum
_MAX_PIECE = 1 << 16  # bytes decompressed at a time
_FIRST_PIECE = 1 << 10  # small, because its unused rest is copied and members may be short


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
    member, content, end = zlib.decompressobj(wbits=GZIP_WINDOW), bytearray(), offset
    size, piece = _FIRST_PIECE, b""
    while not member.eof:
        if not piece:
            piece = data[end : end + size]
            end += len(piece)
            size = min(2 * size, _MAX_PIECE)
        is_last = not piece
        try:
            found = member.decompress(piece, _MAX_PIECE)
        except zlib.error:
            return None
        piece = member.unconsumed_tail
        content += found
        if (is_last and not found and not member.eof) or len(content) > MAX_CONTENT:
            return None
    return Member(end - len(member.unused_data), bytes(content))


def iter_members(data: mmap.mmap | bytes, start: int) -> Iterator[Member]:
    """Yield consecutive members from an offset on; stop at the first byte that begins none."""
    while (member := member_at(data, start)) is not None:
        yield member
        start = member.end
