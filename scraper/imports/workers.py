"""Runs the stages in other processes: batches of captures in, pages out, in the same order.

Workers only compute; they touch neither disk nor database, so that they may be ended at any moment.
Each has a pipe of its own. The pool of the standard library has one for all of them: a worker that
is killed on its way leaves half a message there, or its lock, and everybody else waits for ever.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from contextlib import contextmanager
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from scraper.model import Capture, Page
from scraper.stages import pure_stages, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection

    from scraper.stages import Stage

BATCH = 32  # captures per transaction; small enough for the bar to move
AHEAD = 3  # batches on their way per worker, so that none waits for the disk

_T = TypeVar("_T")


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
    crew: list[_Worker] = []
    order: deque[_Worker] = deque()  # of each batch that is on its way, who reads it
    try:
        for batch in batches:
            order.append(_hand_over(batch, crew, workers))
            while len(order) > workers * AHEAD:
                yield _take_back(order, crew)
        while order:
            yield _take_back(order, crew)
    finally:
        with _uninterrupted():
            for worker in crew:
                worker.dismiss()


def _hand_over(batch: list[Capture], crew: list[_Worker], most: int) -> _Worker:
    """Give a batch to a new worker while there are too few, else to one who has least to do."""
    if len(crew) < most and all(worker.owed for worker in crew):
        crew.append(_Worker())  # first, so that it is dismissed whatever happens
        crew[-1].start()
    worker = min(crew, key=lambda worker: worker.owed)
    worker.give(batch)
    return worker


def _take_back(order: deque[_Worker], crew: list[_Worker]) -> list[Page]:
    """Return the pages of the oldest batch; what others have read meanwhile is taken in, too."""
    worker = order.popleft()
    while not worker.read:
        ready = wait([worker.line for worker in crew if worker.owed])
        for other in crew:
            if other.line in ready:
                other.take_in()
    pages = worker.read.popleft()
    if isinstance(pages, Exception):
        raise pages
    return pages


class _Worker:
    """A process that reads batches, seen from the parent.

    Attributes:
        line: the parent's end of the pipe.
        owed: batches that it has and has not given back.
        read: what it has given back and nobody has taken yet.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, self._far_end = context.Pipe()
        self.owed = 0
        self.read: deque[list[Page] | Exception] = deque()
        self._process = context.Process(target=_work, args=(self._far_end,), daemon=True)

    def start(self) -> None:
        with _uninterrupted(), _alive():
            self._process.start()
            self._far_end.close()  # the worker's own is the only one now: its death ends the line

    def give(self, batch: list[Capture]) -> None:
        with _alive():
            self.line.send(batch)
        self.owed += 1

    def take_in(self) -> None:
        with _alive():
            self.read.append(self.line.recv())
        self.owed -= 1

    def dismiss(self) -> None:
        self.line.close()
        if self._process.pid is not None:
            self._process.kill()
            self._process.join()


@contextmanager
def _alive() -> Iterator[None]:
    """Tell the end of a line, in whichever way it shows, as the death of the worker behind it."""
    try:
        yield
    except (EOFError, OSError) as error:
        raise WorkerError(
            "a worker process was ended from outside, as a machine short of memory does. What was "
            "read is kept; run the command again, with fewer --workers if it was memory."
        ) from error


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off Ctrl-C and ``kill`` while a worker is starting, so that none is half made.

    Workers inherit that: Ctrl-C goes to every process, but the parent alone deals with it.
    """
    resource_tracker.ensure_running()  # it is started with the first worker, and lets them through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(line: Connection) -> None:
    """Read batches until the parent is gone: the life of a worker.

    Two threads keep the pipe moving in both directions, so that neither side ever waits to write
    while the other does.
    """
    batches: SimpleQueue[list[Capture]] = SimpleQueue()
    pages: SimpleQueue[list[Page] | Exception] = SimpleQueue()
    threading.Thread(target=_fetch, args=(line, batches), daemon=True).start()
    threading.Thread(target=_deliver, args=(pages, line), daemon=True).start()
    stages = pure_stages()
    while True:
        batch = batches.get()
        try:
            pages.put(_read_with(stages, batch))
        except Exception as error:  # noqa: BLE001  it is the parent's to raise
            pages.put(error)


def _fetch(line: Connection, batches: SimpleQueue[Any]) -> None:
    try:
        while True:
            batches.put(line.recv())
    except (EOFError, OSError):
        os._exit(0)  # the parent has ended, or wants no more


def _deliver(pages: SimpleQueue[Any], line: Connection) -> None:
    try:
        while True:
            line.send(pages.get())
    finally:  # what cannot be sent would be waited for
        os._exit(1)


def _read_with(stages: list[Stage], captures: list[Capture]) -> list[Page]:
    pages = [run(stages, Page(capture=capture)) for capture in captures]
    for page in pages:
        page.capture = page.capture.model_copy(update={"body": b""})
    return pages
