"""Stores captures: bytes go to a WARC file and to disk, then a row says where they are.

In this order, a crash can lose a row (the next run finds the record and adds it), but never
leaves a row without its bytes.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.capture_reader import CaptureReader
from scraper.archive.errors import DiskError
from scraper.clock import from_iso, to_iso
from scraper.model import Origin, Outcome
from scraper.sources import PRACTICE, parse_address, site_of
from scraper.warc.gzip_members import iter_members, map_file
from scraper.warc.own_files import OPEN, RecordPlace, files_of, finish, read_capture
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.prepared import PreparedCapture
    from scraper.model import Capture, Incoming
    from scraper.warc.make_record import MadeRecord
    from scraper.warc.writer import WarcWriter


def capture_identity(capture: Capture) -> tuple[str, str, str, str | None]:
    """Return the values that identify a capture: address, digest, origin and time.

    The time is None for a corpus file, which is identified by its bytes: most of these files do
    not say when the page was fetched.
    """
    timed = capture.origin is not Origin.CORPUS
    fetched_at = to_iso(capture.fetched_at) if timed else None
    return capture.url, capture.digest, capture.origin, fetched_at


def article_url_of(capture: Capture) -> str | None:
    """Return the canonical address of a capture's article, or None if it is not of an article."""
    address = None if capture.attachment else parse_address(capture.url)
    return None if address is None else address.url


def unfinished_files(folder: Path, archive: str) -> list[Path]:
    """Return the WARC files of an archive that were never closed, in order."""
    return [path for path in files_of(folder, archive) if path.name.endswith(OPEN)]


def salvage_records(
    path: Path, known_end: int, on_unreadable: Callable[[str], object] = lambda _message: None
) -> Iterator[tuple[Capture, RecordPlace]]:
    """Cut a torn record off an unfinished file and yield the captures after ``known_end``.

    Args:
        path: the file; no other process may be writing to it.
        known_end: where the last record that has a row ends; 0 if none has.
        on_unreadable: called with a message for each complete gzip member that is not a readable
            record; it is skipped and stays in the file.
    """
    with map_file(path) as data:
        ends = [known_end, *(member.end for member in iter_members(data, known_end))]
    with path.open("r+b") as file:
        file.truncate(min(ends[-1], path.stat().st_size))  # a larger size would append zeros
        os.fsync(file.fileno())
    for start, end in pairwise(ends):
        place = RecordPlace(path.name.removesuffix(OPEN), start, end - start)
        try:
            capture = read_capture(path.parent, place)
        except WarcError as error:
            on_unreadable(f"{error}; it was skipped and stays in the file")
            continue
        if capture is not None:
            yield capture, place


_COLUMNS = (
    "id", "url", "article_url", "attachment_url", "fetched_at", "origin", "status", "content_type",
    "digest", "source", "rendered", "run_id", "warc_file", "warc_offset", "warc_length", "outcome",
    "content_hash",
)  # fmt: skip


class CaptureRow(NamedTuple):
    """A capture in a WARC file, its place there, and its outcome if it has been read."""

    capture: Capture
    place: RecordPlace
    outcome: str | None = None
    content_hash: str | None = None


