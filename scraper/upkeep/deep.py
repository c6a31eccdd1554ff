"""The deep part of ``verify``: reads every capture again and compares the result with the rows."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scraper.archive.capture_reader import CaptureReader
from scraper.archive.related_tables import INTERNAL_TABLES
from scraper.archive.schema import REFERENCE_TABLES, changed_names
from scraper.upkeep.reparse import CaptureSelection, preview_reparse
from scraper.upkeep.verify import Damage
from scraper.upkeep.verify.related import missing_relations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlite_utils import Database


def reading_damages(
    db: Database, folder: Path, workers: int, advance: Callable[[int], None]
) -> Iterator[Damage]:
    """Yield every field that today's parsers and stages read differently from what is stored.

    Skips captures whose bytes cannot be read, since the other checks report those, and articles
    with a capture that no run has read yet.

    Args:
        db: the archive; read-only is enough.
        folder: its WARC files.
        workers: processes that run the stages; 0 runs them in this one.
        advance: called with the number of captures read, for a progress bar.
    """
    for table, rows in changed_names(db).items():
        for row in rows:
            name = row[REFERENCE_TABLES[table]]
            detail = f"{table}: {name} differs from the reference table {table}.csv"
            yield Damage("names", detail)
    if {"related_articles", *INTERNAL_TABLES} <= set(db.table_names()):
        yield from (Damage("related", detail) for detail in missing_relations(db))
    report = preview_reparse(
        db,
        CaptureReader(db, folder),
        CaptureSelection().groups(db),
        workers=workers,
        examples=sys.maxsize,
        advance=advance,
    )
    unread = {
        url
        for urls in db.execute("SELECT url, article_url FROM captures WHERE outcome IS NULL")
        for url in urls
    }
    for examples in report.changes.examples.values():
        for change in examples:
            is_unreadable = change.field == "problem captures/unreadable-record"
            if not is_unreadable and change.url not in unread:
                detail = (
                    f"{change.url}: {change.field}: stored {change.before!r}, read {change.after!r}"
                )
                yield Damage("reading", detail, url=change.url)
