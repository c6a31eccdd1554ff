"""The program of a worker process: receives items and sends results until its parent ends.

It touches neither database nor WARC files, so it may be killed at any moment. The kernel ends it
when a page takes too much CPU time (``ITIMER_PROF``, whose signal has no handler), whatever code
is running, and refuses it memory beyond the bound (``RLIMIT_AS``).
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import resource
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper import timing
from scraper.model import Capture, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.stages.bounds import PageBounds
    from scraper.stages.jobs import Job

_WARM_UP = """\
รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-หัวข้อ


วันพฤหัสบดีที่ 21 สิงหาคม 2568
หัวข้อ
.....
วันนี้ (21 ส.ค. 68) นายสมใจ ใจดี เปิดงานที่จังหวัดชลบุรี

ที่มา : https://practice.example/news/contents/details/1
"""
PR_SET_PDEATHSIG = 1  # of Linux's prctl
COLLECT_AFTER = 10_000  # new objects; a page makes tens of thousands, few of them in cycles
MAX_RESULT = 1 << 28  # bytes of a page as sent; the parent must hold it, too


class WorkerSetup(NamedTuple):
    """The first message to a worker.

    Attributes:
        job: what to do with each item.
        bounds: of a page.
        is_timed: whether to measure what the parts of the job take.
    """

    job: Job[Any, Any]
    bounds: PageBounds
    is_timed: bool


class Ready(NamedTuple):
    """The first message from a worker: the bytes of memory that a page may take."""

    memory: int


class Done(NamedTuple):
    """The result of an item, and what it took (``timing.take``)."""

    result: Any
    times: Any


class OutOfMemory(NamedTuple):
    """Sent instead of the result of a page that took more memory than allowed."""


def worker_main(descriptor: int, parent: int) -> None:
    """Process items and send their results until the parent closes the connection.

    Args:
        descriptor: of the worker's end of a socket.
        parent: process id of the parent.
    """
    connection = Connection(descriptor)
    _die_with(parent)
    setup: WorkerSetup = connection.recv()
    try:
        work = _loaded(setup.job)
        memory = _limit_memory(setup.bounds.memory)
        if setup.is_timed:
            timing.start()
    except Exception as error:  # noqa: BLE001  the parent raises it
        connection.send_bytes(_pickled(error))
        return
    connection.send(Ready(memory))
    try:
        while True:
            with timing.waiting("workers for this process"):
                items = connection.recv()
            for item in items:
                connection.send_bytes(_done_pickled(work, item, setup.bounds.cpu_seconds))
    except (EOFError, ConnectionError):
        return  # the parent has ended or closed the connection
    except MemoryError:
        os._exit(1)  # between two pages; the parent gives the next one to a new process


def _loaded(job: Job[Any, Any]) -> Callable[[Any], Any]:
    """Load a job and all its tables; keep the garbage collector from ever scanning these.

    While the tables are built, its scans take more time than building them.
    """
    gc.disable()
    work = job.load()
    _warm_up(job, work)
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    gc.enable()
    return work


def _warm_up(job: Job[Any, Any], work: Callable[[Any], Any]) -> None:
    """Read a made-up page, so that no real page is charged for loading dictionary and tables."""
    capture = Capture(
        url="file:warm-up",
        fetched_at=datetime.now(UTC),
        origin=Origin.CORPUS,
        body=_WARM_UP.encode(),
        digest="",
    )
    with suppress(Exception):  # a stage that fails will fail on the first page, and be reported
        work(job.item(capture))


def _done_pickled(work: Callable[[Any], Any], item: Any, cpu_seconds: float) -> bytes:
    """Return the result of an item, or what went wrong, as a pickled message."""
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        result = work(item)
        with timing.part("pickle"):
            message = pickle.dumps(Done(result, timing.take()), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return _out_of_memory()
    except Exception as error:  # noqa: BLE001  the parent raises it
        return _pickled(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return message if len(message) <= MAX_RESULT else _out_of_memory()


def _out_of_memory() -> bytes:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))  # enough to report it
    return pickle.dumps(OutOfMemory())


def _pickled(error: Exception) -> bytes:
    """Return an error as a message; a RuntimeError with its text if it cannot be pickled."""
    try:
        message = pickle.dumps(error)
        pickle.loads(message)  # noqa: S301  our own bytes
    except Exception:  # noqa: BLE001  a class may raise anything here
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return message


def _limit_memory(allowance: int) -> int:
    """Bound the address space of this process; return how many bytes a page may take.

    That is less than the allowance if ``ulimit -v`` leaves less.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = _address_space()
    limits = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    limit = min([*limits, used + allowance])
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    with suppress(OSError):  # not Linux, or not allowed in this container
        # If the machine runs out of memory, the kernel should end this process first.
        Path("/proc/self/oom_score_adj").write_text("1000")
    return limit - used


def _address_space() -> int:
    """Return the address space of this process in bytes; outside Linux, its peak memory."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return pages * resource.getpagesize()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent dies, even in the middle of a page."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it has died already
        os._exit(1)
