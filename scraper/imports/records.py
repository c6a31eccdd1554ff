"""Finds the records of a WARC or ARC file, in gzip members or plain, and goes on behind damage.

warcio reads the fields of a record; finding it is done here, since warcio's own iterator ends at
the first damaged byte, or does not notice it. One record at a time is in memory, and only such as
are wanted. This module knows nothing of pages or archives.
"""

from __future__ import annotations

import io
import logging
import re
import zlib
from typing import IO, TYPE_CHECKING, NamedTuple, Self

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

from scraper.archive.coding import MAX_BYTES
from scraper.imports.inflate import DamagedStreamError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from warcio.statusandheaders import StatusAndHeaders

_MAX_HEAD = 1 << 20  # bytes of a record's fields; a line that does not end is none
_LONGEST_LINE = 1 << 13  # bytes, of the first line of an ARC record
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"
# How a WARC record begins, or an ARC record: address, IP address, 14 digits, type, length.
_HEAD = re.compile(rb"WARC/[01]\.\d+\r?\n|[a-z]+:\S+ \S+ \d{14} [^\n]* \d+\r?\n")
_ARC_FILE_HEAD = b"filedesc:"  # two more lines belong to it
# Where a record may begin behind a damaged place.
_MARK = re.compile(rb"\x1f\x8b\x08|WARC/[01]\.\d+\r?\n[A-Za-z-]+:")
_MARK_LENGTH = 32

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


class _DamageError(Exception):
    """The bytes are no whole record; the message says why."""


_DAMAGE = (
    _DamageError,
    DamagedStreamError,  # from a compressed member of a WACZ
    zlib.error,
    EOFError,
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
)


def read_records(
    file: IO[bytes], wanted: Callable[[StatusAndHeaders], bool], start: int = 0
) -> Iterator[Record | Damage]:
    """Yield the wanted records of a file in order, and every place that could not be read.

    Args:
        file: seekable; it is read forward except behind damage.
        wanted: told the fields of each record; others are passed over unread.
        start: where to begin, the offset of a record.

    Raises:
        OSError: the disk cannot be read.
    """
    stream = _Stream.of(file, start)
    while stream.peek(1):
        unit = _Unit(stream)
        try:
            while not unit.is_over():
                if (record := unit.record(wanted)) is not None:
                    yield record
        except _DAMAGE as error:
            resumed = _next_start(file, unit.offset + 1)
            yield Damage(unit.offset, str(error), resumed)
            if resumed is None:
                return
            stream = _Stream.of(file, resumed)


class _Unit:
    """What can be read from its begin only: a gzip member, or all plain records up to the end.

    Attributes:
        offset: where the member begins, or the plain record that was read last.
    """

    def __init__(self, file: _Stream) -> None:
        self.offset = file.position
        self._is_plain = file.peek(len(_GZIP)) != _GZIP
        self._stream = file if self._is_plain else _Stream(_Member(file).read)

    def is_over(self) -> bool:
        """Whether everything was read; the checksum of a member was right then."""
        return not self._stream.peek(1)

    def begins_a_record(self) -> bool:
        """Whether what comes next reads like the begin of a record."""
        return _HEAD.match(self._stream.peek(_LONGEST_LINE)) is not None

    def record(self, wanted: Callable[[StatusAndHeaders], bool]) -> Record | None:
        """Read a record to its end; return it if it is wanted."""
        if self._is_plain:
            self.offset = self._stream.position
        if not self.begins_a_record():
            raise _DamageError("no record begins here")
        parsed = _loader.parse_record_stream(io.BytesIO(self._head()), no_record_parse=True)
        fields, kind, length = parsed.rec_headers, parsed.rec_type, parsed.length
        if length is None:
            raise _DamageError("a record without a Content-Length")
        keep = kind is not None and wanted(fields)
        content = self._content(length, keep=keep and length <= MAX_BYTES)
        self._close()
        if not keep:
            return None
        if content is None:
            return Record(self.offset, kind, fields, None, None)
        block = io.BytesIO(content)
        uri = fields.get_header("WARC-Target-URI") or ""
        http = _loader.load_http_headers(kind, uri, block, length)
        return Record(self.offset, kind, fields, http, block.read())

    def _head(self) -> bytes:
        """Return the lines of a record's own header."""
        head = line = self._line()
        if not head.startswith(b"WARC/"):
            return head + (self._line() + self._line() if head.startswith(_ARC_FILE_HEAD) else b"")
        while line.strip():
            line = self._line()
            head += line
            if len(head) > _MAX_HEAD:
                raise _DamageError("a record's fields do not end")
        return head

    def _line(self) -> bytes:
        line = self._stream.readline(_MAX_HEAD)
        if not line.endswith(b"\n"):
            raise _DamageError("a record's fields do not end")
        return line

    def _content(self, length: int, *, keep: bool) -> bytes | None:
        """Read so many bytes; return them if they are to be kept."""
        pieces, left = [], length
        while left and (piece := self._stream.read(left)):
            left -= len(piece)
            if keep:
                pieces.append(piece)
        if left:
            raise _DamageError(f"the record ends {left:,} bytes early")
        return b"".join(pieces) if keep else None

    def _close(self) -> None:
        """Read the empty lines behind a record, which prove that its length was right."""
        blank = 0
        while self._stream.peek(1) in {b"\r", b"\n"}:
            blank += len(self._stream.read(1))
        if blank < len(b"\r\n\r\n") and not (self.is_over() or self.begins_a_record()):
            raise _DamageError("the record does not end where its Content-Length says")
        self.is_over()  # so that a record at the end of a member has passed its checksum


