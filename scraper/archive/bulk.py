"""Stores captures from files and their prepared pages, many in one transaction.

The files are the safe copy, so a capture's row is written together with what was read from it. New
articles, the bulk of an import, go in by ``executemany``; everything else is saved page by page, as
in a crawl. Both keep the order of the files, so the result equals that of storing one by one.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from scraper import timing
from scraper.archive.attachment_rows import link_files
from scraper.archive.bulk_index import indexed_at_once
from scraper.archive.captures import CaptureRow
from scraper.archive.derived_rows import write_derived_rows
from scraper.archive.prepared import READ_COLUMNS
from scraper.clock import to_iso
from scraper.model import Outcome
from scraper.sources import parse_address
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlite_utils import Database

    from scraper.archive.attachments import AttachmentStore
    from scraper.archive.captures import CaptureStore
    from scraper.archive.prepared import PreparedArticle, PreparedCapture, PreparedPage
    from scraper.archive.store import ArticleStore
    from scraper.model import Capture, Incoming
    from scraper.warc.own_files import RecordPlace

_KNOWN = """SELECT article_url FROM captures WHERE article_url IN (SELECT value FROM json_each(?1))
    UNION SELECT url FROM articles WHERE url IN (SELECT value FROM json_each(?1))"""
_CONTENT_HASH = READ_COLUMNS.index("content_hash")


class StoredPage(NamedTuple):
    """A capture with its id, and what was stored of it.

    Attributes:
        capture: the capture.
        page: what was read from it.
        result: as ``ArticleStore.save`` returns it.
    """

    capture: Capture
    page: PreparedPage
    result: str


class _Item(NamedTuple):
    """A capture to store, and whether it is the first one of its article."""

    incoming: Incoming
    prepared: PreparedCapture
    is_new: bool


class BulkStore:
    """Stores captures of files in one archive.

    Args:
        db: the archive.
        captures: writes the captures.
        articles: writes the pages that are not new articles.
        attachments: writes the files that articles link to.
    """

    def __init__(
        self,
        db: Database,
        captures: CaptureStore,
        articles: ArticleStore,
        attachments: AttachmentStore,
    ) -> None:
        self._db = db
        self._captures = captures
        self._articles = articles
        self._attachments = attachments

    def write_records(
        self,
        group: Sequence[tuple[Incoming, PreparedCapture]],
        on_refused: Callable[[Capture, str], object],
    ) -> list[tuple[Incoming, PreparedCapture, RecordPlace | None]]:
        """Write the records of new captures and sync them; skip those that cannot be written.

        Args:
            group: captures, with an id if they are stored already.
            on_refused: called with a capture that cannot be written readably, and the reason.

        Returns:
            The others with their places, None for a capture that is stored already.
        """
        written: list[tuple[Incoming, PreparedCapture, RecordPlace | None]] = []
        with timing.part("append WARC records"):
            self._append(group, written, on_refused)
            self._captures.sync()
        return written

    def _append(
        self,
        group: Sequence[tuple[Incoming, PreparedCapture]],
        written: list[tuple[Incoming, PreparedCapture, RecordPlace | None]],
        on_refused: Callable[[Capture, str], object],
    ) -> None:
        for incoming, prepared in group:
            place = None
            if incoming.capture.id is None:
                try:
                    place = self._captures.write(incoming, prepared.record)
                except WarcError as error:
                    on_refused(incoming.capture, str(error))
                    continue
            written.append((incoming, prepared, place))

    def write_rows(
        self, written: Sequence[tuple[Incoming, PreparedCapture, RecordPlace | None]]
    ) -> Iterator[StoredPage]:
        """Write all rows of a group, within the caller's transaction; yield what was stored."""
        places = [place for _, _, place in written]
        items = self._with_newness([(incoming, prepared) for incoming, prepared, _ in written])
        rows = [
            CaptureRow(item.incoming.capture, place, *_outcome_of(item))
            for item, place in zip(items, places, strict=True)
            if place is not None
        ]
        stored = iter(self._captures.insert_rows(rows))
        pages = [
            (item, item.incoming.capture if place is None else next(stored))
            for item, place in zip(items, places, strict=True)
        ]
        for is_new, run in groupby(pages, key=lambda pair: pair[0].is_new):
            found = [(capture, item.prepared.page) for item, capture in run]
            if is_new:
                self._write_new(found)
                yield from (StoredPage(capture, page, "new") for capture, page in found)
                continue
            for capture, page in found:
                repeat = self._captures.is_repeat(capture)
                store = self._articles if capture.attachment is None else self._attachments
                result = store.save_prepared(capture, page, repeat=repeat)
                yield StoredPage(capture, page, result)

    def _with_newness(self, group: Sequence[tuple[Incoming, PreparedCapture]]) -> list[_Item]:
        """Mark the captures of articles that the archive does not have yet."""
        addresses = [parse_address(incoming.capture.url) for incoming, _ in group]
        urls = [address and address.url for address in addresses]
        asked = json.dumps([url for url in urls if url is not None])
        seen = {url for (url,) in self._db.execute(_KNOWN, [asked])}
        items = []
        for (incoming, prepared), url in zip(group, urls, strict=True):
            article = prepared.page.article
            is_new = (
                article is not None
                and article.url == url
                and url not in seen
                and incoming.capture.id is None
                and self._articles.keeps(incoming.capture, article)
            )
            if article is not None:
                seen.add(article.url)
            if url is not None:
                seen.add(url)
            items.append(_Item(incoming, prepared, is_new))
        return items

    def _write_new(self, found: Sequence[tuple[Capture, PreparedPage]]) -> None:
        """Insert articles that are new to the archive."""
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()
        articles: list[tuple[int, PreparedArticle]] = []
        rows = []
        for number, (capture, page) in enumerate(found, last + 1):
            article = page.article
            assert article is not None  # noqa: S101  or it would not be new
            seen_at = to_iso(capture.fetched_at)
            articles.append((number, article))
            rows.append((number, *article.columns, 1, seen_at, capture.id, seen_at, seen_at))
            self._articles.signatures[number] = (article.place, article.fingerprints)
        self._articles.add_problems(found)
        with indexed_at_once(self._db, last, len(rows)), timing.part("insert rows"):
            columns = (
                "id", *READ_COLUMNS, "revision", "changed_at", "capture_id", "first_seen_at",
                "last_seen_at",
            )  # fmt: skip
            self._db.conn.executemany(
                f"INSERT INTO articles ({', '.join(columns)}) "
                f"VALUES ({', '.join('?' * len(columns))})",
                rows,
            )
            write_derived_rows(self._db, articles)
            link_files(self._db, "a.article_id > ?", [last])


def _outcome_of(item: _Item) -> tuple[str | None, str | None]:
    """Return outcome and content hash of a capture's row, None if they are not known yet."""
    article = item.prepared.page.article
    if not item.is_new or article is None:
        return None, None
    return Outcome.ARTICLE.value, article.columns[_CONTENT_HASH]
