"""Reads the public corpora of thaigov.go.th as captures, from folders, files, tarballs and zips.

Knows the corpora's file names; except for its source URL, the text is parsed in ``scraper.pages``.
Nothing is unpacked to disk and only one file at a time is in memory, so neither the size of an
archive nor the paths inside it can do harm.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import quote

from scraper.files.problem import ImportProblem
from scraper.files.regular import (
    Skipped,
    error_message,
    open_regular,
    path_text,
    total_size,
    walk_files,
)
from scraper.files.tars import tar_members
from scraper.files.zips import ZipEntry, open_zip_entry, zip_entries
from scraper.model import Capture, Origin
from scraper.pages.charset import decode_page
from scraper.pages.corpus import source_address
from scraper.warc.record import digest_of

_COMPRESSIONS = ("", ".gz", ".bz2", ".xz", ".zst")
_TARBALLS = (*(f".tar{name}" for name in _COMPRESSIONS), ".tgz", ".tbz", ".tbz2", ".txz", ".tzst")
CONTENT_TYPE = "text/plain; charset=utf-8"  # as documented by the corpora
_MAX_BYTES = 16 * 1024 * 1024  # the largest of 91,796 real files has 675,013
_FETCH_DAY = re.compile(r"(?:^|/)(20\d\d)/(\d\d)/(\d\d)/[^/]*$")  # data/2025/08/21/….txt

OnRead = Callable[[int], object]


@dataclass(frozen=True)
class _TextFile:
    """A text file: its path inside the given path, and its bytes."""

    name: str
    body: bytes


_TextFiles = Iterator[_TextFile | ImportProblem]


def read_corpus(
    paths: Iterable[Path], read_at: datetime, on_read: OnRead = lambda _count: None
) -> Iterator[Capture | ImportProblem]:
    """Yield a capture for every corpus file in ``paths``, and a problem for everything else.

    Folders are read in a stable order, archives in the order of their members. A problem never ends
    the import: everything readable before and after a damaged place is read.

    Args:
        paths: folders (searched at any depth), ``.txt`` files, tarballs and zip files.
        read_at: ``fetched_at`` for files whose path contains no day; aware, UTC.
        on_read: called with the number of bytes after each read from the disk.
    """
    for path in paths:
        try:
            for item in _text_files(path, on_read):
                if isinstance(item, _TextFile):
                    yield _to_capture(path, item, read_at)
                else:
                    yield item
        except Exception as error:  # noqa: BLE001  one bad path must not stop the others
            yield ImportProblem(path, None, "unreadable", error_message(error))


def corpus_size(paths: Iterable[Path]) -> int:
    """Return the total size on disk of the files that ``read_corpus`` opens."""
    return total_size(paths, _is_text)


def _to_capture(path: Path, file: _TextFile, read_at: datetime) -> Capture | ImportProblem:
    try:
        return Capture(
            url=source_address(decode_page(file.body, CONTENT_TYPE)[0])
            or f"file:///{quote(file.name.lstrip('/'))}",
            fetched_at=_fetched_at(file.name) or read_at,
            origin=Origin.CORPUS,
            body=file.body,
            digest=digest_of(file.body),
            content_type=CONTENT_TYPE,
            source=file.name,
        )
    except Exception as error:  # noqa: BLE001  one bad file must not stop the others
        return ImportProblem(path, file.name, "unreadable", error_message(error))


def _fetched_at(name: str) -> datetime | None:
    """Return the day in a path at 00:00 UTC, None if there is none."""
    if match := _FETCH_DAY.search(name):
        try:
            return datetime.combine(date(*map(int, match.groups())), time(), UTC)
        except ValueError:  # not a date: the folders mean something else
            return None
    return None


def _text_files(path: Path, on_read: OnRead) -> _TextFiles:
    """Yield the text files of one path."""
    name = path.name.lower()
    if path.is_dir():
        yield from _folder_files(path, on_read)
        return
    with open_regular(path, on_read, count_rest=True) as raw, io.BufferedReader(raw) as file:
        if name.endswith(_TARBALLS):
            yield from _tar_files(path, file)
        elif name.endswith(".zip"):
            yield from _zip_files(path, file)
        elif _is_text(name):
            yield _read_text_file(path, None, file)
        else:
            detail = "expected a folder, a .txt file, a tarball or a .zip file"
            yield ImportProblem(path, None, "unreadable", detail)


def _read_text_file(given: Path, member: str | None, file: IO[bytes]) -> _TextFile | ImportProblem:
    """Read a file unless it is too large."""
    body = file.read(_MAX_BYTES + 1)
    if len(body) > _MAX_BYTES:
        return _too_large(given, member, None)
    return _TextFile(path_text(Path(given.name)) if member is None else member, body)


def _folder_files(folder: Path, on_read: OnRead) -> _TextFiles:
    others = 0
    for found in walk_files(folder):
        if isinstance(found, Skipped):
            problem = found.problem(folder, _is_text)
            others += problem is None
            if problem is not None:
                yield problem
        elif _is_text(found.name):
            member = path_text(found.relative_to(folder))
            try:
                with open_regular(found, on_read) as raw, io.BufferedReader(raw) as file:
                    yield _read_text_file(folder, member, file)
            except OSError as error:
                yield ImportProblem(folder, member, "unreadable", error_message(error))
        else:
            others += 1
    yield from _left_out(folder, others)


def _tar_files(path: Path, file: IO[bytes]) -> _TextFiles:
    others = 0
    for member in tar_members(file, _is_text, _MAX_BYTES):
        if member.fault is not None:
            yield ImportProblem(path, member.name, "unreadable", member.fault)
        elif member.body is not None and member.name is not None:
            yield _TextFile(member.name, member.body)
        else:
            others += not member.is_folder
    yield from _left_out(path, others)


def _zip_files(path: Path, file: IO[bytes]) -> _TextFiles:
    others = 0
    for entry in zip_entries(file):
        if isinstance(entry, str):
            yield ImportProblem(path, None, "unreadable", f"damaged archive: {entry}")
        elif _is_text(entry.name):
            yield _zip_text_file(path, file, entry)
        else:
            others += not entry.is_folder
    yield from _left_out(path, others)


def _zip_text_file(path: Path, file: IO[bytes], entry: ZipEntry) -> _TextFile | ImportProblem:
    if entry.size > _MAX_BYTES:
        return _too_large(path, entry.name, entry.size)
    try:
        with open_zip_entry(file, entry, checked=True) as member:
            return _read_text_file(path, entry.name, member)
    except Exception as error:  # noqa: BLE001  one bad member must not stop the others
        detail = error_message(error) if entry.fault else f"damaged member: {error_message(error)}"
        return ImportProblem(path, entry.name, "unreadable", detail)


def _is_text(name: str) -> bool:
    """Return whether a name is that of a corpus file; ``._name.txt`` is metadata of macOS."""
    base = PurePosixPath(name).name
    return base.lower().endswith(".txt") and not base.startswith("._")


def _too_large(path: Path, member: str | None, size: int | None) -> ImportProblem:
    found = "too large" if size is None else f"{size:,} bytes"
    detail = f"{found}; a corpus file has at most {_MAX_BYTES:,} bytes"
    return ImportProblem(path, member, "unreadable", detail)


def _left_out(path: Path, others: int) -> Iterator[ImportProblem]:
    if others:
        detail = f"{others:,} files are not .txt files and were left out"
        yield ImportProblem(path, None, "left-out", detail)
