"""Runs programs and measures what they use: the whole tree of their processes."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, ParamSpec, Self, TypeVar

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

P = ParamSpec("P")
T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent
THAIGOV = (sys.executable, "-c", "from scraper.cli import main; main()")
SAMPLE_SECONDS = 0.25  # between two looks at the memory of a tree
TICK = os.sysconf("SC_CLK_TCK")


class Sample(NamedTuple):
    """A look at a tree of processes that is running.

    Attributes:
        cpu: seconds used so far, user and system.
        memory: bytes of all processes; what they share is counted once.
        probed: what ``probe`` of ``run`` answered.
    """

    cpu: float
    memory: int
    probed: int


@dataclass(frozen=True)
class Usage:
    """What a program used, with all processes that it started and waited for.

    Attributes:
        wall: seconds.
        cpu: seconds of all processes, user and system.
        own: seconds of the first process alone.
        memory: bytes of all processes at the greatest sample.
        output: what it wrote to its standard output.
        samples: in order.
    """

    wall: float
    cpu: float
    own: float
    memory: int
    output: str
    samples: tuple[Sample, ...] = field(repr=False, default=())


class ProgramError(Exception):
    """A measured program failed; the message has its command and its last lines."""


def run(
    *command: str | Path, codes: Sequence[int] = (0,), probe: Callable[[], int] = lambda: 0
) -> Usage:
    """Run a program from the checkout to its end and return what it used.

    Args:
        command: program and arguments.
        codes: exit codes that are right.
        probe: asked at every sample.

    Raises:
        ProgramError: another exit code.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, env=environment, stdout=output, stderr=errors
        )
        with _sampling(process.pid, probe) as samples:
            # The process stays a zombie, whose own times can be read, until it is waited for.
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            wall = time.perf_counter() - begun
        own = _own_seconds(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in codes:
            said = errors.read().decode(errors="replace")[-2000:]
            line = " ".join(map(str, command))
            raise ProgramError(f"{line}\nexited with {process.returncode}\n{said}")
        memory = max((sample.memory for sample in samples), default=0)
        cpu = used.ru_utime + used.ru_stime
        return Usage(wall, cpu, own, memory, output.read().decode(), tuple(samples))


@contextmanager
def _sampling(pid: int, probe: Callable[[], int]) -> Iterator[list[Sample]]:
    samples: list[Sample] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(SAMPLE_SECONDS):
            with suppress(psutil.Error):  # it ended meanwhile
                samples.append(Sample(*tree_use(pid), probe()))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield samples
    finally:
        is_over.set()
        thread.join()


def tree_use(pid: int) -> tuple[float, int]:
    """Return the CPU seconds and the bytes of memory of a process and its descendants.

    Raises:
        psutil.Error: the process has ended.
    """
    root = psutil.Process(pid)
    times = root.cpu_times()
    cpu = times.user + times.system + times.children_user + times.children_system
    memory = root.memory_full_info().pss
    for child in root.children(recursive=True):
        with suppress(psutil.Error):  # it ended meanwhile
            used = child.cpu_times()
            cpu += used.user + used.system
            memory += child.memory_full_info().pss
    return cpu, memory


def _own_seconds(pid: int) -> float:
    """Return the CPU seconds of a process without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def thread_seconds(pid: int) -> float:
    """Return the CPU seconds of the running threads of a process, exact to the microsecond.

    The times of processes are told in hundredths of a second, too coarse for one request.
    """
    total = 0
    for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):  # the thread ended meanwhile
            total += int(file.read_text().split()[0])
    return total / 1e9


def alone(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a function returns in a new process, so that no other work speeds it up."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(work, *args, **kwargs).result()


class Stopwatch:
    """Measures a block of this process: ``cpu`` and ``wall`` in seconds, after its end."""

    def __enter__(self) -> Self:
        self.cpu, self.wall = -time.process_time(), -time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu += time.process_time()
        self.wall += time.perf_counter()
