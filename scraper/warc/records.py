"""Finds the records of a WARC or ARC file, compressed or plain, and continues after damage.

A file consists of gzip members, zstd frames or plain records. warcio's own iterator ends at the
first damaged byte, or does not notice it. One record at a time is in memory, and only wanted ones.
The time is linear in the size of the file, whatever is wrong with it.
"""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, NamedTuple

from scraper.files.inflate import Inflated
from scraper.warc.content_encoding import MAX_BYTES
from scraper.warc.record_stream import DAMAGE, RecordStream, TornError, missing_bytes, split_record
from scraper.warc.resync import find_next_record
from scraper.warc.streams import DamageError, Stream, read_dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.warc.record import Record
    from scraper.warc.record_stream import Wanted
    from scraper.warc.streams import Dictionary

# Bytes that may be read again after damage, plus a multiple of the file's size. Honest damage makes
# its own record read twice; a file made to be slow would cost its whole size for every record.
_PATIENCE, _PATIENCE_SHARE = 32 << 20, 4


class DamagedPlace(NamedTuple):
    """A place where no complete record could be read.

    Attributes:
        offset: where the damaged record or member begins.
        reason: what was found.
        resumed: where reading continued; None if nothing readable follows.
    """

    offset: int
    reason: str
    resumed: int | None


class PartialRecord(NamedTuple):
    """The readable part of a wanted record; a ``DamagedPlace`` with the same offset follows.

    Only for records that are shorter than their length. A member that cannot be decompressed to
    its end gives none: its checksum was not seen, so its bytes may be wrong.

    Attributes:
        record: with the remaining content.
        reason: how much is missing.
    """

    record: Record
    reason: str


def read_records(
    file: IO[bytes], is_wanted: Wanted, start: int = 0
) -> Iterator[Record | PartialRecord | DamagedPlace]:
    """Yield the wanted records of a file in order, and the places that could not be read.

    Consecutive damaged places are merged into one.

    Args:
        file: seekable; it is read forward except after damage.
        is_wanted: called with the fields of each record; unwanted ones are skipped unread.
        start: offset of the first record to read.

    Raises:
        OSError: the disk cannot be read.
    """
    pending: DamagedPlace | None = None
    for found in _RecordFinder(file, is_wanted).items(start):
        if (
            isinstance(found, DamagedPlace)
            and pending is not None
            and found.offset == pending.resumed
        ):
            pending = pending._replace(resumed=found.resumed)
            continue
        if pending is not None:
            yield pending
        pending = found if isinstance(found, DamagedPlace) else None
        if pending is None:
            yield found
    if pending is not None:
        yield pending


def read_first_record(content: bytes) -> Record:
    """Return the record that uncompressed bytes begin with, however large it is.

    Raises:
        One of ``DAMAGE``: there is no complete record.
    """
    file = io.BytesIO(content)
    stream = RecordStream(Stream.of(file, 0), file, len(content))
    if (record := stream.read(lambda _fields: True)) is None:
        raise DamageError("a record without a WARC-Type")
    return record


class _RecordFinder:
    """Reads one file."""

    def __init__(self, file: IO[bytes], is_wanted: Wanted) -> None:
        self._file = file
        self._is_wanted = is_wanted
        # The end of a compressed member of a zip file is only found by decompressing all of it.
        is_compressed = isinstance(getattr(file, "raw", file), Inflated)
        self._size = None if is_compressed else file.seek(0, io.SEEK_END)
        self._read_again = 0
        self._dictionary: Dictionary | None = None

    def items(self, start: int) -> Iterator[Record | PartialRecord | DamagedPlace]:
        """Yield the wanted records and every damaged place."""
        try:
            self._dictionary = read_dictionary(self._file)
        except DamageError as error:
            yield DamagedPlace(0, str(error), None)
            return
        stream = Stream.of(self._file, start)
        while stream.peek(1):
            offset = stream.position
            try:
                records = RecordStream(stream, self._file, self._size, self._dictionary, MAX_BYTES)
                while not records.is_over():
                    offset = records.next_offset()
                    if (record := records.read(self._is_wanted)) is not None:
                        yield record
            except DAMAGE as error:
                self._read_again += stream.position - offset
                resumed = find_next_record(self._file, offset + 1, self._dictionary)
                if isinstance(error, TornError):
                    yield from self._partial(offset, error, resumed)
                size = stream.position if self._size is None else self._size
                patience = _PATIENCE + _PATIENCE_SHARE * size
                if self._read_again > patience and resumed is not None:
                    yield DamagedPlace(offset, f"{error}, after too many damaged places", None)
                    return
                yield DamagedPlace(offset, str(error), resumed)
                if resumed is None:
                    return
                stream = Stream.of(self._file, resumed)

    def _partial(
        self, offset: int, error: TornError, resumed: int | None
    ) -> Iterator[PartialRecord]:
        """Yield the readable part of a record, if there is any and it is wanted."""
        fields, kind = error.parsed.rec_headers, error.parsed.rec_type
        if kind is None or not self._is_wanted(fields):
            return
        content, reason = error.content, str(error)
        if content is None and self._size is not None:
            available = (self._size if resumed is None else resumed) - error.start
            missing = error.parsed.length - available
            if missing <= 0:
                return  # it is damaged in another way
            self._file.seek(error.start)
            content, reason = self._file.read(min(available, MAX_BYTES)), missing_bytes(missing)
        try:
            record = split_record(offset, error.parsed, content or b"")
        except DAMAGE:
            return  # even the HTTP headers are incomplete
        if record.content and (record.http is not None or kind != "response"):
            yield PartialRecord(record, reason)
