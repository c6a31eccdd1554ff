"""Reads tarballs member by member, in bounded memory and past damaged headers.

``tarfile`` decodes the header blocks. Walking from header to header is done here, because
``TarFile`` reads names and PAX headers of any size into memory and stops at the first damage.
"""

from __future__ import annotations

import tarfile
from contextlib import closing
from typing import IO, TYPE_CHECKING, NamedTuple

from scraper.files.inflate import CHUNK, DamagedStreamError, open_compressed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedReader

_BLOCK_SIZE = 512
_ZEROS = bytes(_BLOCK_SIZE)
_MAX_ZEROS = 1 << 16  # blocks; reading stops after 32 MiB of padding
_MAX_EXTENDED = 1 << 20  # bytes of a long name or a PAX header; a path on disk has at most 4,096
_IS_EXTENDED = 482  # offsets of the flags for "the map of this sparse file continues"
_CONTINUES = 504
_MAX_MAP = 20  # blocks of 21 pieces each
_PAX = {tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE}
_EXTENDED = {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE, *_PAX}
_KEYS = {"path", "linkpath", "size"}  # of a PAX header; all others are ignored
_SPARSE_KEYS = {f"GNU.sparse.{key}" for key in ("name", "map", "size", "realsize", "major")}
_SPARSE = "a sparse file, which is not read; pack it without --sparse"
_ODD = {
    tarfile.LNKTYPE: "a link to {0}",
    tarfile.SYMTYPE: "a link to {0}",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a named pipe",
    tarfile.GNUTYPE_SPARSE: _SPARSE,
}


class TarMember(NamedTuple):
    """A member of a tarball, or a fault of the tarball.

    Attributes:
        name: its path; None for a fault of the tarball itself.
        body: its content, if it was wanted.
        fault: why it, or the tarball, cannot be read; None if it can.
        is_folder: it is the entry of a folder.
    """

    name: str | None
    body: bytes | None = None
    fault: str | None = None
    is_folder: bool = False


class _FalseSizeError(Exception):
    """A header claims more bytes than follow.

    Attributes:
        name: the member's path; None for an extended header.
    """

    def __init__(self, name: str | None, size: int) -> None:
        super().__init__(f"damaged archive: it ends before the {size:,} bytes in its header")
        self.name = name


def tar_members(
    file: IO[bytes], is_wanted: Callable[[str], bool], max_bytes: int
) -> Iterator[TarMember]:
    """Yield the members of a tarball in order, with its faults in between.

    After a damaged or false header, reading continues at the next valid one.

    Args:
        file: the tarball, compressed or not; seekable.
        is_wanted: called with the path of each member; unwanted members have no body.
        max_bytes: a larger member is not read, which is a fault.
    """
    with closing(open_compressed(file)) as stream:
        yield from _TarReader(stream, is_wanted, max_bytes).members()


