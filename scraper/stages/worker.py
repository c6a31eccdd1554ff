"""A worker process, seen from its parent: started, given pages, ended."""

from __future__ import annotations

import os
import pickle
import socket
import struct
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.errors import ReportedError
from scraper.model import Page
from scraper.stages.bounds import MIB, over_cpu_time, over_memory, over_wall_time, worker_died
from scraper.stages.child import Order, OutOfMemory, Ready
from scraper.stages.signals import uninterrupted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.model import Capture
    from scraper.stages.bounds import ReadingError

TICK = 1.0  # seconds between two looks at a worker that has not answered
BUSY = 0.1  # part of a tick that counts where the worker was at work
SPARE = 1.5  # times the bound of CPU time after which the parent ends what the kernel did not
LEAST_MEMORY = 128 * MIB  # bytes; the dictionary alone needs a good part of it
DYING_SECONDS = 5.0  # that the kernel may take to end a process that has closed its line
# The path comes first, so that the worker imports what its parent does, from where it does.
PROGRAM = """\
import sys
sys.path[:] = {path!r}
from scraper.stages.child import spawn_main
spawn_main({descriptor}, {parent})
"""


class WorkerError(ReportedError):
    """Pages cannot be read in worker processes at all; the message says why and what to do."""


class Worker:
    """A process that reads one page after the other.

    Args:
        order: what to do, and within which bounds.

    Raises:
        OSError: the process cannot be started.
    """

    def __init__(self, order: Order) -> None:
        self._bounds = order.bounds
        self._memory = order.bounds.memory
        near, far = socket.socketpair()
        with near, far:
            # A stopped worker must not hold up a message that is half sent or half read.
            limit = struct.pack("ll", int(order.bounds.wall_seconds) + 1, 0)
            near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
            near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
            path = [entry or os.getcwd() for entry in sys.path]  # noqa: PTH109  plain text
            program = PROGRAM.format(path=path, descriptor=far.fileno(), parent=os.getpid())
            options = [f"-W{option}" for option in sys.warnoptions]
            with uninterrupted():
                self._process = subprocess.Popen(  # noqa: S603  our own program
                    [sys.executable, *options, "-c", program],
                    pass_fds=[far.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                )
            self._line = Connection(near.detach())
        self._order = order

    def greet(self) -> None:
        """Return when the worker is ready for its first page.

        Raises:
            ReadingError: it died before that.
            WorkerError: it cannot load the stages, or has too little memory.
        """
        self._send(self._order)
        ready = self._answer()
        if isinstance(ready, Exception):
            raise WorkerError(f"a worker process could not load the stages: {ready}") from ready
        if not isinstance(ready, Ready):
            raise TypeError(f"a worker began with {type(ready).__name__}")
        self._memory = ready.memory
        if ready.memory < min(LEAST_MEMORY, self._bounds.memory):
            raise WorkerError(
                f"memory is short: {ready.memory // MIB} MiB are left for reading a page, and "
                f"{LEAST_MEMORY // MIB} MiB are needed; raise the limit (`ulimit -v`). What was "
                f"captured is kept, and the next run reads it"
            )

    def read(self, captures: Sequence[Capture]) -> Iterator[Page]:
        """Yield the pages of captures, in order, as they are read.

        Raises:
            ReadingError: the next page exceeded a bound, or the process died of it.
            Exception: what a stage raised about the machine; the worker is of no use any more.
        """
        self._send(captures)
        for _ in captures:
            answer = self._answer()
            if isinstance(answer, OutOfMemory):
                raise over_memory(self._memory)
            if isinstance(answer, Exception):
                raise answer
            if not isinstance(answer, Page):
                raise TypeError(f"a worker sent {type(answer).__name__} instead of a page")
            yield answer

    def kill(self) -> None:
        """End the process at once, whatever it is doing; harmless when called twice."""
        self._process.kill()

    def dismiss(self) -> None:
        """End the process and wait until it is gone."""
        self.kill()
        with suppress(subprocess.TimeoutExpired):  # in the middle of a fault of the disk
            self._process.wait(DYING_SECONDS)
        self._line.close()

    def _send(self, message: object) -> None:
        try:
            self._line.send(message)
        except BlockingIOError:
            raise self._hung() from None
        except OSError as error:
            raise self._death() from error

    def _answer(self) -> Any:
        """Return the next message of the worker."""
        try:
            if not self._line.poll(TICK):
                self._wait()
            return pickle.loads(self._line.recv_bytes())  # noqa: S301  our own process
        except BlockingIOError:
            raise self._hung() from None
        except (EOFError, OSError) as error:
            raise self._death() from error

    def _wait(self) -> None:
        """Wait for a worker that takes longer than a tick.

        The time is counted in ticks: while the whole run is stopped (Ctrl-Z), none pass. On a busy
        machine a worker may get little of the processor, so ticks in which it got some count less.

        Raises:
            ReadingError: it has taken too much CPU time, or no answer came in time.
        """
        begun = before = self._cpu_seconds()
        waited = TICK
        while not self._line.poll(TICK):
            used = self._cpu_seconds()
            if used - begun > self._bounds.cpu_seconds * SPARE + TICK:
                self.kill()  # its own timer should have ended it
                raise over_cpu_time(self._bounds)
            waited += TICK if used == before else TICK * BUSY
            before = used
            if waited >= self._bounds.wall_seconds:
                raise self._hung()

    def _cpu_seconds(self) -> float:
        """Return the CPU time that the worker has taken; 0 where the system does not say."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # no /proc, or the worker has just ended
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # user and system

    def _hung(self) -> ReadingError:
        self.kill()
        return over_wall_time(self._bounds)

    def _death(self) -> ReadingError:
        """Return the error that says how the process ended."""
        try:
            returncode = self._process.wait(DYING_SECONDS)
        except subprocess.TimeoutExpired:  # it closed its line and lives on
            self.kill()
            returncode = self._process.wait()
        return worker_died(returncode, self._bounds)
