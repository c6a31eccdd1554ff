"""Finds the regular files in what an import was given, and opens them so that nothing can hang.

A named pipe would be waited for, a device read for ever, and a link may lead anywhere: of a folder
only the regular files inside it are read. Every other thing has a name and a reason.
"""

from __future__ import annotations

import io
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from scraper.files.problem import ImportProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed import WriteableBuffer

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISDIR, "a folder"),
)


def reason(error: BaseException) -> str:
    """Return what an error says, without the file's name, which stands beside it."""
    told = (isinstance(error, OSError) and error.strerror) or str(error)
    return told or type(error).__name__


class NotRegularError(OSError):
    """What should be read is no regular file; the message says what it is."""


@dataclass(frozen=True)
class Passed:
    """Something in a folder that is not read.

    Attributes:
        path: where it is.
        detail: what it is, and why it is not read.
        is_fault: it may hold something that should have been read, if its name is a wanted one.
        is_folder: what it may hold has names of its own.
    """

    path: Path
    detail: str
    is_fault: bool = True
    is_folder: bool = False

    def problem(self, given: Path, is_wanted: Callable[[str], bool]) -> ImportProblem | None:
        """Return what to say of it, None where nobody would miss it.

        Args:
            given: the folder that was named on the command line.
            is_wanted: told a file's name.
        """
        if not (self.is_folder or is_wanted(self.path.name)):
            return None
        kind = "unreadable" if self.is_fault else "left-out"
        return ImportProblem(given, text_of(self.path.relative_to(given)), kind, self.detail)


def walk(folder: Path) -> Iterator[Path | Passed]:
    """Yield the regular files below a folder by path, and what is passed over.

    Links are not followed: what they lead to in the same folder is found there.
    """
    errors: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=errors.append):
        folders.sort()
        for name in folders:
            if (path := Path(place, name)).is_symlink():
                yield _link(path, folder)
        for name in sorted(files):
            path = Path(place, name)
            try:
                mode = path.lstat().st_mode
            except OSError as gone:
                yield Passed(path, reason(gone))
                continue
            if stat.S_ISREG(mode):
                yield path
            elif stat.S_ISLNK(mode):
                yield _link(path, folder)
            else:
                yield Passed(path, _refusal(mode))
    for error in errors:
        yield Passed(Path(error.filename), reason(error), is_folder=True)


def open_regular(
    path: Path, told: Callable[[int], object] = lambda _count: None, *, to_the_end: bool = False
) -> io.FileIO:
    """Open a regular file for reading.

    Args:
        path: the file, or a link to it.
        told: called with the number of bytes after each reading from the disk, together never
            with more than the file has.
        to_the_end: closing the file tells what was not read, too.

    Raises:
        NotRegularError: it is something else; nothing was waited for.
        OSError: it cannot be read.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):  # looked at before: opening a device may do something
        raise NotRegularError(_refusal(mode))
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(mode := os.fstat(descriptor).st_mode):  # exchanged in between
        os.close(descriptor)
        raise NotRegularError(_refusal(mode))
    return _Told(descriptor, told, to_the_end=to_the_end)


def size(paths: Iterable[Path], is_wanted: Callable[[str], bool]) -> int:
    """Return how many bytes on the disk an import of ``paths`` will read at most.

    Args:
        paths: files, and folders that are searched.
        is_wanted: told the name of each file in a folder.
    """
    total = 0
    for path in paths:
        found = walk(path) if path.is_dir() else [path]
        for file in found:
            if isinstance(file, Path) and (file is path or is_wanted(file.name)):
                try:
                    state = file.stat()
                except OSError:  # the import says so when it comes to it
                    continue
                total += state.st_size if stat.S_ISREG(state.st_mode) else 0
    return total


def text_of(path: Path) -> str:
    """Return a path as text with ``/``; names on disk may hold any bytes."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _link(path: Path, folder: Path) -> Passed:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a circle, before Python 3.13
        return Passed(path, "a link that leads nowhere; not read")
    is_folder = target.is_dir()
    if not target.is_relative_to(folder.resolve()):
        detail = f"a link out of the folder, to {target}; not read. Name that path if it is meant"
        return Passed(path, detail, is_folder=is_folder)
    if is_folder or target.is_file():
        detail = "a link to what is in the folder anyway"
        return Passed(path, detail, is_fault=False, is_folder=is_folder)
    return Passed(path, "a link to what is no regular file; not read")


def _refusal(mode: int) -> str:
    kind = next((name for test, name in _KINDS if test(mode)), "something else")
    return f"{kind}, where a regular file was expected; not read"


class _Told(io.FileIO):
    """A file that tells how much was read of it."""

    def __init__(self, descriptor: int, told: Callable[[int], object], *, to_the_end: bool) -> None:
        super().__init__(descriptor)
        self._told = told
        self._left = os.fstat(descriptor).st_size  # not told yet; some of it may be read twice
        self._to_the_end = to_the_end

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        count = super().readinto(buffer)
        self._tell(count or 0)
        return count

    def close(self) -> None:
        if not self.closed and self._to_the_end:
            self._tell(self._left)
        super().close()

    def _tell(self, count: int) -> None:
        count = min(count, self._left)
        self._left -= count
        self._told(count)


class Slice(io.RawIOBase):
    """Some bytes of a file, as a file of their own. Closing it leaves the other open."""

    def __init__(self, file: IO[bytes], begin: int, length: int) -> None:
        self._file = file
        self._begin = begin
        self._length = length
        self._position = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset and return it."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer and return how many bytes that were, 0 at the end."""
        view = memoryview(buffer)
        self._file.seek(self._begin + self._position)
        data = self._file.read(max(0, min(len(view), self._length - self._position)))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)
