"""Standard streams that survive their reader: a closed pipe, a closed descriptor, a full disk.

`thaigov search … | head` closes the pipe while we write. That is no failure: the rest of the output
is dropped, the work goes on, and the command ends with ``READER_GONE``.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import ReadableBuffer

READER_GONE = 141  # 128 + SIGPIPE, what a shell reports of a program that a closed pipe ended
# A pipe or socket without a reader; a terminal that was closed.
GONE = frozenset({errno.EPIPE, errno.ECONNRESET, errno.EIO})


class OutputError(OSError):
    """A part of the output is lost; the message says why."""


class Outlet(io.FileIO):
    """Writes to a descriptor; drops everything from the first error on.

    Attributes:
        gone: whether its reader has closed it.
        fault: another error, such as a full disk, that kept a part from being written.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self.gone = False
        self.fault: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        """Write some bytes and return how many; after an error, as if all were written."""
        size = memoryview(data).nbytes
        if self.gone or self.fault:
            return size
        try:
            written = super().write(data)
            while written is None:  # the other end made it non-blocking, and the pipe is full
                select.select([], [self], [])
                written = super().write(data)
        except OSError as error:
            self.gone = error.errno in GONE
            self.fault = None if self.gone else error
            return size
        return written


class Streams:
    """The standard streams of a command, from its start to its exit code."""

    def __init__(self) -> None:
        _fill_closed_descriptors()
        self._out = self._err = None
        # A test that runs a command in its own process has put others there.
        if sys.stdin is sys.__stdin__ is None:
            sys.stdin = open(0, closefd=False, encoding="utf-8")  # noqa: SIM115
        if sys.stdout is sys.__stdout__:
            sys.stdout, self._out = _surviving(sys.stdout, 1)
        if sys.stderr is sys.__stderr__:
            sys.stderr, self._err = _surviving(sys.stderr, 2)

    def exit_code(self, code: int) -> int:
        """Return what a command ends with whose own exit code is given; a failure outranks us."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        if code == 0 and self._out is not None and self._out.gone:
            return READER_GONE
        return code

    def check(self) -> None:
        """Return if all output was written, or its reader wanted no more of it.

        Raises:
            OutputError: a part is lost, such as to a full disk.
        """
        sys.stdout.flush()
        if self._out is not None and (error := self._out.fault):
            raise OutputError(f"standard output cannot be written: {error.strerror}")


def _fill_closed_descriptors() -> None:
    """Open the null device in place of closed standard descriptors.

    Else the next file to be opened, such as a WARC file, would become the standard output.
    """
    for descriptor in _closed():
        null = os.open(os.devnull, os.O_RDWR)
        if null != descriptor:
            os.dup2(null, descriptor)
            os.close(null)


def _closed() -> Iterator[int]:
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            yield descriptor


def _surviving(stream: TextIO | Any, descriptor: int) -> tuple[TextIO, Outlet]:
    """Return a stream that takes the place of a standard one, and the outlet under it."""
    if stream is None:  # closed from the start; the number may be another file's by now
        outlet, encoding = Outlet(os.open(os.devnull, os.O_WRONLY)), "utf-8"
    else:
        stream.flush()
        outlet, encoding = Outlet(descriptor), stream.encoding
    text = io.TextIOWrapper(
        io.BufferedWriter(outlet),
        encoding=encoding,
        errors="backslashreplace",
        line_buffering=descriptor == 2 or outlet.isatty(),
    )
    return text, outlet