class CaptureStore(CaptureReader):
    """Adds captures to one archive and reads them back."""

    def __init__(self, db: Database, folder: Path, writer: WarcWriter, run_id: int) -> None:
        super().__init__(db, folder)
        self._writer = writer
        self._run_id = run_id
        self._practice: bool | None = None  # whether it holds practice pages; None if unknown yet

    def add(
        self,
        incoming: Iterable[Incoming],
        on_refused: Callable[[Capture, str], object] = lambda _capture, _reason: None,
    ) -> list[Capture]:
        """Write captures to disk, then their rows in one transaction; return them with ids.

        Args:
            incoming: the captures.
            on_refused: called with each capture that cannot be written readably, and the reason.
                The others are written.

        Raises:
            DiskError: the disk is full, read-only or broken; no capture of this batch has a row.
        """
        with self.adding():
            written = []
            for item in incoming:
                try:
                    written.append((item.capture, self.write(item)))
                except WarcError as error:
                    on_refused(item.capture, str(error))
            self.sync()
            with self._db.atomic():
                return [self.insert_row(capture, place) for capture, place in written]

    @contextmanager
    def adding(self) -> Iterator[None]:
        """Run a block that writes records, and after ``sync`` their rows.

        If it fails, the next run salvages the records that have no row.

        Raises:
            DiskError: the disk is full, read-only or broken.
        """
        try:
            yield
        except OSError as error:
            self._writer.mark_dirty()
            raise DiskError(
                f"{self._writer.path}: captures cannot be written to this file ({error}). Earlier "
                f"captures are kept. Check the disk and run the command again"
            ) from error
        except BaseException:
            self._writer.mark_dirty()
            raise

    def sync(self) -> None:
        """Flush the records written so far to the disk."""
        self._writer.sync()

    def find(self, capture: Capture) -> tuple[int, Outcome | None] | None:
        """Return id and outcome of the same capture if it is stored, else None."""
        row = self._db.execute(
            "SELECT id, outcome FROM captures WHERE url = ? AND digest = ? AND origin = ? "
            "AND fetched_at = coalesce(?, fetched_at) ORDER BY id LIMIT 1",
            capture_identity(capture),
        ).fetchone()
        return None if row is None else (row[0], row[1] and Outcome(row[1]))

    def without_known(
        self, group: Iterable[tuple[Incoming, PreparedCapture]]
    ) -> tuple[list[tuple[Incoming, PreparedCapture]], list[Capture]]:
        """Split off the captures that are stored by now, or are in the group twice."""
        new, known = [], []
        seen = set()
        for incoming, prepared in group:
            capture = incoming.capture
            if capture.id is None:
                identity = capture_identity(capture)
                if identity in seen or self.find(capture) is not None:
                    known.append(capture)
                    continue
                seen.add(identity)
            new.append((incoming, prepared))
        return new, known

    def is_repeat(self, capture: Capture) -> bool:
        """Return whether an earlier capture of the same URL has the same bytes."""
        return self.first_fetched_at(capture) is not None

    def salvage(self, on_unreadable: Callable[[str], object] = lambda _message: None) -> int:
        """Add rows for captures that a killed run left in WARC files; return how many.

        Args:
            on_unreadable: called with a message for each record that cannot be read.
        """
        count = 0
        for path in unfinished_files(self._folder, self._writer.archive):
            with self._db.atomic():
                (end,) = self._db.execute(
                    "SELECT max(warc_offset + warc_length) FROM captures WHERE warc_file = ?",
                    [path.with_suffix("").name],
                ).fetchone()
                for capture, place in salvage_records(path, end or 0, on_unreadable):
                    self.insert_row(capture, place)
                    count += 1
            finish(path)  # after the commit: a second crash must not hide records without rows
        return count

    def misplaced(self, capture: Capture) -> str | None:
        """Return why a capture does not belong in this archive, or None if it does.

        An archive holds either practice pages or real ones, whichever came first. This keeps
        pages of someone's practice site in an imported file out of the news.
        """
        if (site := site_of(capture.url)) is None:
            return None
        if self._practice is None:
            row = self._db.execute(
                "SELECT article_url FROM captures WHERE article_url IS NOT NULL LIMIT 1"
            ).fetchone()
            self._practice = (site_of(row[0]) if row else site) is PRACTICE
        if (site is PRACTICE) is self._practice:
            return None
        held, given = ("practice", "real") if self._practice else ("real", "practice")
        return (
            f"{capture.url} is a page of a {given} site, and this archive holds {held} pages; "
            "left out. Give another --db for it"
        )

    def pending(self) -> list[int]:
        """Return the ids of the captures that were never read, oldest first."""
        ids = self._db.execute("SELECT id FROM captures WHERE outcome IS NULL ORDER BY id")
        return [capture_id for (capture_id,) in ids.fetchall()]

    def write(self, item: Incoming, made: MadeRecord | None = None) -> RecordPlace:
        """Append the record of a capture to the WARC file and return its place.

        Args:
            item: the capture.
            made: its record, if that is known; unused for a repeat, which becomes a ``revisit``.

        Raises:
            WarcError: the record would not read back; nothing is written.
        """
        earlier = self.first_fetched_at(item.capture)
        if earlier is None and (file := self.first_file(item.capture)) is not None:
            url, seen_at = file
            return self._writer.write_revisit(
                item.capture, item.headers, from_iso(seen_at), seen_url=url
            )
        if earlier is not None and item.capture.status is not None:
            return self._writer.write_revisit(
                item.capture, item.headers, from_iso(earlier), not_modified=item.not_modified
            )
        if made is not None:
            return self._writer.append(made)
        payload = item.capture.body if item.payload is None else item.payload
        return self._writer.write(item.capture, payload, item.headers)

    def insert_row(self, capture: Capture, place: RecordPlace) -> Capture:
        """Insert the row of a capture that is in a WARC file; return the capture with its id."""
        (stored,) = self.insert_rows([CaptureRow(capture, place)])
        return stored

    def insert_rows(self, rows: Sequence[CaptureRow]) -> list[Capture]:
        """Insert rows of captures that are in WARC files; return the captures with their ids."""
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM captures").fetchone()
        stored = [
            row.capture.model_copy(update={"id": number})
            for number, row in enumerate(rows, last + 1)
        ]
        self._db.conn.executemany(
            f"INSERT INTO captures ({', '.join(_COLUMNS)}) "
            f"VALUES ({', '.join('?' * len(_COLUMNS))})",
            [
                (*_column_values(capture, self._run_id), *row.place, row.outcome, row.content_hash)
                for capture, row in zip(stored, rows, strict=True)
            ],
        )
        return stored


def _column_values(capture: Capture, run_id: int) -> tuple[Any, ...]:
    return (
        capture.id,
        capture.url,
        article_url_of(capture),
        capture.attachment,
        to_iso(capture.fetched_at),
        capture.origin.value,
        capture.status,
        capture.content_type,
        capture.digest,
        capture.source,
        int(capture.rendered),
        run_id,
    )