class _TarReader:
    """One pass over a tarball."""

    def __init__(
        self, stream: BufferedReader, is_wanted: Callable[[str], bool], max_bytes: int
    ) -> None:
        self._stream = stream
        self._is_wanted = is_wanted
        self._max_bytes = max_bytes
        self._end: int | None = None  # length of the stream, once it is known
        self._is_seeking = False  # whether the next valid header is being searched for
        self._zeros = 0  # blocks of zeros before this one
        self._extended: dict[str, str] = {}  # fields from extended headers before a member
        self._last = "none"  # name of the last member read

    def members(self) -> Iterator[TarMember]:
        """Yield all members and faults."""
        try:
            while self._zeros < _MAX_ZEROS:
                at = self._stream.tell()
                block = self._stream.read(_BLOCK_SIZE)
                if len(block) < _BLOCK_SIZE:
                    yield from self._ending(len(block), at)
                    return
                yield from self._block(block, at)
        except (DamagedStreamError, OSError) as error:
            yield self._fault(f"{error}; nothing after that can be read")

    def _ending(self, left: int, at: int) -> Iterator[TarMember]:
        if not (self._zeros or self._is_seeking):
            where = f"within a header at byte {at:,}" if left else "without its end marker"
            yield self._fault(f"it ends {where}" if at + left else "it is empty")

    def _block(self, block: bytes, at: int) -> Iterator[TarMember]:
        """Yield the member that a block begins; after a fault, search for the next header."""
        try:
            yield from self._header(block)
        except (DamagedStreamError, OSError):
            raise
        except _FalseSizeError as error:
            self._end = self._stream.tell()
            self._stream.seek(at + _BLOCK_SIZE)
            self._is_seeking = True
            yield TarMember(error.name, fault=f"{error}; kept all up to {self._last}")
        except Exception as error:  # noqa: BLE001  a damaged header may raise anything
            was_seeking, self._is_seeking = self._is_seeking, True
            if not was_seeking:
                yield self._fault(f"no valid header at byte {at:,} ({error})")

    def _fault(self, text: str) -> TarMember:
        detail = f"damaged archive: {text}; the last complete member before that is {self._last}"
        return TarMember(None, fault=detail)

    def _header(self, block: bytes) -> Iterator[TarMember]:
        """Yield the member of a header block; remember an extended header for the next one."""
        if block == _ZEROS:  # the end, unless another tarball was appended
            self._zeros += 1
            return
        info = tarfile.TarInfo.frombuf(block, "utf-8", "replace")
        self._is_seeking, self._zeros = False, 0
        if info.type in _EXTENDED:
            self._extend(info)
            return
        extended, self._extended = self._extended, {}
        if info.type == tarfile.GNUTYPE_SPARSE and block[_IS_EXTENDED]:
            self._skip_map()
        yield from self._member(info, extended)

    def _skip_map(self) -> None:
        """Skip the blocks with the rest of a sparse file's map."""
        for _ in range(_MAX_MAP):
            if not self._content(None, _BLOCK_SIZE)[_CONTINUES]:
                return
        raise tarfile.HeaderError("the map of a sparse file does not end")

    def _extend(self, info: tarfile.TarInfo) -> None:
        """Read an extended header, which belongs to the next member."""
        if info.size > _MAX_EXTENDED:
            # The next header is searched for right after this one, in case the size is false.
            raise tarfile.HeaderError(f"a name or PAX header of {info.size:,} bytes")
        content = self._content(None, info.size)
        if info.type in _PAX:
            self._extended |= _pax_fields(content)
        elif info.type != tarfile.XGLTYPE:  # a global header does not name members
            key = "path" if info.type == tarfile.GNUTYPE_LONGNAME else "linkpath"
            self._extended[key] = _utf8(content.partition(b"\x00")[0])

    def _member(self, info: tarfile.TarInfo, extended: dict[str, str]) -> Iterator[TarMember]:
        name = extended.get("GNU.sparse.name") or extended.get("path") or info.name
        has_content = info.isreg() or info.type not in tarfile.SUPPORTED_TYPES
        size = int(extended.get("size", info.size)) if has_content else 0
        if size < 0:
            raise tarfile.HeaderError(f"{name} has {size:,} bytes")
        fault = self._unreadable(info, extended, size)
        if info.isdir() or not self._is_wanted(name):
            self._skip(name, size)
            yield TarMember(name, is_folder=info.isdir())
        elif fault is not None:
            yield TarMember(name, fault=fault)
            self._skip(None, size)
        else:
            yield TarMember(name, self._content(name, size))
        self._last = name

    def _unreadable(self, info: tarfile.TarInfo, extended: dict[str, str], size: int) -> str | None:
        """Return why a member cannot be read, None if it can."""
        if info.type in _ODD:
            return _ODD[info.type].format(extended.get("linkpath") or info.linkname)
        if extended.keys() & _SPARSE_KEYS:
            return _SPARSE
        if not info.isreg():
            return f"a member of the unknown type {info.type!r}"
        if size > self._max_bytes:
            return f"{size:,} bytes; a corpus file has at most {self._max_bytes:,}"
        return None

    def _content(self, name: str | None, size: int) -> bytes:
        """Read a member's content and its padding; return the content.

        Raises:
            _FalseSizeError: the tarball ends early.
        """
        self._refuse_beyond(name, size)
        content = self._stream.read(size)
        if len(content) < size:
            raise _FalseSizeError(name, size)
        self._stream.read(-size % _BLOCK_SIZE)
        return content

    def _skip(self, name: str | None, size: int) -> None:
        """Skip a member's content and its padding.

        Raises:
            _FalseSizeError: the tarball ends early.
        """
        self._refuse_beyond(name, size)
        left = size
        while left and (piece := self._stream.read(min(left, CHUNK))):
            left -= len(piece)
        if left:
            raise _FalseSizeError(name, size)
        self._stream.read(-size % _BLOCK_SIZE)

    def _refuse_beyond(self, name: str | None, size: int) -> None:
        if self._end is not None and self._stream.tell() + size > self._end:
            raise _FalseSizeError(name, size)


def _utf8(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _pax_fields(content: bytes) -> dict[str, str]:
    """Return the known fields of a PAX header, whose lines are ``LENGTH KEY=VALUE``.

    Raises:
        ValueError: the header is damaged.
    """
    found: dict[str, str] = {}
    at = 0
    while at < len(content) and content[at : at + 1] != b"\x00":
        digits = content[at : at + 12].partition(b" ")[0]
        end = at + int(digits)
        key, equals, value = content[at + len(digits) + 1 : end - 1].partition(b"=")
        if not equals or end <= at + len(digits) or content[end - 1 : end] != b"\n":
            raise ValueError("a damaged PAX header")
        if (name := _utf8(key)) in _KEYS | _SPARSE_KEYS:
            found[name] = _utf8(value)
        at = end
    return found
