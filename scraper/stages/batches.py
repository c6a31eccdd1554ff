"""Sends batches of items through workers and yields their results in the same order."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from scraper import timing
from scraper.stages.jobs import Item, ReadPages, Result
from scraper.stages.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from scraper.model import Capture, Page
    from scraper.stages.executor import Executor, Pending, Workers
    from scraper.stages.jobs import Job

BATCH = 32  # captures per transaction; small enough for the progress bar to move
BATCHES_AHEAD = 3  # submitted per worker, so that no worker waits for the disk

_T = TypeVar("_T")


def batched(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield lists of up to ``size`` items (itertools.batched came with Python 3.12)."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def read_pages(
    batches: Iterable[list[Capture]],
    workers: Workers,
    pool: Executor[Capture, Page] | None = None,
) -> Generator[list[Page]]:
    """Yield the pages of each batch of stored captures, as ``results`` does with ``ReadPages``."""
    return results(ReadPages(), batches, workers, pool)


def results(
    job: Job[Item, Result],
    batches: Iterable[list[Item]],
    workers: Workers,
    pool: Executor[Item, Result] | None = None,
) -> Generator[list[Result]]:
    """Yield the results of each batch, in order.

    Args:
        job: what to do with each item.
        batches: consumed only as fast as the workers work.
        workers: number of processes, or a cluster; 0 runs in this process, without bounds, for
            debugging.
        pool: used instead of a pool for this job; it is closed at the end.

    Raises:
        WorkerError: no worker can be started; batches not yet yielded are unread.
    """
    if not workers:
        work = job.load()
        yield from ([work(item) for item in batch] for batch in batches)
        return
    if pool is None:
        pool = WorkerPool(job, workers) if isinstance(workers, int) else workers.pool(job)
    yield from in_order(batches, pool)


def in_order(
    batches: Iterable[list[Item]], pool: Executor[Item, Result]
) -> Generator[list[Result]]:
    """Run batches on a pool and yield their results in order; close the pool at the end."""
    pending: deque[Pending[Result]] = deque()
    try:
        for batch in batches:
            pending.append(pool.submit(batch))
            while len(pending) > pool.slots * BATCHES_AHEAD:
                yield _result(pending.popleft())
        while pending:
            yield _result(pending.popleft())
    finally:
        pool.close()


def _result(pending: Pending[Result]) -> list[Result]:
    with timing.waiting("this process for workers"):
        return pending.result()
