"""Gzip members: a WARC file of ours has one per record, each with a checksum of its own.

Knows nothing of what is in them.
"""

from __future__ import annotations

import mmap
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"\x1f\x8b\x08"
_PIECE = 1 << 16  # bytes undone at a time
_GZIP = 31  # window bits that stand for gzip, with its header and checksum
_FIRST_PIECE = 1 << 10  # what is left over of a piece is copied, and members may be short
MOST_CONTENT = 256 << 20  # bytes; a record of ours is far smaller, a bomb larger


class Member(NamedTuple):
    """A whole member: the offset of its first byte, the one behind its last, what it holds."""

    offset: int
    end: int
    content: bytes


@contextmanager
def mapped(path: Path) -> Iterator[mmap.mmap | bytes]:
    """Yield the bytes of a file without holding them in memory."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            yield b""  # which cannot be mapped
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def member_at(data: mmap.mmap | bytes, offset: int) -> Member | None:
    """Return the member that begins at an offset.

    None where none does, its checksum fails, or it holds more than ``MOST_CONTENT``.
    """
    member, content, end = zlib.decompressobj(wbits=_GZIP), bytearray(), offset
    size, piece = _FIRST_PIECE, b""
    while not member.eof:
        if not piece:
            piece = data[end : end + size]
            end += len(piece)
            size = min(2 * size, _PIECE)
        is_last = not piece
        try:
            found = member.decompress(piece, _PIECE)
        except zlib.error:
            return None
        piece = member.unconsumed_tail
        content += found
        if (is_last and not found and not member.eof) or len(content) > MOST_CONTENT:
            return None
    return Member(offset, end - len(member.unused_data), bytes(content))


def members(data: mmap.mmap | bytes, start: int) -> Iterator[Member]:
    """Yield the members from an offset on, up to the first byte that belongs to none."""
    while (member := member_at(data, start)) is not None:
        yield member
        start = member.end
