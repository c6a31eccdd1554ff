"""A worker process as its parent handles it: starts it, sends captures, receives pages, ends it."""

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

from scraper import timing
from scraper.errors import ReportedError
from scraper.stages.bounds import MIB, over_cpu_time, over_memory, over_wall_time, worker_died
from scraper.stages.child import Done, OutOfMemory, Ready, WorkerSetup
from scraper.stages.signals import uninterrupted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.stages.bounds import ReadingError

TICK = 1.0  # seconds between two checks of a worker that has not answered
BUSY_SHARE = 0.1  # of a tick that counts if the worker used the processor
CPU_MARGIN = 1.5  # times the bound of CPU time, after which the parent kills the worker itself
MIN_MEMORY = 128 * MIB  # bytes; the dictionary takes a large part of it
EXIT_SECONDS = 5.0  # within which a killed process ends
# The path is set first, so that the worker imports the same files as its parent.
WORKER_PROGRAM = """\
import sys
sys.path[:] = {path!r}
if {script!r}:
    import runpy
    runpy.run_path({script!r}, run_name="__mp_main__")
from scraper.stages.child import worker_main
worker_main({descriptor}, {parent})
"""


class WorkerError(ReportedError):
    """No worker process can read pages; the message says why and what to do."""


class Worker:
    """A process that works on one item at a time.

    Args:
        setup: what to do with each item, and the bounds of a page.

    Raises:
        OSError: the process cannot be started.
    """

    def __init__(self, setup: WorkerSetup) -> None:
        self._bounds = setup.bounds
        self._memory = setup.bounds.memory
        near, far = socket.socketpair()
        with near, far:
            # A stopped worker must not block a message that is half sent or half received.
            limit = struct.pack("ll", int(setup.bounds.wall_seconds) + 1, 0)
            near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
            near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
            path = [entry or os.getcwd() for entry in sys.path]  # noqa: PTH109  a str is needed
            program = WORKER_PROGRAM.format(
                path=path, script=_script(), descriptor=far.fileno(), parent=os.getpid()
            )
            options = [f"-W{option}" for option in sys.warnoptions]
            with uninterrupted():
                self._process = subprocess.Popen(  # noqa: S603  our own program
                    [sys.executable, *options, "-c", program],
                    pass_fds=[far.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                )
            self._connection = Connection(near.detach())
        self._setup = setup

    def wait_until_ready(self) -> None:
        """Send the setup and wait until the worker can read its first page.

        Raises:
            ReadingError: it died before that.
            WorkerError: it cannot load the stages, or has too little memory.
        """
        self._send(self._setup)
        ready = self._receive()
        if isinstance(ready, Exception):
            raise WorkerError(f"a worker process could not load the stages: {ready}") from ready
        if not isinstance(ready, Ready):
            raise TypeError(f"the first message of a worker is a {type(ready).__name__}")
        self._memory = ready.memory
        if ready.memory < min(MIN_MEMORY, self._bounds.memory):
            raise WorkerError(
                f"too little memory: {ready.memory // MIB} MiB are left for reading a page, and "
                f"{MIN_MEMORY // MIB} MiB are needed; raise the limit (`ulimit -v`). Captures "
                f"are kept, and the next run reads them"
            )

    def results(self, items: Sequence[Any]) -> Iterator[Any]:
        """Yield the results of items, in order, as they are made.

        Raises:
            ReadingError: the next item exceeded a bound or ended the process.
            Exception: a stage raised it because the machine failed; the worker is then unusable.
        """
        self._send(items)
        for _ in items:
            answer = self._receive()
            if isinstance(answer, OutOfMemory):
                raise over_memory(self._memory)
            if isinstance(answer, Exception):
                raise answer
            if not isinstance(answer, Done):
                raise TypeError(f"a worker sent {type(answer).__name__} instead of a result")
            timing.add_worker(answer.times)
            yield answer.result

    def kill(self) -> None:
        """Kill the process, whatever it is doing; does nothing if it has ended."""
        self._process.kill()

    def kill_and_wait(self) -> None:
        """Kill the process and wait until it has ended."""
        self.kill()
        with suppress(subprocess.TimeoutExpired):  # it may be stuck in a disk error
            self._process.wait(EXIT_SECONDS)
        self._connection.close()

    def _send(self, message: object) -> None:
        try:
            self._connection.send(message)
        except BlockingIOError:
            raise self._hung() from None
        except OSError as error:
            raise self._death() from error

    def _receive(self) -> Any:
        """Return the next message of the worker."""
        try:
            if not self._connection.poll(TICK):
                self._wait()
            message = self._connection.recv_bytes()
            with timing.part("unpickle"):
                return pickle.loads(message)  # noqa: S301  our own process
        except BlockingIOError:
            raise self._hung() from None
        except (EOFError, OSError) as error:
            raise self._death() from error

    def _wait(self) -> None:
        """Wait for a worker that takes longer than a tick.

        The time is counted in ticks, so that it stops with the run (Ctrl-Z). On a busy machine a
        worker gets little of the processor, so a tick in which it got some counts less.

        Raises:
            ReadingError: it took too much CPU time, or did not answer in time.
        """
        start = before = self._cpu_seconds()
        waited = TICK
        while not self._connection.poll(TICK):
            used = self._cpu_seconds()
            if used - start > self._bounds.cpu_seconds * CPU_MARGIN + TICK:
                self.kill()  # its own timer should have ended it
                raise over_cpu_time(self._bounds)
            waited += TICK if used == before else TICK * BUSY_SHARE
            before = used
            if waited >= self._bounds.wall_seconds:
                raise self._hung()

    def _cpu_seconds(self) -> float:
        """Return the CPU time that the worker has used; 0 if the system does not say."""
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
            returncode = self._process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:  # it closed the connection but still runs
            self.kill()
            returncode = self._process.wait()
        return worker_died(returncode, self._bounds)


def _script() -> str:
    """Return the path of the operator's running script, empty if there is none.

    A script of the operator's may change a stage before it calls ``thaigov``. Its workers run it
    up to its ``if __name__ == "__main__"``, as those of ``multiprocessing`` do.
    """
    main = sys.modules["__main__"]
    path = getattr(main, "__file__", None)
    if path is None or main.__spec__ is not None:  # python -c, python -m
        return ""
    installed = Path(path).absolute().parent == Path(sys.executable).absolute().parent
    return "" if installed else os.path.abspath(path)  # noqa: PTH100  plain text
