"""Standard streams that survive a closed pipe, a closed descriptor and a full disk.

`thaigov search … | head` closes the pipe while we write. That is not a failure: the rest of the
output is dropped, the work continues, and the command ends with ``READER_GONE``.
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

READER_GONE = 141  # 128 + SIGPIPE, as a shell reports a program killed by a closed pipe
# A pipe or socket without a reader, a closed terminal.
GONE = frozenset({errno.EPIPE, errno.ECONNRESET, errno.EIO})


class OutputError(OSError):
    """Part of the output is lost; the message says why."""


class SurvivingOutput(io.FileIO):
    """Writes to a descriptor; drops everything from the first error on.

    Attributes:
        gone: the reader has closed it.
        fault: another error, such as a full disk, because of which output was lost.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self.gone = False
        self.fault: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        """Write bytes and return how many; after an error, pretend that all were written."""
        size = memoryview(data).nbytes
        if self.gone or self.fault:
            return size
        try:
            written = super().write(data)
            while written is None:  # the other end made the pipe non-blocking, and it is full
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
        # A test that runs a command in its own process has replaced them.
        if sys.stdin is sys.__stdin__ is None:
            sys.stdin = open(0, closefd=False, encoding="utf-8")  # noqa: SIM115
        if sys.stdout is sys.__stdout__:
            sys.stdout, self._out = _surviving(sys.stdout, 1)
        if sys.stderr is sys.__stderr__:
            sys.stderr, self._err = _surviving(sys.stderr, 2)

    def exit_code(self, code: int) -> int:
        """Return READER_GONE for a successful command whose reader is gone, else its own code."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        if code == 0 and self._out is not None and self._out.gone:
            return READER_GONE
        return code

    def check(self) -> None:
        """Check that all output was written, or that its reader has closed it.

        Raises:
            OutputError: part of it is lost, for example on a full disk.
        """
        sys.stdout.flush()
        if self._out is not None and (error := self._out.fault):
            raise OutputError(f"standard output cannot be written: {error.strerror}")


def _fill_closed_descriptors() -> None:
    """Open the null device in place of closed standard descriptors.

    Otherwise the next file opened, such as a WARC file, would become the standard output.
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


def _surviving(stream: TextIO | Any, descriptor: int) -> tuple[TextIO, SurvivingOutput]:
    """Return a replacement for a standard stream, and its ``SurvivingOutput``."""
    if stream is None:  # closed from the start; its descriptor may be another file's by now
        output, encoding = SurvivingOutput(os.open(os.devnull, os.O_WRONLY)), "utf-8"
    else:
        stream.flush()
        output, encoding = SurvivingOutput(descriptor), stream.encoding
    text = io.TextIOWrapper(
        io.BufferedWriter(output),
        encoding=encoding,
        errors="backslashreplace",
        line_buffering=descriptor == 2 or output.isatty(),
    )
    return text, output
