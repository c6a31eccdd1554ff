"""Finds the next record of a WARC file after damage."""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING

from scraper.warc.streams import LARGEST_READ, DamageError, Stream, open_compressed_part

if TYPE_CHECKING:
    from scraper.warc.streams import Dictionary

MAX_FIRST_LINE = 1 << 13  # bytes, of the first line of an ARC record
# The first line of a WARC record, or of an ARC record: URL, IP address, 14 digits, type, length.
FIRST_LINE = re.compile(rb"WARC/[01]\.\d+\r?\n|[a-z]+:\S+ \S+ \d{14} [^\n]* \d+\r?\n")
# Where a record may begin: a gzip member, a zstd frame, a plain record.
_MARK = re.compile(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|WARC/[01]\.\d+\r?\n[A-Za-z-]+:")
_MARK_LENGTH = 32
_INITIAL_READ = 1 << 12  # bytes; the next record is usually near
_SAMPLE = 1 << 12  # compressed bytes that must contain the first line of a record


def find_next_record(file: IO[bytes], offset: int, dictionary: Dictionary | None) -> int | None:
    """Return the offset of the next record at or after ``offset``, None if there is none."""
    file.seek(offset)
    window, size = b"", _INITIAL_READ
    while chunk := file.read(size):
        size = min(2 * size, LARGEST_READ)
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
    sample = io.BytesIO(file.read(_SAMPLE))
    try:
        stream = open_compressed_part(Stream(sample.read), dictionary) or Stream.of(sample, 0)
        return FIRST_LINE.match(_first_line(stream)) is not None
    except DamageError:
        return False


def _first_line(stream: Stream) -> bytes:
    """Return the first line of a stream, or the part of it before the sample ends."""
    line = b""
    try:
        while b"\n" not in line and (piece := stream.read(MAX_FIRST_LINE)):
            line += piece
    except DamageError:
        pass
    return line
