"""Takes captures from files into the archive: bytes first, then the stages over processes.

The parent process alone touches disk and database, in the order of the source, so that the same
input gives the same archive. Workers only compute; a worker whose parent is killed ends itself.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from scraper.archive.captures import Incoming
from scraper.model import Capture, Page
from scraper.stages import pure_stages, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scraper.archive.session import Session
    from scraper.stages import Stage

BATCH = 32  # captures per transaction; small enough for the bar to move
AHEAD = 3  # batches on their way per worker, so that none waits for the disk

_stages: list[Stage] = []


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
    """Run the stages over captures; the pages come back without the bytes, which are stored."""
    pages = [run(_stages, Page(capture=capture)) for capture in captures]
    for page in pages:
        page.capture = page.capture.model_copy(update={"body": b""})
    return pages


def batched(items: Iterable[Capture], size: int) -> Iterator[list[Capture]]:
    """Yield lists of up to ``size`` items (itertools.batched came with Python 3.12)."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def ingest(
    session: Session,
    captures: Iterable[Capture],
    *,
    workers: int,
    advance: Callable[[int], None] = lambda _count: None,
) -> None:
    """Store captures and everything that is read out of them.

    Captures that an earlier run stored but did not live to read come first. A capture that is in
    the archive already is only noted as seen again.

    Args:
        session: the writing session; its counts tell the result.
        captures: without ids; read lazily.
        workers: processes that run the stages.
        advance: called with the number of captures done, for a progress bar.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker) as pool:
        waiting: deque[Future[list[Page]]] = deque()

        def settle(limit: int) -> None:
            while len(waiting) > limit:
                pages = waiting.popleft().result()
                session.save(pages)
                advance(len(pages))

        for batch in _stored_batches(session, captures, advance):
            waiting.append(pool.submit(_read, batch))
            settle(workers * AHEAD)
        settle(0)


def _stored_batches(
    session: Session, captures: Iterable[Capture], advance: Callable[[int], None]
) -> Iterator[list[Capture]]:
    """Yield batches of stored captures that are still to be read."""
    yield from batched(session.captures.pending(), BATCH)
    for batch in batched(captures, BATCH):
        fresh, again = session.sort_out(batch)
        advance(len(batch) - len(fresh) - len(again))
        if unread := again + session.capture([Incoming(capture) for capture in fresh]):
            yield unread
