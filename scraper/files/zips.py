"""Reads zip files member by member, in bounded memory and past damage.

``zipfile`` rejects the whole file if one name is not in its declared charset or one entry is odd,
and trusts the sizes in headers. Here a fault affects only the entry that has it.
"""

from __future__ import annotations

import bz2
import io
import stat
import struct
import sys
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from scraper.files.inflate import CHUNK, Deflate, Inflated, Stored, ZipLzma
from scraper.files.regular import Slice

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.files.inflate import Decompressor

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")  # a member, or the end of an empty zip file
_TABLE_ENTRY = struct.Struct("<4s4B4HL2L5H2L")  # in the table of contents
_LOCAL = struct.Struct("<4s2B4HL2L2H")  # before a member
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_LOCATOR = b"PK\x06\x07"
_LONGEST_END = _END.size + (1 << 16)  # with its comment
_MAX_ENTRIES = 300_000  # the corpora have 91,796 files
_ENCRYPTED, _SIZES_FOLLOW, _UTF8_NAME = 0x1, 0x8, 0x800  # general purpose bits
_UNIX = 3
_EXTRA_ZIP64, _EXTRA_NAME = 0x0001, 0x7075
_METHODS: dict[int, Callable[[], Decompressor]] = {
    0: Stored,
    8: lambda: Deflate(-15),
    12: bz2.BZ2Decompressor,
    14: ZipLzma,
    93: zstd.ZstdDecompressor,
}


class DamagedZipError(Exception):
    """A zip file, or a member of one, cannot be read."""


@dataclass(frozen=True)
class ZipEntry:
    """A member as described by the table of contents, which may be wrong.

    Attributes:
        name: its path; empty for an entry without a name.
        size: of its content in bytes.
        compressed: size in the file in bytes.
        offset: of its own header.
        method: zip's number of the compression method.
        crc: CRC-32 of its content.
        fault: why it cannot be read; None if it can.
        shift: the part of ``offset`` that accounts for bytes before the zip file. If those bytes
            were inserted further on, the member begins that much earlier.
    """

    name: str
    size: int
    compressed: int
    offset: int
    method: int
    crc: int
    fault: str | None = None
    shift: int = 0

    @property
    def is_folder(self) -> bool:
        """Whether it is the entry of a folder."""
        return self.name.endswith("/")


def zip_entries(file: IO[bytes]) -> Iterator[ZipEntry | str]:
    """Yield the members of a zip file in order, and a sentence for each fault of the file itself.

    Without a table of contents, as in a truncated file, members are found from the beginning, up
    to the first one whose header does not state its size.

    Args:
        file: seekable.

    Raises:
        DamagedZipError: it is not a zip file.
    """
    try:
        begin, end, shift = _locate_table(file)
    except DamagedZipError as error:
        found = list(_without_table(file))
        if not found:
            raise
        yield f"{error}; {len(found):,} members were found from its beginning"
        yield from found
        return
    listed: list[ZipEntry] = []
    fault = None
    try:
        listed.extend(_read_table(file, begin, end, shift))
    except DamagedZipError as error:
        fault = f"{error}; {len(listed):,} members before it were read"
    yield from _without_overlaps(listed)
    if fault:
        yield fault


def open_zip_entry(file: IO[bytes], entry: ZipEntry, *, checked: bool = False) -> IO[bytes]:
    """Open a member for reading, seekable; closing it leaves the zip file open.

    Args:
        file: the zip file, seekable; do not read from it in the meantime.
        entry: the member.
        checked: verify the checksum of uncompressed members too, which makes seeking slow.

    Raises:
        DamagedZipError: the member cannot be read.
    """
    if entry.fault is not None:
        raise DamagedZipError(entry.fault)
    source = Slice(file, _content_of(file, entry), entry.compressed)
    if entry.method == 0 and not checked:
        return io.BufferedReader(source, CHUNK * 4)
    buffered = io.BufferedReader(source, CHUNK)
    inflated = Inflated(buffered, _METHODS[entry.method], entry.size, entry.crc)
    return io.BufferedReader(inflated, CHUNK)


def _content_of(file: IO[bytes], entry: ZipEntry) -> int:
    """Return the offset of a member's content.

    Raises:
        DamagedZipError: there is no member at its offset.
    """
    for offset in {entry.offset: None, entry.offset - entry.shift: None}:
        file.seek(offset)
        head = file.read(_LOCAL.size)
        if len(head) == _LOCAL.size and head.startswith(ZIP_MAGIC[0]):
            name, extra = _LOCAL.unpack(head)[-2:]
            return offset + _LOCAL.size + int(name) + int(extra)
    raise DamagedZipError(f"no member begins at byte {entry.offset:,}, its stated offset")


