"""Stores captures from files, then runs the stages over them in worker processes.

Only the parent process writes to disk and database, in the order of the source, so that the same
input gives the same archive.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from scraper.stages.batches import BATCH, batched, read_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scraper.archive.writer import ArchiveWriter
    from scraper.model import Capture, Incoming
    from scraper.stages.executor import Workers


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
        writer: the writing session; it counts the results.
        incoming: consumed lazily.
        workers: number of processes that run the stages, or a cluster.
        advance: called with the number of captures done, for a progress bar.
    """
    with closing(read_pages(_stored_batches(writer, incoming, advance), workers)) as read:
        for pages in read:
            writer.save(pages)
            advance(len(pages))


def _stored_batches(
    writer: ArchiveWriter, incoming: Iterable[Incoming], advance: Callable[[int], None]
) -> Iterator[list[Capture]]:
    """Store captures; yield those that the stages have not read yet, in batches."""
    # One by one: if a slow page makes the user stop this run, the next one does not repeat the
    # pages before it.
    yield from batched(writer.pending(), 1)
    for batch in batched(incoming, BATCH):
        fresh, again = writer.split_known(batch)
        advance(len(batch) - len(fresh) - len(again))
        if unread := again + writer.capture(fresh):
            yield unread
