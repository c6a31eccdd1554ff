"""Sends batches of items through worker processes and yields their results in the same order."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from scraper import timing
from scraper.stages.jobs import Item, ReadPages, Result
from scraper.stages.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from concurrent.futures import Future

    from scraper.model import Capture, Page
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
    workers: int,
    pool: WorkerPool[Capture, Page] | None = None,
) -> Generator[list[Page]]:
    """Yield the pages of each batch of stored captures, as ``results`` does with ``ReadPages``."""
    return results(ReadPages(), batches, workers, pool)


def results(
    job: Job[Item, Result],
    batches: Iterable[list[Item]],
    workers: int,
    pool: WorkerPool[Item, Result] | None = None,
) -> Generator[list[Result]]:
    """Yield the results of each batch, in order.

    Args:
        job: what to do with each item.
        batches: consumed only as fast as the workers work.
        workers: number of processes; 0 works in this one, without bounds, for a debugger.
        pool: used instead of a pool for this job; it is closed at the end.

    Raises:
        WorkerError: no worker can be started; nothing is known of the batches not yet yielded.
    """
    if not workers:
        work = job.load()
        yield from ([work(item) for item in batch] for batch in batches)
        return
    pool = pool or WorkerPool(job, workers)
    futures: deque[Future[list[Result]]] = deque()
    try:
        for batch in batches:
            futures.append(pool.submit(batch))
            while len(futures) > workers * BATCHES_AHEAD:
                yield _result(futures.popleft())
        while futures:
            yield _result(futures.popleft())
    finally:
        pool.close()


def _result(future: Future[list[Result]]) -> list[Result]:
    with timing.waiting("this process for workers"):
        return future.result()
