"""The deep part of ``verify``: reads every capture again and compares what is stored of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scraper.archive.captures import CaptureReader
from scraper.archive.schema import changed_names
from scraper.upkeep.reparse import Selection, compare
from scraper.upkeep.verify import Damage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlite_utils import Database

EVERY = sys.maxsize  # examples of each field are kept


def reading_damages(
    db: Database, folder: Path, workers: int, advance: Callable[[int], None]
) -> Iterator[Damage]:
    """Yield every field that today's parsers and stages read otherwise than it is stored.

    Captures whose bytes cannot be read are left to the other checks, and articles with a capture
    that waits to be read to the next run.

    Args:
        db: the archive, which may be open for reading only.
        folder: its WARC files.
        workers: processes that run the stages; 0 runs them in this one.
        advance: called with the number of captures read, for a progress bar.
    """
    for table, rows in changed_names(db).items():
        for row in rows:
            what = f"{table}: {row['slug']} is not as in the reference table {table}.csv"
            yield Damage("names", what)
    report = compare(
        db,
        CaptureReader(db, folder),
        Selection().groups(db),
        workers=workers,
        examples=EVERY,
        advance=advance,
    )
    waiting = {
        url
        for urls in db.execute("SELECT url, article_url FROM captures WHERE outcome IS NULL")
        for url in urls
    }
    for examples in report.changes.examples.values():
        for change in examples:
            # The record of such a capture is a damage of its own.
            unreadable = change.field == "problem captures/unreadable-record"
            if not unreadable and change.url not in waiting:
                what = (
                    f"{change.url}: {change.field}: stored {change.before!r}, read {change.after!r}"
                )
                yield Damage("reading", what, url=change.url)
