"""Runs the stages in other processes: batches of captures in, pages out, in the same order.

Workers only compute; they touch neither disk nor database. One whose parent is killed ends itself.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
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
        workers: number of processes.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker) as pool:
        waiting: deque[Future[list[Page]]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_read, batch))
            while len(waiting) > workers * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _start_worker() -> None:
    """Make this process's stages, and end it when the parent dies (a queue would wait forever)."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def follow() -> None:
            wait([parent.sentinel])
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()
    _stages.extend(pure_stages())


def _read(captures: list[Capture]) -> list[Page]:
    pages = [run(_stages, Page(capture=capture)) for capture in captures]
    for page in pages:
        page.capture = page.capture.model_copy(update={"body": b""})
    return pages
