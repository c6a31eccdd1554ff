"""Finds the regular files among the paths of an import and opens them without ever hanging.

Opening a named pipe would block, a device could be read for ever, and a link may lead anywhere. So
only regular files inside a folder are read; everything else is reported with a reason.
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

_FILE_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISDIR, "a folder"),
)


def error_message(error: BaseException) -> str:
    """Return the message of an error without the file name."""
    message = (isinstance(error, OSError) and error.strerror) or str(error)
    return message or type(error).__name__


class NotRegularError(OSError):
    """A path is not a regular file; the message says what it is."""


@dataclass(frozen=True)
class Skipped:
    """Something in a folder that is not read.

    Attributes:
        path: its path.
        detail: what it is, and why it is not read.
        is_fault: if its name is a wanted one, something may be missing from the import.
        is_folder: it may contain wanted files, whatever its own name.
    """

    path: Path
    detail: str
    is_fault: bool = True
    is_folder: bool = False

    def problem(self, given: Path, is_wanted: Callable[[str], bool]) -> ImportProblem | None:
        """Return a problem to report, None if it is of no interest.

        Args:
            given: the folder named on the command line.
            is_wanted: called with a file name.
        """
        if not (self.is_folder or is_wanted(self.path.name)):
            return None
        kind = "unreadable" if self.is_fault else "left-out"
        return ImportProblem(given, path_text(self.path.relative_to(given)), kind, self.detail)


def walk_files(folder: Path) -> Iterator[Path | Skipped]:
    """Yield the regular files below a folder in a stable order, and everything skipped.

    Links are not followed: a target inside the folder is found anyway.
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
                yield Skipped(path, error_message(gone))
                continue
            if stat.S_ISREG(mode):
                yield path
            elif stat.S_ISLNK(mode):
                yield _link(path, folder)
            else:
                yield Skipped(path, _refusal(mode))
    for error in errors:
        yield Skipped(Path(error.filename), error_message(error), is_folder=True)


def open_regular(
    path: Path, on_read: Callable[[int], object] = lambda _count: None, *, count_rest: bool = False
) -> io.FileIO:
    """Open a regular file for reading, without blocking on anything else.

    Args:
        path: the file, or a link to it.
        on_read: called with the number of bytes after each read from the disk, in total never
            with more than the size of the file.
        count_rest: when the file is closed, call ``on_read`` for the unread bytes too.

    Raises:
        NotRegularError: it is not a regular file.
        OSError: it cannot be read.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):  # checked before open(): opening a device may have effects
        raise NotRegularError(_refusal(mode))
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(mode := os.fstat(descriptor).st_mode):  # replaced in between
        os.close(descriptor)
        raise NotRegularError(_refusal(mode))
    return _CountedFile(descriptor, on_read, count_rest=count_rest)


def total_size(paths: Iterable[Path], is_wanted: Callable[[str], bool]) -> int:
    """Return the total size on disk of the files that an import of ``paths`` reads.

    Args:
        paths: files and folders.
        is_wanted: called with the name of each file in a folder.
    """
    total = 0
    for path in paths:
        found = walk_files(path) if path.is_dir() else [path]
        for file in found:
            if isinstance(file, Path) and (file is path or is_wanted(file.name)):
                try:
                    state = file.stat()
                except OSError:  # the import reports it
                    continue
                total += state.st_size if stat.S_ISREG(state.st_mode) else 0
    return total


def path_text(path: Path) -> str:
    """Return a path as text with ``/``; file names may contain bytes that are not UTF-8."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _link(path: Path, folder: Path) -> Skipped:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
        return Skipped(path, "a link that leads nowhere; not read")
    is_folder = target.is_dir()
    if not target.is_relative_to(folder.resolve()):
        detail = f"a link out of the folder, to {target}; not read. To import it, name that path"
        return Skipped(path, detail, is_folder=is_folder)
    if is_folder or target.is_file():
        detail = "a link to something else in the folder"
        return Skipped(path, detail, is_fault=False, is_folder=is_folder)
    return Skipped(path, "a link to something that is not a regular file; not read")


def _refusal(mode: int) -> str:
    kind = next((name for test, name in _FILE_KINDS if test(mode)), "something else")
    return f"{kind} instead of a regular file; not read"


class _CountedFile(io.FileIO):
    """A file that reports how much of it was read."""

    def __init__(
        self, descriptor: int, on_read: Callable[[int], object], *, count_rest: bool
    ) -> None:
        super().__init__(descriptor)
        self._on_read = on_read
        self._left = os.fstat(descriptor).st_size  # not reported yet; some may be read twice
        self._count_rest = count_rest

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        count = super().readinto(buffer)
        self._report(count or 0)
        return count

    def close(self) -> None:
        if not self.closed and self._count_rest:
            self._report(self._left)
        super().close()

    def _report(self, count: int) -> None:
        count = min(count, self._left)
        self._left -= count
        self._on_read(count)


class Slice(io.RawIOBase):
    """A range of bytes of a file, as a file. Closing it leaves the other open."""

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
        """Fill a buffer and return the number of bytes, 0 at the end."""
        view = memoryview(buffer)
        self._file.seek(self._begin + self._position)
        data = self._file.read(max(0, min(len(view), self._length - self._position)))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)
