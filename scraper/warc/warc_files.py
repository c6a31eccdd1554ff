"""Finds WARC files where they are kept: by themselves, in folders, in WACZ files, also nested ones.

A WACZ is a zip file with WARC files among its members. They are read where they stand: nothing is
unpacked. What a WARC file holds is for ``records``.
"""

from __future__ import annotations

import io
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from scraper.files import regular as files
from scraper.files.problem import ImportProblem
from scraper.files.regular import Passed, open_regular, reason, text_of, walk
from scraper.files.zips import MAGIC, DamagedZipError, Entry, entries, open_entry
from scraper.warc.writer import OPEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["UNREADABLE", "WARCS", "WarcFile", "find_warcs", "reason", "size"]

_PACKED = ("", ".gz", ".zst")
WARCS = tuple(kind + packed for kind in (".warc", ".arc") for packed in _PACKED)
_ZIPS = (".wacz", ".zip")
_BUFFER = 1 << 16
# What reading a file or a member of a WACZ may raise: bytes that strangers made bring libraries to
# raise anything, and whatever it is, it is about this file.
UNREADABLE = (Exception,)
_DEPTH = 5  # levels of zip files inside each other
_MOST_WORK = 64 << 30  # bytes to be decompressed for one zip file that is compressed in another


@dataclass(frozen=True)
class WarcFile:
    """A WARC file, wherever it stands.

    Attributes:
        path: the file on disk.
        members: the member of that zip file; for nested ones the member of each.
    """

    path: Path
    members: tuple[Entry, ...] = ()

    @property
    def inside(self) -> str | None:
        """The path inside the file on disk; None where there is nothing else in it."""
        return "/".join(entry.name for entry in self.members) or None

    @property
    def name(self) -> str:
        """Name for people and for ``captures.source``, such as ``x.wacz/archive/data.warc.gz``."""
        return "/".join((text_of(self.path).rpartition("/")[2], *filter(None, [self.inside])))

    @contextmanager
    def open(self, told: Callable[[int], object] = lambda _count: None) -> Iterator[IO[bytes]]:
        """Open the file for reading, seekable.

        Args:
            told: called with the number of bytes after each reading from the disk.

        Raises:
            OSError: the disk cannot be read, or the path is no regular file.
            DamagedZipError: the WACZ is damaged.
        """
        with ExitStack() as stack:
            raw = stack.enter_context(open_regular(self.path, told))
            file: IO[bytes] = stack.enter_context(io.BufferedReader(raw, _BUFFER))
            for entry in self.members:
                file = stack.enter_context(open_entry(file, entry))
            yield file

    def problem(self, kind: str, detail: str) -> ImportProblem:
        """Return a problem with this file."""
        return ImportProblem(self.path, self.inside, kind, detail)


def find_warcs(paths: Iterable[Path]) -> Iterator[WarcFile | ImportProblem]:
    """Yield every WARC file in ``paths``, in their order, and a problem for what cannot be read.

    A file that is named is read whatever its name. Of a folder all WARC, ARC, WACZ and zip files
    are read, through all levels, by path.
    """
    for path in paths:
        try:
            found: Iterable[WarcFile | ImportProblem]
            found = _folder(path) if path.is_dir() else _warcs(WarcFile(path))
            yield from found
        except Exception as error:  # noqa: BLE001  nothing about one path may cost the others
            yield WarcFile(path).problem("unreadable", reason(error))


def size(paths: Iterable[Path]) -> int:
    """Return how many bytes the files that ``find_warcs`` looks into have on the disk."""
    return files.size(paths, _is_wanted)


def _folder(folder: Path) -> Iterator[WarcFile | ImportProblem]:
    others = 0
    found = walk(folder)
    for file in sorted(found, key=lambda f: f.path if isinstance(f, Passed) else f):
        if isinstance(file, Passed):
            problem = file.problem(folder, _is_wanted)
            others += problem is None
            if problem is not None:
                yield problem
        elif _is_wanted(file.name):
            yield from _whole(WarcFile(file))
        else:
            others += 1
    if others:
        detail = f"{others:,} files are no WARC, ARC or WACZ files and were left out"
        yield ImportProblem(folder, None, "left-out", detail)


def _is_warc(name: str) -> bool:
    return name.lower().removesuffix(OPEN).endswith(WARCS)


def _is_wanted(name: str) -> bool:
    return _is_warc(name) or name.lower().endswith(_ZIPS)


def _whole(file: WarcFile) -> Iterator[WarcFile | ImportProblem]:
    """Yield the WARC files of one file or member; whatever is wrong with it is a problem of it."""
    try:
        yield from _warcs(file)
    except Exception as error:  # noqa: BLE001  nothing about one file may cost the others
        yield file.problem("unreadable", reason(error))


def _warcs(found: WarcFile) -> Iterator[WarcFile | ImportProblem]:
    """Yield a WARC file itself, and of a WACZ those inside it."""
    with found.open() as file:
        if file.read(len(MAGIC[0])) not in MAGIC:
            yield found
            return
        try:
            listed = list(entries(file))
        except DamagedZipError as error:
            listed = [str(error)]
        members = [item for item in listed if isinstance(item, Entry) and _is_wanted(item.name)]
        faults = [item for item in listed if isinstance(item, str)] or _misplaced(file, members)
    wanted = [entry for entry in members if not (faults and _is_in_the_open(entry))]
    if not members and not faults:
        yield found.problem("left-out", "no WARC or ARC file is in it")
    elif _work(found) * len(wanted) > _MOST_WORK:
        detail = "compressed within another, it would be decompressed anew for each of its"
        yield found.problem("unreadable", f"{detail} {len(wanted):,} members; unpack it first")
    else:
        for entry in wanted:
            yield from _inside(WarcFile(found.path, (*found.members, entry)))
    if nameless := sum(isinstance(item, Entry) and not item.name for item in listed):
        yield found.problem("left-out", f"{nameless:,} members without a name")
    if faults:
        detail = f"this WACZ is damaged ({'; '.join(faults)}); records are sought in its bytes"
        yield found.problem("unreadable", detail)
        yield found


def _misplaced(file: IO[bytes], members: list[Entry]) -> list[str]:
    """Return a sentence if bytes were inserted or are missing before a member, or in one."""
    if any(entry.shift for entry in members):
        return ["its members are not where its table of contents says"]
    for entry in (entry for entry in members if entry.fault is None):
        try:
            open_entry(file, entry).close()
        except DamagedZipError as error:
            return [str(error)]
    return []


def _is_in_the_open(entry: Entry) -> bool:
    """Whether the records of a member can be found in the bytes of the WACZ."""
    return _is_warc(entry.name) and not entry.method


def _inside(member: WarcFile) -> Iterator[WarcFile | ImportProblem]:
    """Yield a member of a WACZ, or the WARC files in it."""
    entry = member.members[-1]
    if entry.fault is not None:
        yield member.problem("unreadable", entry.fault)
    elif _is_warc(entry.name):
        yield member
    elif len(member.members) < _DEPTH:
        yield from _whole(member)
    else:
        yield member.problem("unreadable", f"more than {_DEPTH} files inside each other")


def _work(found: WarcFile) -> int:
    """Return how many bytes are decompressed each time a member of a nested file is opened."""
    return sum(entry.size for entry in found.members if entry.method)
