"""The life of a worker process: captures in, pages out, until the parent is gone.

It touches neither database nor WARC files, so it may be ended at any moment. The kernel ends it
when a page takes too much CPU time (``ITIMER_PROF``, whose signal nobody handles), whatever code
is running, and refuses it memory beyond its bound (``RLIMIT_AS``).
"""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scraper.model import Page
from scraper.stages.in_process import pure_stages, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import Capture
    from scraper.stages.bounds import Bounds
    from scraper.stages.in_process import Stage

PR_SET_PDEATHSIG = 1  # of Linux's prctl
MOST_RESULT = 1 << 28  # bytes of a page on its way back; the parent must hold it, too


class Order(NamedTuple):
    """The first message to a worker: the import paths of the stages, and the bounds of a page."""

    stages: tuple[str, ...]
    bounds: Bounds


class Ready(NamedTuple):
    """A worker's first message: the bytes of memory that a page may take."""

    memory: int


class OutOfMemory(NamedTuple):
    """Says in place of a page that it took more memory than allowed."""


def spawn_main(descriptor: int, parent: int) -> None:
    """Read pages until the parent closes the line.

    Args:
        descriptor: of the worker's end of a socket.
        parent: process id of the parent.
    """
    line = Connection(descriptor)
    _end_with(parent)
    order: Order = line.recv()
    try:
        stages = pure_stages(order.stages)
        memory = _limit_memory(order.bounds.memory)
    except Exception as error:  # noqa: BLE001  it is the parent's to raise
        line.send_bytes(_packed(error))
        return
    line.send(Ready(memory))
    try:
        while True:
            for capture in line.recv():
                line.send_bytes(_answer(stages, capture, order.bounds.cpu_seconds))
    except (EOFError, ConnectionError):
        return  # the parent has ended, or wants no more
    except MemoryError:
        os._exit(1)  # between two pages; the parent tries the next one in a new process


def _answer(stages: Sequence[Stage], capture: Capture, cpu_seconds: float) -> bytes:
    """Return a page, or what went wrong, as it goes over the line."""
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        page = run(stages, Page(capture=capture))
        # The parent has the bytes already.
        page.capture = page.capture.model_copy(update={"body": b""})
        packed = pickle.dumps(page)
    except MemoryError:
        return _out_of_memory()
    except Exception as error:  # noqa: BLE001  it is the parent's to raise
        return _packed(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return packed if len(packed) <= MOST_RESULT else _out_of_memory()


def _out_of_memory() -> bytes:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))  # enough to say so; the parent ends us
    return pickle.dumps(OutOfMemory())


def _packed(error: Exception) -> bytes:
    """Return an error as it goes over the line; one that cannot be pickled by what it says."""
    try:
        packed = pickle.dumps(error)
        pickle.loads(packed)  # noqa: S301  our own bytes
    except Exception:  # noqa: BLE001  a class may raise anything here
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return packed


def _limit_memory(allowance: int) -> int:
    """Bound the address space of this process; return how many bytes a page may take.

    That is less than the allowance where ``ulimit -v`` leaves less.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = _address_space()
    limits = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    limit = min([*limits, used + allowance])
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    with suppress(OSError):  # not Linux, or not allowed in this container
        # Should the machine itself run out of memory, this process is the one to end.
        Path("/proc/self/oom_score_adj").write_text("1000")
    return limit - used


def _address_space() -> int:
    """Return the bytes of address space this process has; outside Linux, of memory it has used."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return pages * resource.getpagesize()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


def _end_with(parent: int) -> None:
    """Let the kernel end this process when its parent dies, even in the middle of a page."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died meanwhile
        os._exit(1)
