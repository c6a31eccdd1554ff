"""Reads the public corpora of thaigov.go.th as captures: folders, single files, tarballs, zips.

Knows the corpora's file names and packing; what a file says is for ``scraper.pages``, except for
the address it came from. Nothing is unpacked to disk and one file at a time is in memory, so
neither the size of an archive nor the paths inside it can do harm.
"""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import Self
from urllib.parse import quote

from scraper.imports.problem import ImportProblem
from scraper.model import Capture, Origin
from scraper.pages.charset import decode
from scraper.pages.corpus import source_address

_TARBALLS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
CONTENT_TYPE = "text/plain; charset=utf-8"  # what the corpora say of themselves
_MAX_BYTES = 16 * 1024 * 1024  # the largest of 91,796 real files has 675,013
_DAY = re.compile(r"(?:^|/)(20\d\d)/(\d\d)/(\d\d)/[^/]*$")  # data/2025/08/21/….txt, day of fetching
# What damaged archives raise while they are read.
_DAMAGE = (OSError, EOFError, tarfile.TarError, zlib.error, LZMAError)
_ZIP_DAMAGE = (*_DAMAGE, zipfile.BadZipFile, NotImplementedError, RuntimeError)
_UTF8_NAME = 0x800  # general purpose bit 11 of a zip entry


@dataclass(frozen=True)
class _Member:
    """A text file: its path inside what was given, and its bytes."""

    name: str
    body: bytes


_Members = Iterator[_Member | ImportProblem]


def read_corpus(paths: Iterable[Path], read_at: datetime) -> Iterator[Capture | ImportProblem]:
    """Yield a capture for every corpus file in ``paths`` and a problem for all that is not one.

    The order is that of ``paths``; within a folder by path, within an archive as packed. A
    problem never ends the import: what was read before a damaged place is kept, and whatever
    can be read after it follows.

    Args:
        paths: folders (searched through all levels), ``.txt`` files, tarballs and zip files.
        read_at: fetching time of files whose path holds no day; aware, UTC.
    """
    for path in paths:
        try:
            for item in _members(path):
                yield _capture(item, read_at) if isinstance(item, _Member) else item
        except OSError as error:  # such as a folder above that must not be looked into
            yield ImportProblem(path, None, "unreadable", error.strerror or str(error))


def count(paths: Iterable[Path]) -> int | None:
    """Return how many files ``read_corpus`` will read, or None where only reading could tell."""
    total = 0
    for path in paths:
        if path.is_dir():
            total += sum(_is_text(name) for _, _, files in os.walk(path) for name in files)
        elif path.name.lower().endswith(_TARBALLS):
            return None  # a tarball has no table of contents
        elif path.suffix.lower() == ".zip":
            try:
                with zipfile.ZipFile(path) as archive:
                    total += sum(_is_text(info.filename) for info in archive.infolist())
            except _ZIP_DAMAGE:
                return None
        else:
            total += 1
    return total


def _capture(member: _Member, read_at: datetime) -> Capture:
    return Capture(
        url=source_address(decode(member.body, CONTENT_TYPE)[0])
        or f"file:///{quote(member.name.lstrip('/'))}",
        fetched_at=_fetched_at(member.name) or read_at,
        origin=Origin.CORPUS,
        body=member.body,
        digest=hashlib.sha256(member.body).hexdigest(),
        content_type=CONTENT_TYPE,
        source=member.name,
    )


def _fetched_at(name: str) -> datetime | None:
    """Return the day of fetching that the path names, at 00:00 UTC."""
    if match := _DAY.search(name):
        try:
            return datetime.combine(date(*map(int, match.groups())), time(), UTC)
        except ValueError:  # no such day: a folder of another meaning
            return None
    return None


