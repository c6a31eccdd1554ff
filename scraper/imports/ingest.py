"""Takes captures from files into the archive: bytes first, then the stages over processes.

The parent process alone touches disk and database, in the order of the source, so that the same
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


def ingest(
    writer: ArchiveWriter,
    incoming: Iterable[Incoming],
    *,
    workers: int,
    advance: Callable[[int], None] = lambda _count: None,
) -> None:
    """Store captures and everything that is read out of them.

    Captures that an earlier run stored but did not live to read come first. A capture that is in
    the archive already is only noted as seen again.

    Args:
        writer: the writing session; its counts tell the result.
        incoming: read lazily.
        workers: processes that run the stages.
        advance: called with the number of captures done, for a progress bar.
    """
    with closing(read_pages(_stored_batches(writer, incoming, advance), workers)) as read:
        for pages in read:
            writer.save(pages)
            advance(len(pages))


def _stored_batches(
    writer: ArchiveWriter, incoming: Iterable[Incoming], advance: Callable[[int], None]
) -> Iterator[list[Capture]]:
    """Yield batches of stored captures that are still to be read."""
    # One by one: if a page is slow and this run is ended, the next run need not read those before
    # it once more.
    yield from batched(writer.pending(), 1)
    for batch in batched(incoming, BATCH):
        fresh, again = writer.split_known(batch)
        advance(len(batch) - len(fresh) - len(again))
        if unread := again + writer.capture(fresh):
            yield unread
