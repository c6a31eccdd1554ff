"""Reads batches of captures in worker processes and yields their pages in the same order."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from scraper.stages.in_process import pure_stages, read_page
from scraper.stages.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from scraper.model import Capture, Page
    from scraper.stages.executor import Executor, Pending

BATCH = 32  # captures per transaction; small enough for the progress bar to move
BATCHES_AHEAD = 3  # submitted per worker, so that no worker waits for the disk

_T = TypeVar("_T")


def batched(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield lists of up to ``size`` items (itertools.batched came with Python 3.12)."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def read_pages(
    batches: Iterable[list[Capture]], workers: int, pool: Executor | None = None
) -> Generator[list[Page]]:
    """Yield the pages of each batch, in order, after all pure stages.

    Pages come back without the bytes of their captures, which are stored already.

    Args:
        batches: stored captures; consumed only as fast as the workers read.
        workers: number of processes; 0 reads in this one, without bounds, for a debugger.
        pool: used instead of one made from the settings; it is closed at the end.

    Raises:
        WorkerError: no worker can read; the pages not yet yielded are unread.
    """
    if not workers and pool is None:
        stages = pure_stages()
        yield from ([read_page(stages, capture) for capture in batch] for batch in batches)
        return
    pool = pool or WorkerPool(workers)
    futures: deque[Pending] = deque()
    try:
        for batch in batches:
            futures.append(pool.submit(batch))
            while len(futures) > pool.slots * BATCHES_AHEAD:
                yield futures.popleft().result()
        while futures:
            yield futures.popleft().result()
    finally:
        pool.close()
