"""Runs the stages over captures of files in worker processes, and stores the results.

Only the parent process writes to disk and database, in the order of the source, so that the same
input gives the same archive. The files are the safe copy: what a killed run had not stored, the
next one reads from them again.
"""

from __future__ import annotations

import time
from collections import deque
from contextlib import closing
from typing import TYPE_CHECKING

from scraper import timing
from scraper.model import Incoming
from scraper.stages.batches import BATCH, batched, results
from scraper.stages.jobs import PrepareCaptures
from scraper.stages.signals import uninterrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scraper.archive.prepared import PreparedCapture
    from scraper.archive.writer import ArchiveWriter
    from scraper.stages.executor import Workers

# A transaction ends after this many captures, bytes or seconds, whichever comes first. The first
# transactions are smaller, so that a run that is stopped early keeps something.
GROUP, GROUP_BYTES, GROUP_SECONDS = 256, 16 << 20, 5.0


def ingest(
    writer: ArchiveWriter,
    incoming: Iterable[Incoming],
    *,
    workers: Workers,
    advance: Callable[[int], None] = lambda _count: None,
) -> None:
    """Store captures and everything that the stages find in them.

    Captures that an interrupted run left unread come first. For a capture already in the archive,
    only the time it was last seen is updated.

    Args:
        writer: of the archive; it counts the results.
        incoming: consumed lazily.
        workers: number of processes that run the stages, or a cluster; 0 runs them in this
            process.
        advance: called with the number of captures done, for a progress bar.
    """
    sent: deque[list[Incoming]] = deque()

    def batches() -> Iterator[list[Incoming]]:
        for batch in _unread_batches(writer, incoming, advance):
            sent.append(batch)
            yield batch

    job = PrepareCaptures(writer.articles.shapes, writer.scope)
    with closing(results(job, batches(), workers)) as prepared:
        pairs = (list(zip(sent.popleft(), batch, strict=True)) for batch in prepared)
        for group in _groups(pairs):
            with uninterrupted():  # so that a stopped run leaves no record without its row
                writer.store(group)
            advance(len(group))


def _groups(
    batches: Iterable[list[tuple[Incoming, PreparedCapture]]],
) -> Iterator[list[tuple[Incoming, PreparedCapture]]]:
    """Combine batches into groups that are stored in one transaction."""
    group: list[tuple[Incoming, PreparedCapture]] = []
    size, begun, most = 0, time.monotonic(), BATCH
    for batch in batches:
        group += batch
        size += sum(len(incoming.capture.body) for incoming, _ in batch)
        is_late = time.monotonic() - begun > GROUP_SECONDS
        # A stored capture, which an earlier run did not read, is written at once.
        is_stored = batch[0][0].capture.id is not None
        if len(group) >= most or size > GROUP_BYTES or is_late or is_stored:
            yield group
            group, size, begun = [], 0, time.monotonic()
            most = min(2 * most, GROUP)
    if group:
        yield group


def _timed(batches: Iterator[list[Incoming]]) -> Iterator[list[Incoming]]:
    while True:
        with timing.part("read files"):
            batch = next(batches, None)
        if batch is None:
            return
        yield batch


def _unread_batches(
    writer: ArchiveWriter, incoming: Iterable[Incoming], advance: Callable[[int], None]
) -> Iterator[list[Incoming]]:
    """Yield the captures that the stages have not read yet, in batches."""
    # One by one: if a slow page makes the user stop this run, the next one does not repeat the
    # pages before it.
    yield from batched(map(Incoming, writer.pending()), 1)
    for batch in _timed(batched(incoming, BATCH)):
        with timing.part("find known captures"):
            fresh, again = writer.split_known(batch)
        advance(len(batch) - len(fresh) - len(again))
        if unread := again + fresh:
            yield unread