def _members(path: Path) -> _Members:
    """Yield the text files of one path, whatever it is."""
    name = path.name.lower()
    if path.is_dir():
        yield from _folder(path)
    elif not path.exists():
        yield ImportProblem(path, None, "unreadable", "no such file or folder")
    elif name.endswith(_TARBALLS):
        yield from _tarball(path)
    elif name.endswith(".zip"):
        yield from _zip(path)
    elif _is_text(name):
        yield from _file(path, path.name, path)
    else:
        detail = "expected a folder, a .txt file, a tarball or a .zip file"
        yield ImportProblem(path, None, "unreadable", detail)


def _file(path: Path, name: str, given: Path) -> _Members:
    name = os.fsencode(name).decode("utf-8", "replace")  # a name may hold any bytes on disk
    member = name if path != given else None
    try:
        if (size := path.stat().st_size) > _MAX_BYTES:
            yield _too_large(given, member, size)
        else:
            yield _Member(name, path.read_bytes())
    except OSError as error:
        yield ImportProblem(given, member, "unreadable", error.strerror or str(error))


def _folder(folder: Path) -> _Members:
    errors: list[OSError] = []
    others = 0
    for place, folders, files in os.walk(folder, onerror=errors.append):
        folders.sort()
        for name in sorted(files):
            path = Path(place, name)
            if _is_text(name):
                yield from _file(path, path.relative_to(folder).as_posix(), folder)
            else:
                others += 1
    for error in errors:
        yield ImportProblem(folder, str(error.filename), "unreadable", error.strerror or str(error))
    yield from _left_out(folder, others)


class _StrictHeader(tarfile.TarInfo):
    """Header of a tarball's member that takes no damage for the end of the tarball.

    ``tarfile`` ends quietly at a header that is broken or cut off, unless it is the first one.
    """

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]  # a block of zeros: the end
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from error


def _tarball(path: Path) -> _Members:
    others = 0
    last = "none"
    try:
        # "r|*" reads forward only, with any compression, and never seeks.
        with tarfile.open(
            path, "r|*", encoding="utf-8", errors="replace", tarinfo=_StrictHeader
        ) as archive:
            for info in archive:
                archive.members.clear()  # type: ignore[attr-defined]  # else each header stays
                if not (info.isfile() and _is_text(info.name)):
                    others += not info.isdir()
                elif info.size > _MAX_BYTES:
                    yield _too_large(path, info.name, info.size)
                elif file := archive.extractfile(info):
                    yield _Member(info.name, file.read())
                last = info.name
    except _DAMAGE as error:
        detail = f"damaged archive: {error}; kept all up to the last whole member, {last}"
        yield ImportProblem(path, None, "unreadable", detail)
    yield from _left_out(path, others)


def _zip(path: Path) -> _Members:
    others = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = _zip_name(info)
                if info.is_dir() or not _is_text(name):
                    others += not info.is_dir()
                elif info.file_size > _MAX_BYTES:
                    yield _too_large(path, name, info.file_size)
                else:
                    yield _zip_member(path, archive, info)
    except _ZIP_DAMAGE as error:
        yield ImportProblem(path, None, "unreadable", f"damaged archive: {error}")
    yield from _left_out(path, others)


def _zip_member(
    path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> _Member | ImportProblem:
    name = _zip_name(info)
    try:
        return _Member(name, archive.read(info))
    except _ZIP_DAMAGE as error:  # the table of contents is at the end: the others can be read
        return ImportProblem(path, name, "unreadable", f"damaged member: {error}")


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return the real name of a zip member: without a UTF-8 flag, Thai arrives as cp437."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for charset in ("utf-8", "cp874"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_text(name: str) -> bool:
    """Whether a name is a corpus file's; ``._name.txt`` is macOS's own, beside the file."""
    base = PurePosixPath(name).name
    return base.lower().endswith(".txt") and not base.startswith("._")


def _too_large(path: Path, member: str | None, size: int) -> ImportProblem:
    detail = f"{size:,} bytes; a corpus file has at most {_MAX_BYTES:,}"
    return ImportProblem(path, member, "unreadable", detail)


def _left_out(path: Path, others: int) -> Iterator[ImportProblem]:
    if others:
        detail = f"{others:,} files are no .txt files and were left out"
        yield ImportProblem(path, None, "left-out", detail)
