"""Finds the records of a WARC or ARC file, compressed or plain, and goes on after damage.

A file holds gzip members, zstd frames or plain records. warcio reads the fields of a record;
finding it is done here, since warcio's own iterator ends at the first damaged byte, or does not
notice it. One record at a time is in memory, and only those that are wanted. The time is linear in
the size of the file, whatever is wrong with it. This module knows nothing of pages or archives.
"""

from __future__ import annotations

import io
import logging
import re
import zlib
from typing import IO, TYPE_CHECKING, NamedTuple

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

from scraper.files.inflate import DamagedStreamError, Inflated
from scraper.warc.content_encoding import MAX_BYTES
from scraper.warc.resync import HEAD, LONGEST_LINE, next_start
from scraper.warc.streams import (
    CHUNK,
    DamageError,
    Stream,
    dictionary_of,
    opened,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders

    from scraper.warc.streams import Dictionary

_MAX_HEAD = 1 << 16  # bytes of a record's fields; a line that does not end is none
# Bytes that may be read again after damage, beside so many times the size of the file. Honest
# damage costs its own record twice; a file made to be slow would cost its size for each record.
_PATIENCE, _PATIENCE_SHARE = 32 << 20, 4
_ARC_FILE_HEAD = b"filedesc:"  # two more lines belong to it
_CLOSE = re.compile(rb"[\r\n]*")
_BLANK = 4  # bytes of the empty lines after a record
_WRONG_END = "the record does not end where its Content-Length says"

_loader = ArcWarcRecordLoader(verify_http=False, arc2warc=True)
logging.getLogger("warcio.recordloader").setLevel(logging.ERROR)  # repeats damaged addresses


class Record(NamedTuple):
    """A record of a WARC file, or of an ARC file with its fields named as in a WARC.

    Attributes:
        offset: where it begins in the file, or where the gzip member does that holds it.
        kind: ``WARC-Type``.
        fields: the record's own header.
        http: status line and headers, of HTTP records only.
        content: what follows the header and the HTTP headers; None where the record has more
            than ``MAX_BYTES``.
    """

    offset: int
    kind: str
    fields: StatusAndHeaders
    http: StatusAndHeaders | None
    content: bytes | None


class Damage(NamedTuple):
    """A place where no whole record could be read.

    Attributes:
        offset: where the damaged record or member begins.
        reason: what was found.
        resumed: where reading went on; None where nothing readable follows.
    """

    offset: int
    reason: str
    resumed: int | None


class Torn(NamedTuple):
    """The part of a wanted record that is there; a ``Damage`` with the same offset follows.

    Only of records that are shorter than they say. A member that cannot be decompressed to its end
    is damage alone: its checksum was not seen, so its bytes are not known to be right.

    Attributes:
        record: with the content that is there.
        reason: how much is missing.
    """

    record: Record
    reason: str


class _TornError(DamageError):
    """A record ends early, or a plain one may: only what follows it tells.

    Attributes:
        parsed: its fields.
        content: what there is of its content; None for plain records, where it begins at
            ``start``.
        start: offset in the file.
    """

    def __init__(
        self, reason: str, parsed: ArcWarcRecord, content: bytes | None = None, start: int = 0
    ) -> None:
        super().__init__(reason)
        self.parsed = parsed
        self.content = content
        self.start = start


_DAMAGE = (
    DamageError,
    DamagedStreamError,  # from a compressed member of a WACZ
    zlib.error,
    EOFError,
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
)


def read_records(
    file: IO[bytes], wanted: Callable[[StatusAndHeaders], bool], start: int = 0
) -> Iterator[Record | Torn | Damage]:
    """Yield the wanted records of a file in order, and every place that could not be read.

    Damaged places with no record between them are told as one.

    Args:
        file: seekable; it is read forward except after damage.
        wanted: told the fields of each record; others are passed over unread.
        start: where to begin, the offset of a record.

    Raises:
        OSError: the disk cannot be read.
    """
    reader = _Reader(file, wanted)
    pending: Damage | None = None
    for found in reader.items(start):
        if isinstance(found, Damage) and pending is not None and found.offset == pending.resumed:
            pending = pending._replace(resumed=found.resumed)
            continue
        if pending is not None:
            yield pending
        pending = found if isinstance(found, Damage) else None
        if pending is None:
            yield found
    if pending is not None:
        yield pending


class _Reader:
    """Reads one file."""

    def __init__(self, file: IO[bytes], wanted: Callable[[StatusAndHeaders], bool]) -> None:
        self._file = file
        self._wanted = wanted
        # The end of a compressed member of a zip file is found by decompressing all of it.
        is_compressed = isinstance(getattr(file, "raw", file), Inflated)
        self._size = None if is_compressed else file.seek(0, io.SEEK_END)
        self._read_again = 0
        self._dictionary: Dictionary | None = None

    def items(self, start: int) -> Iterator[Record | Torn | Damage]:
        """Yield the wanted records and every damaged place."""
        try:
            self._dictionary = dictionary_of(self._file)
        except DamageError as error:
            yield Damage(0, str(error), None)
            return
        stream = Stream.of(self._file, start)
        while stream.peek(1):
            offset = stream.position
            unit = None
            try:
                unit = self._unit(stream)
                while not unit.is_over():
                    offset = unit.offset_of_next()
                    if (record := unit.record(self._wanted)) is not None:
                        yield record
            except _DAMAGE as error:
                self._read_again += stream.position - offset
                resumed = next_start(self._file, offset + 1, self._dictionary)
                if isinstance(error, _TornError):
                    yield from self._torn(offset, error, resumed)
                size = stream.position if self._size is None else self._size
                patience = _PATIENCE + _PATIENCE_SHARE * size
                if self._read_again > patience and resumed is not None:
                    yield Damage(offset, f"{error}, as in too many places before", None)
                    return
                yield Damage(offset, str(error), resumed)
                if resumed is None:
                    return
                stream = Stream.of(self._file, resumed)

    def _unit(self, stream: Stream) -> _Unit:
        return _Unit(stream, self._dictionary, self._file, self._size)

    def _torn(self, offset: int, error: _TornError, resumed: int | None) -> Iterator[Torn]:
        """Yield the part of a record that is there, if there is any and it is wanted."""
        fields, kind = error.parsed.rec_headers, error.parsed.rec_type
        if kind is None or not self._wanted(fields):
            return
        content, reason = error.content, str(error)
        if content is None and self._size is not None:
            held = (self._size if resumed is None else resumed) - error.start
            missing = error.parsed.length - held
            if missing <= 0:
                return  # something else is wrong with it
            self._file.seek(error.start)
            content, reason = self._file.read(min(held, MAX_BYTES)), _early(missing)
        try:
            record = _record(offset, error.parsed, content or b"")
        except _DAMAGE:
            return  # not even the HTTP headers are there
        if record.content and (record.http is not None or kind != "response"):
            yield Torn(record, reason)


class _Unit:
    """What can be read from its begin only: a compressed member, or all plain records to the end.

    Raises (by its methods):
        DamageError and others of ``_DAMAGE``: it cannot be read.
    """

    def __init__(
        self, stream: Stream, dictionary: Dictionary | None, file: IO[bytes], size: int | None
    ) -> None:
        self._offset = stream.position
        self._file, self._size = file, size
        inside = opened(stream, dictionary)
        self._is_plain = inside is None
        self._stream = stream if inside is None else inside

    def is_over(self) -> bool:
        """Whether everything was read; the checksum of a member was right then."""
        return not self._stream.peek(1)

    def offset_of_next(self) -> int:
        """Return where the next record begins, or the member that holds it."""
        if self._is_plain:
            self._offset = self._stream.position
        return self._offset

    def begins_a_record(self) -> bool:
        """Whether what comes next reads like the begin of a record."""
        return HEAD.match(self._stream.peek(LONGEST_LINE)) is not None

    def record(self, wanted: Callable[[StatusAndHeaders], bool]) -> Record | None:
        """Read a record to its end; return it if it is wanted."""
        if not self.begins_a_record():
            raise DamageError("no record begins here")
        parsed = _loader.parse_record_stream(io.BytesIO(self._head()), no_record_parse=True)
        fields, kind, length = parsed.rec_headers, parsed.rec_type, parsed.length
        if length is None:
            raise DamageError("a record without a Content-Length")
        if self._is_plain and self._size is not None:
            self._check_end(parsed, length, self._size)
        keep = kind is not None and wanted(fields)
        content = self._content(parsed, length, keep=keep and length <= MAX_BYTES)
        self._close()
        if not keep:
            return None
        if content is None:
            return Record(self._offset, kind, fields, None, None)
        return _record(self._offset, parsed, content)

    def _check_end(self, parsed: ArcWarcRecord, length: int, size: int) -> None:
        """Look at where a plain record should end, before it is read: its length may be false."""
        start = self._stream.position
        end = start + length
        if end > size:
            raise _TornError(_early(end - size), parsed, start=start)
        stood = self._file.tell()
        self._file.seek(end)
        after = self._file.read(LONGEST_LINE)
        self._file.seek(stood)
        blank = _end_of_blank(after)
        if blank < min(_BLANK, len(after)) and not HEAD.match(after, blank):
            raise _TornError(_WRONG_END, parsed, start=start)

    def _head(self) -> bytes:
        """Return the lines of a record's own header."""
        line = self._line()
        if not line.startswith(b"WARC/"):
            return line + (self._line() + self._line() if line.startswith(_ARC_FILE_HEAD) else b"")
        lines, length = [line], 0
        while line.strip():
            line = self._line()
            lines.append(line)
            length += len(line)
            if length > _MAX_HEAD:
                raise DamageError("a record's fields do not end")
        return b"".join(lines)

    def _line(self) -> bytes:
        line = self._stream.readline(_MAX_HEAD)
        if not line.endswith(b"\n"):
            raise DamageError("a record's fields do not end")
        return line

    def _content(self, parsed: ArcWarcRecord, length: int, *, keep: bool) -> bytes | None:
        """Read so many bytes; return them if they are to be kept.

        Raises:
            _TornError: there are fewer.
        """
        pieces, left = [], length
        while left and (piece := self._stream.read(min(left, CHUNK))):
            left -= len(piece)
            if keep:
                pieces.append(piece)
        if left:
            raise _TornError(_early(left), parsed, b"".join(pieces))
        return b"".join(pieces) if keep else None

    def _close(self) -> None:
        """Read the empty lines after a record, which prove that its length was right."""
        blank = 0
        while self._stream.peek(1) in {b"\r", b"\n"}:
            blank += len(self._stream.read(1))
        if blank < _BLANK and not (self.is_over() or self.begins_a_record()):
            raise DamageError(_WRONG_END)
        self.is_over()  # so that a record at the end of a member has passed its checksum


def _record(offset: int, parsed: ArcWarcRecord, content: bytes) -> Record:
    fields, kind = parsed.rec_headers, parsed.rec_type
    block = io.BytesIO(content)
    uri = fields.get_header("WARC-Target-URI") or ""
    http = _loader.load_http_headers(kind, uri, block, len(content))
    return Record(offset, kind, fields, http, block.read())


def _early(missing: int) -> str:
    return f"the record ends {missing:,} bytes early"


def _end_of_blank(data: bytes) -> int:
    found = _CLOSE.match(data)
    return found.end() if found else 0
