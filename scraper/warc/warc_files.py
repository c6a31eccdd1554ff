"""Finds WARC files on disk, in folders and in WACZ files, nested ones too.

A WACZ is a zip file with WARC files among its members. They are read in place; nothing is unpacked.
"""

from __future__ import annotations

import io
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from scraper.files.problem import ImportProblem
from scraper.files.regular import (
    Skipped,
    error_message,
    open_regular,
    path_text,
    total_size,
    walk_files,
)
from scraper.files.zips import ZIP_MAGIC, DamagedZipError, ZipEntry, open_zip_entry, zip_entries
from scraper.warc.own_files import OPEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

SUFFIXES = tuple(kind + packed for kind in (".warc", ".arc") for packed in ("", ".gz", ".zst"))
_ZIP_SUFFIXES = (".wacz", ".zip")
_BUFFER_SIZE = 1 << 16
# What reading a file or a member of a WACZ may raise: damaged bytes make libraries raise anything,
# and none of it may stop the other files from being read.
UNREADABLE = (Exception,)
_MAX_DEPTH = 5  # levels of zip files inside each other
_MAX_WORK = 64 << 30  # bytes to decompress for one zip file that is compressed in another


@dataclass(frozen=True)
class WarcFile:
    """A WARC file on disk or in a WACZ.

    Attributes:
        path: the file on disk.
        members: the member in each of the nested zip files, outermost first.
    """

    path: Path
    members: tuple[ZipEntry, ...] = ()

    @property
    def inside(self) -> str | None:
        """The path inside the file on disk; None if it is that file itself."""
        return "/".join(entry.name for entry in self.members) or None

    @property
    def name(self) -> str:
        """The name in messages and ``captures.source``, such as ``x.wacz/archive/data.warc.gz``."""
        return "/".join((path_text(self.path).rpartition("/")[2], *filter(None, [self.inside])))

    @contextmanager
    def open(self, on_read: Callable[[int], object] = lambda _count: None) -> Iterator[IO[bytes]]:
        """Open the file for reading, seekable.

        Args:
            on_read: called with the number of bytes after each read from the disk.

        Raises:
            OSError: the disk cannot be read, or the path is not a regular file.
            DamagedZipError: the WACZ is damaged.
        """
        with ExitStack() as stack:
            raw = stack.enter_context(open_regular(self.path, on_read))
            file: IO[bytes] = stack.enter_context(io.BufferedReader(raw, _BUFFER_SIZE))
            for entry in self.members:
                file = stack.enter_context(open_zip_entry(file, entry))
            yield file

    def problem(self, kind: str, detail: str) -> ImportProblem:
        """Return a problem with this file."""
        return ImportProblem(self.path, self.inside, kind, detail)


def find_warcs(paths: Iterable[Path]) -> Iterator[WarcFile | ImportProblem]:
    """Yield every WARC file in ``paths`` in order, and a problem for everything unreadable.

    A file given directly is read whatever its name; in folders, at any depth, only WARC, ARC, WACZ
    and zip files are, sorted by path.
    """
    for path in paths:
        try:
            found: Iterable[WarcFile | ImportProblem]
            found = _warcs_in_folder(path) if path.is_dir() else _warcs(WarcFile(path))
            yield from found
        except Exception as error:  # noqa: BLE001  one bad path must not stop the others
            yield WarcFile(path).problem("unreadable", error_message(error))


def warcs_size(paths: Iterable[Path]) -> int:
    """Return the total size on disk of the files that ``find_warcs`` opens."""
    return total_size(paths, _may_contain_warcs)


def _warcs_in_folder(folder: Path) -> Iterator[WarcFile | ImportProblem]:
    others = 0
    found = walk_files(folder)
    for file in sorted(found, key=lambda f: f.path if isinstance(f, Skipped) else f):
        if isinstance(file, Skipped):
            problem = file.problem(folder, _may_contain_warcs)
            others += problem is None
            if problem is not None:
                yield problem
        elif _may_contain_warcs(file.name):
            yield from _warcs_or_problem(WarcFile(file))
        else:
            others += 1
    if others:
        detail = f"{others:,} files are not WARC, ARC or WACZ files and were left out"
        yield ImportProblem(folder, None, "left-out", detail)


def _is_warc(name: str) -> bool:
    return name.lower().removesuffix(OPEN).endswith(SUFFIXES)


def _may_contain_warcs(name: str) -> bool:
    return _is_warc(name) or name.lower().endswith(_ZIP_SUFFIXES)


def _warcs_or_problem(file: WarcFile) -> Iterator[WarcFile | ImportProblem]:
    """Yield the WARC files in a file or member, or a problem if it cannot be read."""
    try:
        yield from _warcs(file)
    except Exception as error:  # noqa: BLE001  one bad file must not stop the others
        yield file.problem("unreadable", error_message(error))


def _warcs(found: WarcFile) -> Iterator[WarcFile | ImportProblem]:
    """Yield a WARC file itself, or those inside a WACZ."""
    with found.open() as file:
        if file.read(len(ZIP_MAGIC[0])) not in ZIP_MAGIC:
            yield found
            return
        try:
            listed = list(zip_entries(file))
        except DamagedZipError as error:
            listed = [str(error)]
        members = [
            item for item in listed if isinstance(item, ZipEntry) and _may_contain_warcs(item.name)
        ]
        faults = [item for item in listed if isinstance(item, str)] or _misplaced(file, members)
    wanted = [entry for entry in members if not (faults and _is_stored_warc(entry))]
    if not members and not faults:
        yield found.problem("left-out", "it contains no WARC or ARC file")
    elif _decompressed_per_open(found) * len(wanted) > _MAX_WORK:
        detail = "compressed inside another file, it would be decompressed again for each of its"
        yield found.problem("unreadable", f"{detail} {len(wanted):,} members; unpack it first")
    else:
        for entry in wanted:
            yield from _warcs_in_member(WarcFile(found.path, (*found.members, entry)))
    if nameless := sum(isinstance(item, ZipEntry) and not item.name for item in listed):
        yield found.problem("left-out", f"{nameless:,} members without a name")
    if faults:
        detail = f"this WACZ is damaged ({'; '.join(faults)}); its bytes are searched for records"
        yield found.problem("unreadable", detail)
        yield found


def _misplaced(file: IO[bytes], members: list[ZipEntry]) -> list[str]:
    """Return a sentence if members are not at their offsets: bytes were inserted or are missing."""
    if any(entry.shift for entry in members):
        return ["its members are not where its table of contents says"]
    for entry in (entry for entry in members if entry.fault is None):
        try:
            open_zip_entry(file, entry).close()
        except DamagedZipError as error:
            return [str(error)]
    return []


def _is_stored_warc(entry: ZipEntry) -> bool:
    """Return whether the records of a member can be found in the bytes of the WACZ."""
    return _is_warc(entry.name) and not entry.method


def _warcs_in_member(member: WarcFile) -> Iterator[WarcFile | ImportProblem]:
    """Yield a member of a WACZ, or the WARC files inside it."""
    entry = member.members[-1]
    if entry.fault is not None:
        yield member.problem("unreadable", entry.fault)
    elif _is_warc(entry.name):
        yield member
    elif len(member.members) < _MAX_DEPTH:
        yield from _warcs_or_problem(member)
    else:
        yield member.problem("unreadable", f"more than {_MAX_DEPTH} files inside each other")


def _decompressed_per_open(found: WarcFile) -> int:
    """Return how many bytes must be decompressed to open a member of a nested file."""
    return sum(entry.size for entry in found.members if entry.method)
