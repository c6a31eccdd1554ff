"""Joins attached files: their texts, and the links of all articles to them.

A file that one archive fetched is linked to the articles of every other, since a link follows from
the joined captures and the address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.attachment_rows import link_files
from scraper.archive.attachment_tables import ATTACHMENT_TEXTS
from scraper.merge.rows import columns_of, insert, mapped_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from scraper.merge.sources import Source

# Of two readings of a file, prefer one with text, else the last in an order that depends on their
# contents alone.
BETTER = """
    ON CONFLICT (id) DO UPDATE SET format = excluded.format, pages = excluded.pages,
        text = excluded.text, reader = excluded.reader
    WHERE (excluded.text <> '', excluded.reader, coalesce(excluded.pages, 0), excluded.format,
           excluded.text)
        > (attachment_texts.text <> '', attachment_texts.reader,
           coalesce(attachment_texts.pages, 0), attachment_texts.format, attachment_texts.text)
"""


def join_files(db: Database, sources: Sequence[Source]) -> None:
    """Fill the tables of attached files, after those of captures and articles."""
    columns = columns_of(db, ATTACHMENT_TEXTS)
    for source in sources:
        rows = mapped_rows(source.db, ATTACHMENT_TEXTS, columns, {})
        insert(db, ATTACHMENT_TEXTS, columns, rows, BETTER)
    link_files(db, "1", ())
