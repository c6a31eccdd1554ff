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
    """Return the member that begins at an offset, None where none does or its checksum fails."""
    member, content, end = zlib.decompressobj(wbits=_GZIP), [], offset
    while not member.eof:
        piece = data[end : end + _PIECE]
        if not piece:
            return None
        try:
            content.append(member.decompress(piece))
        except zlib.error:
            return None
        end += len(piece)
    return Member(offset, end - len(member.unused_data), b"".join(content))


def members(data: mmap.mmap | bytes, start: int) -> Iterator[Member]:
    """Yield the members from an offset on, up to the first byte that belongs to none."""
    while (member := member_at(data, start)) is not None:
        yield member
        start = member.end