def _locate_table(file: IO[bytes]) -> tuple[int, int, int]:
    """Return begin and end of the table of contents, and the shift of its offsets."""
    length = file.seek(0, io.SEEK_END)
    start = file.seek(max(0, length - _LONGEST_END))
    tail = file.read(_LONGEST_END)
    at = tail.rfind(ZIP_MAGIC[1])
    if at < 0 or len(tail) < at + _END.size:
        raise DamagedZipError("its table of contents is missing")
    end = start + at
    size, offset = _END.unpack_from(tail, at)[5:7]
    if end >= _LOCATOR64.size:
        file.seek(end - _LOCATOR64.size)
        place = end - _LOCATOR64.size - _END64.size
        if file.read(len(_LOCATOR)) == _LOCATOR and place >= 0:
            file.seek(place)
            record = file.read(_END64.size)
            if len(record) == _END64.size and record.startswith(b"PK\x06\x06"):
                size, offset = _END64.unpack(record)[8:10]
                end = place
    if size > end:
        raise DamagedZipError("its table of contents is longer than the file")
    # Bytes before the zip file, such as a self-extractor, shift every offset.
    return end - size, end, max(0, end - size - offset)


def _read_table(file: IO[bytes], begin: int, end: int, shift: int) -> Iterator[ZipEntry]:
    """Yield the entries of the table of contents.

    Raises:
        DamagedZipError: after the last readable entry.
    """
    for _ in range(_MAX_ENTRIES):
        if begin >= end:
            return
        file.seek(begin)
        head = file.read(_TABLE_ENTRY.size)
        if len(head) < _TABLE_ENTRY.size or not head.startswith(b"PK\x01\x02"):
            raise DamagedZipError(f"its table of contents is damaged at byte {begin:,}")
        values = _TABLE_ENTRY.unpack(head)
        lengths = values[12:15]
        rest = file.read(sum(lengths))
        yield _make_entry(values, rest[: lengths[0]], rest[lengths[0] : sum(lengths[:2])], shift)
        begin += _TABLE_ENTRY.size + sum(lengths)
    if begin < end:
        raise DamagedZipError(f"it has more than {_MAX_ENTRIES:,} members")


def _make_entry(values: tuple[int, ...], raw: bytes, extra: bytes, shift: int) -> ZipEntry:
    system, flags, method = values[2], values[5], values[6]
    crc, compressed, size = values[9:12]
    offset, mode = values[18], values[17] >> 16
    extras = _extra_fields(extra)
    wide = io.BytesIO(extras.get(_EXTRA_ZIP64, b""))
    size, compressed, offset = (
        int.from_bytes(wide.read(8), "little") if value == 0xFFFFFFFF else value
        for value in (size, compressed, offset)
    )
    return ZipEntry(
        name=_member_name(raw, flags, extras.get(_EXTRA_NAME, b"")),
        size=size,
        compressed=compressed,
        offset=offset + shift,
        method=method,
        crc=crc,
        fault=_entry_fault(flags, method, mode if system == _UNIX else 0),
        shift=shift,
    )


def _extra_fields(extra: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        found.setdefault(kind, extra[4 : 4 + length])
        extra = extra[4 + length :]
    return found


def _entry_fault(flags: int, method: int, mode: int) -> str | None:
    """Return why a member cannot be read, judging by its entry; None if it can."""
    if flags & _ENCRYPTED:
        return "encrypted; unpack it first"
    if method not in _METHODS:
        return f"compressed by method {method}, which is not supported; unpack it first"
    kind = stat.S_IFMT(mode)
    if kind and kind not in {stat.S_IFREG, stat.S_IFDIR}:
        return "a link; not read" if kind == stat.S_IFLNK else "a device or the like; not read"
    return None


def _member_name(raw: bytes, flags: int, unicode_path: bytes) -> str:
    """Decode a name. Its flag for UTF-8 is unreliable in both directions."""
    if unicode_path[:1] == b"\x01":  # Info-ZIP stores the UTF-8 name here
        raw = unicode_path[5:]
    charsets = ("utf-8", "cp874", "cp437")
    name = next(text for charset in charsets if (text := _decode_name(raw, charset)) is not None)
    name = name.partition("\x00")[0]
    is_windows = "\\" in name and "/" not in name and not flags & _UTF8_NAME
    return name.replace("\\", "/") if is_windows else name


def _decode_name(raw: bytes, charset: str) -> str | None:
    try:
        return raw.decode(charset)
    except UnicodeDecodeError:
        return None


def _without_overlaps(listed: list[ZipEntry]) -> Iterator[ZipEntry]:
    """Yield entries; those that share bytes with another one, as in zip bombs, have a fault."""
    order = sorted(listed, key=lambda entry: entry.offset)
    shared = {
        id(entry)
        for entry, after in pairwise(order)
        if not entry.is_folder and entry.offset + _LOCAL.size + entry.compressed > after.offset
    }
    for entry in listed:
        overlaps = id(entry) in shared and entry.fault is None
        fault = "it shares bytes with another member, as in a zip bomb"
        yield replace(entry, fault=fault) if overlaps else entry


def _without_table(file: IO[bytes]) -> Iterator[ZipEntry]:
    """Yield members by their own headers, up to the first that does not state its size."""
    offset = 0
    for _ in range(_MAX_ENTRIES):
        file.seek(offset)
        head = file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(ZIP_MAGIC[0]):
            return
        _, _, _, flags, method, _, _, crc, compressed, size, name, extra = _LOCAL.unpack(head)
        if flags & _SIZES_FOLLOW and not compressed:
            return
        raw, _ = file.read(name), file.read(extra)
        fault = _entry_fault(flags, method, 0)
        yield ZipEntry(_member_name(raw, flags, b""), size, compressed, offset, method, crc, fault)
        offset += _LOCAL.size + name + extra + compressed
