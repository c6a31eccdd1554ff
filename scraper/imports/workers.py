"""Runs the stages in other processes: batches of captures in, pages out, in the same order.

Workers only compute; they touch neither disk nor database. One whose parent is killed ends itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, TypeVar

from scraper.model import Capture, Page
from scraper.stages import pure_stages, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.stages import Stage

BATCH = 32  # captures per transaction; small enough for the bar to move
AHEAD = 3  # batches on their way per worker, so that none waits for the disk

_T = TypeVar("_T")
_stages: list[Stage] = []


class WorkerError(Exception):
    """A worker process died; the message says what was kept and what to do."""


def batched(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield lists of up to ``size`` items (itertools.batched came with Python 3.12)."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def read_pages(batches: Iterable[list[Capture]], workers: int) -> Iterator[list[Page]]:
    """Yield the pages of each batch, in order, as the stages leave them.

    The pages come back without the bytes of their captures, which are stored already.

    Args:
        batches: stored captures; taken only as fast as the workers read.
        workers: number of processes; 0 reads in this one, for a few pages or a debugger.

    Raises:
        WorkerError: a worker died; the pages not yet yielded are unread.
    """
    if not workers:
        stages = pure_stages()
        yield from (_read_with(stages, batch) for batch in batches)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker)
    waiting: deque[Future[list[Page]]] = deque()
    try:
        for batch in batches:
            with _uninterrupted():
                waiting.append(pool.submit(_read, batch))
            while len(waiting) > workers * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise WorkerError(
            f"a worker process was ended from outside, as a machine short of memory does. What "
            f"was read is kept; run the command again, with fewer than {workers} --workers if it "
            f"was memory."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off Ctrl-C and ``kill`` while a worker may be starting, so that none is half made.

    Workers inherit that: Ctrl-C goes to every process, but the parent alone deals with it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker() -> None:
    """Make this process's stages, and end it when the parent dies (a queue would wait forever)."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})  # the pool may have to end it
    parent = multiprocessing.parent_process()
    if parent is not None:

        def follow() -> None:
            wait([parent.sentinel])
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()
    _stages.extend(pure_stages())


def _read(captures: list[Capture]) -> list[Page]:
    return _read_with(_stages, captures)


def _read_with(stages: list[Stage], captures: list[Capture]) -> list[Page]:
    pages = [run(stages, Page(capture=capture)) for capture in captures]
    for page in pages:
        page.capture = page.capture.model_copy(update={"body": b""})
    return pages
