"""Finds WARC files where they are kept: by themselves, in folders, in WACZ files, also nested ones.

A WACZ is a zip file with WARC files among its members. They are read where they stand: nothing is
unpacked. What a WARC file holds is for ``records``.
"""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from scraper.archive.warc import OPEN
from scraper.imports.problem import ImportProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from _typeshed import WriteableBuffer

WARCS = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz")
WACZ = ".wacz"
_BUFFER = 1 << 16
_ZIP = b"PK\x03\x04"
_LOCAL_HEADER = 30  # bytes of a zip member's own header before its name
# What reading a file or a member of a WACZ may raise; RuntimeError is zipfile's for encryption.
UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError)
_DEPTH = 2  # a WACZ of several holds others; deeper ones are not made
_ENCRYPTED = 1


@dataclass(frozen=True)
class WarcFile:
    """A WARC file, wherever it stands.

    Attributes:
        path: the file on disk.
        members: the path inside that file; for nested WACZ files the path inside each.
    """

    path: Path
    members: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name for people and for ``captures.source``, such as ``x.wacz/archive/data.warc.gz``."""
        return "/".join((self.path.name, *self.members))

    @contextmanager
    def open(self, told: Callable[[int], object] = lambda _count: None) -> Iterator[IO[bytes]]:
        """Open the file for reading, seekable.

        Args:
            told: called with the number of bytes after each reading from the disk.

        Raises:
            OSError: the disk cannot be read.
            zipfile.BadZipFile: the WACZ is damaged.
        """
        with ExitStack() as stack:
            file: IO[bytes] = stack.enter_context(
                io.BufferedReader(_Told(self.path, told), _BUFFER)
            )
            for member in self.members:
                archive = stack.enter_context(zipfile.ZipFile(file))
                file = stack.enter_context(_open_member(file, archive, archive.getinfo(member)))
            yield file

    def problem(self, kind: str, detail: str) -> ImportProblem:
        """Return a problem with this file."""
        return ImportProblem(self.path, "/".join(self.members) or None, kind, detail)


def find_warcs(paths: Iterable[Path]) -> Iterator[WarcFile | ImportProblem]:
    """Yield every WARC file in ``paths``, in their order, and a problem for what cannot be read.

    A file that is named is read whatever its name. Of a folder all WARC, ARC and WACZ files are
    read, through all levels, by path.
    """
    for path in paths:
        errors: list[OSError] = []
        for file in _files(path, errors.append):
            try:
                yield from _warcs(WarcFile(file))
            except UNREADABLE as error:
                yield WarcFile(file).problem("unreadable", reason(error))
        for failure in errors:
            yield ImportProblem(path, failure.filename, "unreadable", reason(failure))


def reason(error: Exception) -> str:
    """Return what an error says, without the file's name, which is told beside it."""
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def size(paths: Iterable[Path]) -> int:
    """Return how many bytes the files that ``find_warcs`` looks into have on the disk."""
    files = (file for path in paths for file in _files(path))
    return sum(file.stat().st_size for file in files if file.is_file())


def _files(path: Path, onerror: Callable[[OSError], object] | None = None) -> list[Path]:
    """Return the path itself, or all WARC, ARC and WACZ files below a folder."""
    if not path.is_dir():
        return [path]
    return sorted(
        file
        for place, _, names in os.walk(path, onerror=onerror)
        for name in names
        if (file := path / place / name).name.removesuffix(OPEN).endswith((*WARCS, WACZ))
    )


def _warcs(found: WarcFile) -> Iterator[WarcFile | ImportProblem]:
    """Yield a WARC file itself, and of a WACZ those inside it."""
    try:
        with found.open() as file:
            if file.read(len(_ZIP)) != _ZIP:
                yield found
                return
            with zipfile.ZipFile(file) as archive:
                names = [name for name in archive.namelist() if name.endswith((*WARCS, WACZ))]
                for name in names:
                    with suppress(RuntimeError):  # not readable for us, but where it should be
                        archive.open(name).close()
    except zipfile.BadZipFile as error:
        detail = f"this WACZ is damaged ({error}); its records are sought in its bytes"
        yield found.problem("unreadable", detail)
        yield found  # members of a WACZ are not compressed, so their records stand in the open
        return
    for name in names:
        inside = WarcFile(found.path, (*found.members, name))
        if name.endswith(WARCS):
            yield inside
        elif len(inside.members) < _DEPTH:
            yield from _warcs(inside)


def _open_member(file: IO[bytes], archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """Open a member; one that is merely stored, as they should be, can then be sought quickly."""
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & _ENCRYPTED:
        return archive.open(info)
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER)
    begin = info.header_offset + _LOCAL_HEADER
    begin += int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return io.BufferedReader(_Slice(file, begin, info.file_size), _BUFFER)


class _Told(io.FileIO):
    """A file that tells how much was read of it."""

    def __init__(self, path: Path, told: Callable[[int], object]) -> None:
        super().__init__(path)
        self._told = told

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        count = super().readinto(buffer)
        self._told(count or 0)
        return count


class _Slice(io.RawIOBase):
    """Some bytes of a file, as a file of their own. Closing it leaves the other open."""

    def __init__(self, file: IO[bytes], begin: int, length: int) -> None:
        self._file = file
        self._begin = begin
        self._length = length
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        self._file.seek(self._begin + self._position)
        data = self._file.read(max(0, min(len(view), self._length - self._position)))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)
