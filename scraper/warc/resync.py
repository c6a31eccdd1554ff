"""Finds where the next record of a WARC file begins after damage."""

from __future__ import annotations

import io
import re
import zlib
from typing import IO, TYPE_CHECKING
from zipfile import BadZipFile

from scraper.warc.streams import CHUNK, DamageError, Stream, opened

if TYPE_CHECKING:
    from scraper.warc.streams import Dictionary

LONGEST_LINE = 1 << 13  # bytes, of the first line of an ARC record
# How a WARC record begins, or an ARC record: address, IP address, 14 digits, type, length.
HEAD = re.compile(rb"WARC/[01]\.\d+\r?\n|[a-z]+:\S+ \S+ \d{14} [^\n]* \d+\r?\n")
# Where a record may begin: a gzip member, a zstd frame, a plain record.
_MARK = re.compile(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|WARC/[01]\.\d+\r?\n[A-Za-z-]+:")
_MARK_LENGTH = 32
_FIRST_CHUNK = 1 << 12  # bytes; what is sought is mostly near
_LOOK = 1 << 12  # compressed bytes in which a record must begin; its first line is in them


def next_start(file: IO[bytes], offset: int, dictionary: Dictionary | None) -> int | None:
    """Return where the next record begins, looking from ``offset`` on; None where there is none."""
    file.seek(offset)
    window, size = b"", _FIRST_CHUNK
    while chunk := file.read(size):
        size = min(2 * size, CHUNK)
        offset = file.tell() - len(chunk) - len(window)
        window += chunk
        for mark in _MARK.finditer(window):
            if _begins_a_record(file, offset + mark.start(), dictionary):
                return offset + mark.start()
        file.seek(offset + len(window))
        window = window[-_MARK_LENGTH:]
    return None


def _begins_a_record(file: IO[bytes], offset: int, dictionary: Dictionary | None) -> bool:
    file.seek(offset)
    look = io.BytesIO(file.read(_LOOK))
    try:
        stream = opened(Stream(look.read), dictionary) or Stream.of(look, 0)
        return HEAD.match(_seen(stream)) is not None
    except (DamageError, zlib.error, EOFError, BadZipFile):
        return False


def _seen(stream: Stream) -> bytes:
    """Return what can be seen of a line, also where the look ends within compressed data."""
    seen = b""
    try:
        while b"\n" not in seen and (piece := stream.read(LONGEST_LINE)):
            seen += piece
    except DamageError:
        pass
    return seen