class _Stream:
    """Bytes to be read once, with a look ahead.

    Attributes:
        position: offset of the next byte.
    """

    def __init__(self, source: Callable[[int], bytes], position: int = 0) -> None:
        self._source = source
        self._ahead = b""
        self.position = position

    @classmethod
    def of(cls, file: IO[bytes], position: int) -> Self:
        """Return the bytes of a file from an offset on."""
        file.seek(position)
        return cls(file.read, position)

    def peek(self, length: int) -> bytes:
        """Return the next bytes without reading them, fewer only at the end."""
        while len(self._ahead) < length and (more := self._source(_CHUNK)):
            self._ahead += more
        return self._ahead[:length]

    def read(self, length: int) -> bytes:
        """Return up to so many bytes, none only at the end."""
        self.peek(1)
        data, self._ahead = self._ahead[:length], self._ahead[length:]
        self.position += len(data)
        return data

    def unread(self, data: bytes) -> None:
        """Take back what was read last."""
        self._ahead = data + self._ahead
        self.position -= len(data)

    def readline(self, limit: int) -> bytes:
        """Return a line with its end, or without where it has none or is too long."""
        reach = 0
        while (found := self._ahead.find(b"\n", reach) + 1) == 0 and reach < limit:
            reach = len(self._ahead)
            if len(self.peek(reach + 1)) == reach:
                break
        return self.read(found or limit)


class _Member:
    """A gzip member that begins where the file stands, decompressed while it is read."""

    def __init__(self, file: _Stream) -> None:
        self._file = file
        self._inflate = zlib.decompressobj(wbits=31)

    def read(self, length: int) -> bytes:
        """Return up to so many bytes, none only behind the end."""
        while not self._inflate.eof:
            coded = self._inflate.unconsumed_tail or self._file.read(_CHUNK)
            data = self._inflate.decompress(coded, length)
            if self._inflate.eof:
                self._file.unread(self._inflate.unused_data)  # the next member
            elif not (coded or data):
                raise _DamageError("the file ends within a gzip member")
            if data:
                return data
        return b""


def _next_start(file: IO[bytes], offset: int) -> int | None:
    """Return where the next record begins, looking from ``offset`` on; None where there is none."""
    file.seek(offset)
    window = b""
    while chunk := file.read(_CHUNK):
        offset = file.tell() - len(chunk) - len(window)
        window += chunk
        for mark in _MARK.finditer(window):
            if _begins_a_record(file, offset + mark.start()):
                return offset + mark.start()
        file.seek(offset + len(window))
        window = window[-_MARK_LENGTH:]
    return None


def _begins_a_record(file: IO[bytes], offset: int) -> bool:
    try:
        return _Unit(_Stream.of(file, offset)).begins_a_record()
    except _DAMAGE:
        return False
