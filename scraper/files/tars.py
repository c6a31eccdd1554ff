"""Reads tarballs that strangers made: members one by one, in bounded memory, past damaged headers.

``tarfile`` decodes a header block. The walk from header to header is done here, since ``TarFile``
reads a long name or a PAX header of any size into memory, and ends at the first damaged header.
"""

from __future__ import annotations

import tarfile
from contextlib import closing
from typing import IO, TYPE_CHECKING, NamedTuple

from scraper.files.inflate import CHUNK, DamagedStreamError, open_compressed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedReader

_BLOCK = 512
_ZEROS = bytes(_BLOCK)
_MOST_ZEROS = 1 << 16  # blocks; what follows more padding than 32 MiB is not looked for
_MAX_HEADER = 1 << 20  # bytes of a long name or a PAX header; a path on disk has at most 4,096
_IS_EXTENDED = 482  # offsets of the flags that say that the map of a sparse file goes on
_GOES_ON = 504
_MOST_MAP = 20  # blocks, each of 21 pieces
_PAX = {tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE}
_BEFORE_A_MEMBER = {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE, *_PAX}
_KEYS = {"path", "linkpath", "size"}  # of a PAX header; others may be as many as they like
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
        name: its path; None for a fault of the whole.
        body: its bytes, if they were wanted.
        fault: why it, or the tarball, was not read; None where nothing is wrong.
        is_folder: it stands for a folder.
    """

    name: str | None
    body: bytes | None = None
    fault: str | None = None
    is_folder: bool = False


class _FalseSizeError(Exception):
    """A header claims more bytes than follow.

    Attributes:
        name: the member's path; None for a header before a member.
    """

    def __init__(self, name: str | None, size: int) -> None:
        super().__init__(f"damaged archive: it ends before the {size:,} bytes that this claims")
        self.name = name


def tar_members(
    file: IO[bytes], wanted: Callable[[str], bool], most_bytes: int
) -> Iterator[TarMember]:
    """Yield the members of a tarball as packed, and its faults where they stand.

    After a header that is damaged or false, reading goes on at the next one that is sound.

    Args:
        file: the tarball, compressed or not; seekable.
        wanted: told the path of each member; the others come without their bytes.
        most_bytes: a larger member is not read, which is a fault.
    """
    with closing(open_compressed(file)) as stream:
        yield from _Walk(stream, wanted, most_bytes).members()


class _Walk:
    """One pass over a tarball."""

    def __init__(
        self, stream: BufferedReader, wanted: Callable[[str], bool], most_bytes: int
    ) -> None:
        self._stream = stream
        self._wanted = wanted
        self._most_bytes = most_bytes
        self._end: int | None = None  # how long the stream is, once that is known
        self._is_seeking = False  # for the next sound header
        self._zeros = 0  # blocks of zeros before this place
        self._said: dict[str, str] = {}  # what headers before a member say of it
        self._last = "none"  # the member that was read last

    def members(self) -> Iterator[TarMember]:
        """Yield everything."""
        try:
            while self._zeros < _MOST_ZEROS:
                at = self._stream.tell()
                block = self._stream.read(_BLOCK)
                if len(block) < _BLOCK:
                    yield from self._ending(len(block), at)
                    return
                yield from self._past_faults(block, at)
        except (DamagedStreamError, OSError) as error:
            yield self._fault(f"{error}; nothing after it can be read")

    def _ending(self, left: int, at: int) -> Iterator[TarMember]:
        if not (self._zeros or self._is_seeking):
            where = f"within a header at byte {at:,}" if left else "without the mark of its end"
            yield self._fault(f"it ends {where}" if at + left else "it is empty")

    def _past_faults(self, block: bytes, at: int) -> Iterator[TarMember]:
        """Yield what a block begins; after any fault the next header is sought behind it."""
        try:
            yield from self._begun(block)
        except (DamagedStreamError, OSError):
            raise
        except _FalseSizeError as error:
            self._end = self._stream.tell()
            self._stream.seek(at + _BLOCK)
            self._is_seeking = True
            yield TarMember(error.name, fault=f"{error}; kept all up to {self._last}")
        except Exception as error:  # noqa: BLE001  whatever a damaged header leads to
            was_seeking, self._is_seeking = self._is_seeking, True
            if not was_seeking:
                yield self._fault(f"no sound header at byte {at:,} ({error})")

    def _fault(self, text: str) -> TarMember:
        detail = f"damaged archive: {text}; the last whole member before it is {self._last}"
        return TarMember(None, fault=detail)

    def _begun(self, block: bytes) -> Iterator[TarMember]:
        """Yield the member that a block begins, if it is a member's header."""
        if block == _ZEROS:  # the end; but another tarball may have been appended as it is
            self._zeros += 1
            return
        info = tarfile.TarInfo.frombuf(block, "utf-8", "replace")
        self._is_seeking, self._zeros = False, 0
        if info.type in _BEFORE_A_MEMBER:
            self._extend(info)
            return
        said, self._said = self._said, {}
        if info.type == tarfile.GNUTYPE_SPARSE and block[_IS_EXTENDED]:
            self._pass_over_map()
        yield from self._member(info, said)

    def _pass_over_map(self) -> None:
        """Go behind the blocks that hold the rest of a sparse file's map."""
        for _ in range(_MOST_MAP):
            if not self._content(None, _BLOCK)[_GOES_ON]:
                return
        raise tarfile.HeaderError("the map of a sparse file does not end")

    def _extend(self, info: tarfile.TarInfo) -> None:
        """Read a header that says more of the next member."""
        if info.size > _MAX_HEADER:
            # Whether so many bytes follow or not, the next header is sought through them.
            raise tarfile.HeaderError(f"a name or PAX header of {info.size:,} bytes")
        content = self._content(None, info.size)
        if info.type in _PAX:
            self._said |= _pax(content)
        elif info.type != tarfile.XGLTYPE:  # what that says of all members is not their names
            key = "path" if info.type == tarfile.GNUTYPE_LONGNAME else "linkpath"
            self._said[key] = _text(content.partition(b"\x00")[0])

    def _member(self, info: tarfile.TarInfo, said: dict[str, str]) -> Iterator[TarMember]:
        name = said.get("GNU.sparse.name") or said.get("path") or info.name
        has_content = info.isreg() or info.type not in tarfile.SUPPORTED_TYPES
        size = int(said.get("size", info.size)) if has_content else 0
        if size < 0:
            raise tarfile.HeaderError(f"{name} has {size:,} bytes")
        fault = self._unreadable(info, said, size)
        if info.isdir() or not self._wanted(name):
            self._skip(name, size)
            yield TarMember(name, is_folder=info.isdir())
        elif fault is not None:
            yield TarMember(name, fault=fault)
            self._skip(None, size)
        else:
            yield TarMember(name, self._content(name, size))
        self._last = name

    def _unreadable(self, info: tarfile.TarInfo, said: dict[str, str], size: int) -> str | None:
        """Return why a member cannot be read, None if it can."""
        if info.type in _ODD:
            return _ODD[info.type].format(said.get("linkpath") or info.linkname)
        if said.keys() & _SPARSE_KEYS:
            return _SPARSE
        if not info.isreg():
            return f"a member of the unknown type {info.type!r}"
        if size > self._most_bytes:
            return f"{size:,} bytes; a corpus file has at most {self._most_bytes:,}"
        return None

    def _content(self, name: str | None, size: int) -> bytes:
        """Return the bytes of a member, and go to the block after it.

        Raises:
            _FalseSizeError: the tarball has fewer.
        """
        self._refuse_beyond(name, size)
        content = self._stream.read(size)
        if len(content) < size:
            raise _FalseSizeError(name, size)
        self._stream.read(-size % _BLOCK)
        return content

    def _skip(self, name: str | None, size: int) -> None:
        """Go to the block after a member without holding its bytes.

        Raises:
            _FalseSizeError: the tarball has fewer.
        """
        self._refuse_beyond(name, size)
        left = size
        while left and (piece := self._stream.read(min(left, CHUNK))):
            left -= len(piece)
        if left:
            raise _FalseSizeError(name, size)
        self._stream.read(-size % _BLOCK)

    def _refuse_beyond(self, name: str | None, size: int) -> None:
        if self._end is not None and self._stream.tell() + size > self._end:
            raise _FalseSizeError(name, size)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _pax(content: bytes) -> dict[str, str]:
    """Return the records of a PAX header, each ``LENGTH KEY=VALUE`` and a line end.

    Raises:
        ValueError: it is damaged.
    """
    found: dict[str, str] = {}
    at = 0
    while at < len(content) and content[at : at + 1] != b"\x00":
        digits = content[at : at + 12].partition(b" ")[0]
        end = at + int(digits)
        key, equals, value = content[at + len(digits) + 1 : end - 1].partition(b"=")
        if not equals or end <= at + len(digits) or content[end - 1 : end] != b"\n":
            raise ValueError("a damaged PAX header")
        if (name := _text(key)) in _KEYS | _SPARSE_KEYS:
            found[name] = _text(value)
        at = end
    return found
