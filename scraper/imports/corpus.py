"""Reads the public corpora of thaigov.go.th as captures: folders, single files, tarballs, zips.

Knows the corpora's file names; what a file says is for ``scraper.pages``, except for the address
it came from. Nothing is unpacked to disk and one file at a time is in memory, so neither the size
of an archive nor the paths inside it can do harm.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import quote

from scraper.files import regular as files
from scraper.files.problem import ImportProblem
from scraper.files.regular import Passed, open_regular, reason, text_of, walk
from scraper.files.tars import tar_members
from scraper.files.zips import Entry, entries, open_entry
from scraper.model import Capture, Origin
from scraper.pages.charset import decode_page
from scraper.pages.corpus import source_address

_PACKED = ("", ".gz", ".bz2", ".xz", ".zst")
_TARBALLS = (*(f".tar{packed}" for packed in _PACKED), ".tgz", ".tbz", ".tbz2", ".txz", ".tzst")
_ZIP = ".zip"
CONTENT_TYPE = "text/plain; charset=utf-8"  # what the corpora say of themselves
_MAX_BYTES = 16 * 1024 * 1024  # the largest of 91,796 real files has 675,013
_DAY = re.compile(r"(?:^|/)(20\d\d)/(\d\d)/(\d\d)/[^/]*$")  # data/2025/08/21/….txt, day of fetching

Told = Callable[[int], object]


@dataclass(frozen=True)
class _Member:
    """A text file: its path inside what was given, and its bytes."""

    name: str
    body: bytes


_Members = Iterator[_Member | ImportProblem]


def read_corpus(
    paths: Iterable[Path], read_at: datetime, told: Told = lambda _count: None
) -> Iterator[Capture | ImportProblem]:
    """Yield a capture for every corpus file in ``paths`` and a problem for all that is not one.

    The order is that of ``paths``; within a folder by path, within an archive as packed. A
    problem never ends the import: what was read before a damaged place is kept, and whatever
    can be read after it follows.

    Args:
        paths: folders (searched through all levels), ``.txt`` files, tarballs and zip files.
        read_at: fetching time of files whose path holds no day; aware, UTC.
        told: called with the number of bytes after each reading from the disk.
    """
    for path in paths:
        try:
            for item in _members(path, told):
                yield _taken(path, item, read_at) if isinstance(item, _Member) else item
        except Exception as error:  # noqa: BLE001  nothing about one path may cost the others
            yield ImportProblem(path, None, "unreadable", reason(error))


def size(paths: Iterable[Path]) -> int:
    """Return how many bytes the files that ``read_corpus`` looks into have on the disk."""
    return files.size(paths, _is_text)


def _taken(path: Path, member: _Member, read_at: datetime) -> Capture | ImportProblem:
    try:
        return _capture(member, read_at)
    except Exception as error:  # noqa: BLE001  nothing about one member may cost the others
        return ImportProblem(path, member.name, "unreadable", reason(error))


def _capture(member: _Member, read_at: datetime) -> Capture:
    return Capture(
        url=source_address(decode_page(member.body, CONTENT_TYPE)[0])
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


def _members(path: Path, told: Told) -> _Members:
    """Yield the text files of one path, whatever it is."""
    name = path.name.lower()
    if path.is_dir():
        yield from _folder(path, told)
        return
    with open_regular(path, told, to_the_end=True) as raw, io.BufferedReader(raw) as file:
        if name.endswith(_TARBALLS):
            yield from _tarball(path, file)
        elif name.endswith(_ZIP):
            yield from _zip(path, file)
        elif _is_text(name):
            yield _read(path, None, file)
        else:
            detail = "expected a folder, a .txt file, a tarball or a .zip file"
            yield ImportProblem(path, None, "unreadable", detail)


def _read(given: Path, member: str | None, file: IO[bytes]) -> _Member | ImportProblem:
    """Read a file, or as much of it as shows that it is too large."""
    body = file.read(_MAX_BYTES + 1)
    if len(body) > _MAX_BYTES:
        return _too_large(given, member, None)
    return _Member(text_of(Path(given.name)) if member is None else member, body)


def _folder(folder: Path, told: Told) -> _Members:
    others = 0
    for found in walk(folder):
        if isinstance(found, Passed):
            problem = found.problem(folder, _is_text)
            others += problem is None
            if problem is not None:
                yield problem
        elif _is_text(found.name):
            member = text_of(found.relative_to(folder))
            try:
                with open_regular(found, told) as raw, io.BufferedReader(raw) as file:
                    yield _read(folder, member, file)
            except OSError as error:
                yield ImportProblem(folder, member, "unreadable", reason(error))
        else:
            others += 1
    yield from _left_out(folder, others)


def _tarball(path: Path, file: IO[bytes]) -> _Members:
    others = 0
    for member in tar_members(file, _is_text, _MAX_BYTES):
        if member.fault is not None:
            yield ImportProblem(path, member.name, "unreadable", member.fault)
        elif member.body is not None and member.name is not None:
            yield _Member(member.name, member.body)
        else:
            others += not member.is_folder
    yield from _left_out(path, others)


def _zip(path: Path, file: IO[bytes]) -> _Members:
    others = 0
    for entry in entries(file):
        if isinstance(entry, str):
            yield ImportProblem(path, None, "unreadable", f"damaged archive: {entry}")
        elif _is_text(entry.name):
            yield _zip_member(path, file, entry)
        else:
            others += not entry.is_folder
    yield from _left_out(path, others)


def _zip_member(path: Path, file: IO[bytes], entry: Entry) -> _Member | ImportProblem:
    if entry.size > _MAX_BYTES:
        return _too_large(path, entry.name, entry.size)
    try:
        with open_entry(file, entry, checked=True) as member:
            return _read(path, entry.name, member)
    except Exception as error:  # noqa: BLE001  nothing about one member may cost the others
        detail = reason(error) if entry.fault else f"damaged member: {reason(error)}"
        return ImportProblem(path, entry.name, "unreadable", detail)


def _is_text(name: str) -> bool:
    """Whether a name is a corpus file's; ``._name.txt`` is macOS's own, beside the file."""
    base = PurePosixPath(name).name
    return base.lower().endswith(".txt") and not base.startswith("._")


def _too_large(path: Path, member: str | None, size: int | None) -> ImportProblem:
    found = "larger than that" if size is None else f"{size:,} bytes"
    detail = f"{found}; a corpus file has at most {_MAX_BYTES:,}"
    return ImportProblem(path, member, "unreadable", detail)


def _left_out(path: Path, others: int) -> Iterator[ImportProblem]:
    if others:
        detail = f"{others:,} files are no .txt files and were left out"
        yield ImportProblem(path, None, "left-out", detail)
