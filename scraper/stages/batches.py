"""Runs the stages in other processes: batches of captures in, pages out, in the same order."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from scraper.model import Page
from scraper.stages.crew import Crew
from scraper.stages.in_process import pure_stages, run

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from concurrent.futures import Future

    from scraper.model import Capture
    from scraper.stages.in_process import Stage

BATCH = 32  # captures per transaction; small enough for the bar to move
AHEAD = 3  # batches on their way per worker, so that none waits for the disk

_T = TypeVar("_T")


def batched(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield lists of up to ``size`` items (itertools.batched came with Python 3.12)."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def read_pages(
    batches: Iterable[list[Capture]], workers: int, crew: Crew | None = None
) -> Generator[list[Page]]:
    """Yield the pages of each batch, in order, as the stages leave them.

    The pages come back without the bytes of their captures, which are stored already.

    Args:
        batches: stored captures; taken only as fast as the workers read.
        workers: number of processes; 0 reads in this one, for a debugger: no page is bounded then.
        crew: the processes, if not those of the settings; it is closed in the end.

    Raises:
        WorkerError: no worker can be had; the pages not yet yielded are unread.
    """
    if not workers:
        stages = pure_stages()
        yield from (_read_with(stages, batch) for batch in batches)
        return
    crew = crew or Crew(workers)
    order: deque[Future[list[Page]]] = deque()
    try:
        for batch in batches:
            order.append(crew.submit(batch))
            while len(order) > workers * AHEAD:
                yield order.popleft().result()
        while order:
            yield order.popleft().result()
    finally:
        crew.close()


def _read_with(stages: list[Stage], captures: list[Capture]) -> list[Page]:
    pages = [run(stages, Page(capture=capture)) for capture in captures]
    for page in pages:
        page.capture = page.capture.model_copy(update={"body": b""})
    return pages
