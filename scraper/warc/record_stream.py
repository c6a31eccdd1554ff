"""Parses the records of a gzip member, a zstd frame, or the uncompressed rest of a file.

warcio parses the header of a record. The content is read here, because warcio does not check that
a record ends where its ``Content-Length`` says.
"""

from __future__ import annotations

import io
import logging
import re
from typing import IO, TYPE_CHECKING

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

from scraper.files.inflate import DamagedStreamError
from scraper.warc.record import Record
from scraper.warc.resync import FIRST_LINE, MAX_FIRST_LINE
from scraper.warc.streams import LARGEST_READ, DamageError, Stream, open_compressed_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders

    from scraper.warc.streams import Dictionary

    Wanted = Callable[[StatusAndHeaders], bool]

_MAX_RECORD_HEADER = 1 << 16  # bytes of a record's own header
_ARC_FILE_HEADER = b"filedesc:"  # followed by two more lines
_BLANK_LINES = re.compile(rb"[\r\n]*")
_MIN_SEPARATOR = 4  # bytes of the empty lines after a record
_WRONG_END = "the record does not end where its Content-Length says"

_loader = ArcWarcRecordLoader(verify_http=False, arc2warc=True)
logging.getLogger("warcio.recordloader").setLevel(logging.ERROR)  # it logs damaged addresses


class TornError(DamageError):
    """A record is shorter than its ``Content-Length``.

    Attributes:
        parsed: its header.
        content: what is left of its content; None for uncompressed records, whose content begins
            at ``start`` and ends at the next record.
        start: offset in the file.
    """

    def __init__(
        self, reason: str, parsed: ArcWarcRecord, content: bytes | None = None, start: int = 0
    ) -> None:
        super().__init__(reason)
        self.parsed = parsed
        self.content = content
        self.start = start


DAMAGE = (
    DamageError,
    DamagedStreamError,  # from a compressed member of a WACZ
    EOFError,
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
)


class RecordStream:
    """Reads the records that can only be read in sequence: to the end of a member or of the file.

    Args:
        stream: at the first byte.
        file: the same file, used to look ahead.
        size: of the file, None if unknown.
        dictionary: for zstd frames.
        max_bytes: content of larger records is not kept; None for no limit.

    Raises (by its methods):
        One of ``DAMAGE``: the record cannot be read.
    """

    def __init__(
        self,
        stream: Stream,
        file: IO[bytes],
        size: int | None,
        dictionary: Dictionary | None = None,
        max_bytes: int | None = None,
    ) -> None:
        self._offset = stream.position
        self._file, self._size, self._max_bytes = file, size, max_bytes
        inside = open_compressed_part(stream, dictionary)
        self._is_plain = inside is None
        self._stream = stream if inside is None else inside

    def is_over(self) -> bool:
        """Return whether everything was read, checksum of the member included."""
        return not self._stream.peek(1)

    def next_offset(self) -> int:
        """Return the offset of the next record, or of the member that contains it."""
        if self._is_plain:
            self._offset = self._stream.position
        return self._offset

    def read(self, is_wanted: Wanted) -> Record | None:
        """Read a record to its end; return it if it is wanted."""
        if not self._at_header():
            raise DamageError("no record begins here")
        parsed = _loader.parse_record_stream(io.BytesIO(self._header()), no_record_parse=True)
        _lower_type(parsed)
        fields, kind, length = parsed.rec_headers, parsed.rec_type, parsed.length
        if length is None:
            raise DamageError("a record without a Content-Length")
        if self._is_plain and self._size is not None:
            self._check_end(parsed, length, self._size)
        keep = kind is not None and is_wanted(fields)
        fits = self._max_bytes is None or length <= self._max_bytes
        content = self._content(parsed, length, keep=keep and fits)
        self._skip_separator()
        if not keep:
            return None
        if content is None:
            return Record(self._offset, kind, fields, None, None)
        return split_record(self._offset, parsed, content)

    def _at_header(self) -> bool:
        return FIRST_LINE.match(self._stream.peek(MAX_FIRST_LINE)) is not None

    def _check_end(self, parsed: ArcWarcRecord, length: int, size: int) -> None:
        """Look ahead to where an uncompressed record should end: its length may be wrong."""
        start = self._stream.position
        end = start + length
        if end > size:
            raise TornError(missing_bytes(end - size), parsed, start=start)
        position = self._file.tell()
        self._file.seek(end)
        after = self._file.read(MAX_FIRST_LINE)
        self._file.seek(position)
        found = _BLANK_LINES.match(after)
        blank = found.end() if found else 0
        if blank < min(_MIN_SEPARATOR, len(after)) and not FIRST_LINE.match(after, blank):
            raise TornError(_WRONG_END, parsed, start=start)

    def _header(self) -> bytes:
        """Return the lines of a record's own header."""
        line = self._line()
        if not line.startswith(b"WARC/"):
            is_file_header = line.startswith(_ARC_FILE_HEADER)
            return line + (self._line() + self._line() if is_file_header else b"")
        lines, length = [line], 0
        while line.strip():
            line = self._line()
            lines.append(line)
            length += len(line)
            if length > _MAX_RECORD_HEADER:
                raise DamageError("a record's header does not end")
        return b"".join(lines)

    def _line(self) -> bytes:
        line = self._stream.readline(_MAX_RECORD_HEADER)
        if not line.endswith(b"\n"):
            raise DamageError("a record's header does not end")
        return line

    def _content(self, parsed: ArcWarcRecord, length: int, *, keep: bool) -> bytes | None:
        """Read the content of a record; return it if it is to be kept.

        Raises:
            TornError: it is shorter than ``length``.
        """
        pieces, left = [], length
        while left and (piece := self._stream.read(min(left, LARGEST_READ))):
            left -= len(piece)
            if keep:
                pieces.append(piece)
        if left:
            raise TornError(missing_bytes(left), parsed, b"".join(pieces))
        return b"".join(pieces) if keep else None

    def _skip_separator(self) -> None:
        """Read the empty lines after a record, which prove that its length was right."""
        blank = 0
        while self._stream.peek(1) in {b"\r", b"\n"}:
            blank += len(self._stream.read(1))
        if blank < _MIN_SEPARATOR and not (self.is_over() or self._at_header()):
            raise DamageError(_WRONG_END)
        self.is_over()  # verifies the checksum after the last record of a member


def _lower_type(parsed: ArcWarcRecord) -> None:
    """Write the type of a record in lower case, as the standard does and not every writer."""
    kind = (parsed.rec_type or "").strip().lower()
    if kind and kind != parsed.rec_type:
        parsed.rec_type = kind
        parsed.rec_headers.replace_header("WARC-Type", kind)


def split_record(offset: int, parsed: ArcWarcRecord, content: bytes) -> Record:
    """Split the content of a record into HTTP headers and body."""
    fields, kind = parsed.rec_headers, parsed.rec_type
    block = io.BytesIO(content)
    uri = (fields.get_header("WARC-Target-URI") or "").lower()  # its scheme tells the loader
    http = _loader.load_http_headers(kind, uri, block, len(content))
    return Record(offset, kind, fields, http, block.read())


def missing_bytes(count: int) -> str:
    """Return why a record that lacks ``count`` bytes is incomplete."""
    return f"the record ends {count:,} bytes early"
