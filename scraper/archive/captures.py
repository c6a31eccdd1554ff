"""Stores captures: bytes go to a WARC file and to disk, then a row says where they are.

In this order, a crash can lose a row (the next run finds the record and adds it), but never
leaves a row without its bytes.
"""

from __future__ import annotations

import os
from contextlib import suppress
from http import HTTPStatus
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from scraper.archive.errors import DiskError
from scraper.clock import from_iso, to_iso
from scraper.model import Capture, Incoming, Origin, Outcome
from scraper.sources import PRACTICE, parse_address, site_of
from scraper.warc.gzip_members import iter_members, map_file
from scraper.warc.own_files import (
    OPEN,
    Place,
    StoredRecord,
    files_of,
    finish,
    read_capture,
    read_place,
)
from scraper.warc.record import WarcError
from scraper.warc.writer import WarcWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.warc.own_files import StoredRecord
    from scraper.warc.writer import WarcWriter


# Which captures have the bytes of a row: those of its address or, for an attachment, of any file.
_SAME_PAGE = "url = :url AND digest = :digest"
_SAME_FILE = "digest = :digest AND attachment_url IS NOT NULL"


def same_bytes(row: Mapping[str, Any]) -> str:
    """Return the condition on ``captures`` for those whose bytes a row repeats.

    Args:
        row: with ``url``, ``digest`` and ``attachment``, to which the condition refers by name.
    """
    return _SAME_PAGE if row["attachment"] is None else _SAME_FILE


def capture_identity(capture: Capture) -> tuple[str, str, str, str | None]:
    """Return the values that identify a capture: address, digest, origin and time.

    The time is None for a corpus file, which is identified by its bytes: most of these files do
    not say when the page was fetched.
    """
    timed = capture.origin is not Origin.CORPUS
    fetched_at = to_iso(capture.fetched_at) if timed else None
    return capture.url, capture.digest, capture.origin, fetched_at


def article_url_of(capture: Capture) -> str | None:
    """Return the canonical address of the article that a capture is of, None for anything else."""
    address = None if capture.attachment else parse_address(capture.url)
    return None if address is None else address.url


def unfinished_files(folder: Path, archive: str) -> list[Path]:
    """Return the WARC files of an archive that were never closed, in order."""
    return [path for path in files_of(folder, archive) if path.name.endswith(OPEN)]


def salvage_records(
    path: Path, known_end: int, on_unreadable: Callable[[str], object] = lambda _message: None
) -> Iterator[tuple[Capture, Place]]:
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
        place = Place(path.name.removesuffix(OPEN), start, end - start)
        try:
            capture = read_capture(path.parent, place)
        except WarcError as error:
            on_unreadable(f"{error}; it was skipped and stays in the file")
            continue
        if capture is not None:
            yield capture, place


class CaptureReader:
    """Reads the captures of one archive back.

    Args:
        db: the archive, which may be open for reading only.
        folder: its WARC files.
    """

    def __init__(self, db: Database, folder: Path) -> None:
        self._db = db
        self._folder = folder

    def load(self, capture_id: int) -> Capture:
        """Read a capture with its bytes.

        Raises:
            WarcError: its record is missing or damaged.
        """
        columns = (
            "id, url, fetched_at, origin, status, content_type, digest, source, rendered, "
            "attachment_url AS attachment"
        )
        rows = self._db.query(f"SELECT {columns} FROM captures WHERE id = ?", [capture_id])
        if (row := next(rows, None)) is None:
            raise WarcError(f"capture {capture_id} is not in the archive")
        return Capture.model_validate({**row, **self._content(row)})

    def find_revisited(self, url: str, fetched_at: datetime | None, digest: str) -> Capture | None:
        """Return the capture of an address that a ``revisit`` record refers to, with its bytes.

        It is found by time or digest; None if there is none, or none with readable bytes.
        """
        rows = self._db.execute(
            "SELECT id FROM captures WHERE url = ? AND rendered = 0 "
            "AND (fetched_at = ? OR digest = ?) ORDER BY id",
            [url, fetched_at and to_iso(fetched_at), digest],
        )
        for (capture_id,) in rows.fetchall():
            with suppress(WarcError):  # another copy may be readable
                return self.load(capture_id)
        return None

    def latest_live(self, article_url: str) -> Capture | None:
        """Return the newest capture of an article from the live site, or None.

        Raises:
            WarcError: its record is missing or damaged.
        """
        return self._newest("article_url = ? AND origin = 'live' AND rendered = 0", [article_url])

    def latest_file(self, address: str) -> Capture | None:
        """Return the newest capture of an attachment that is a file, or None.

        Raises:
            WarcError: its record is missing or damaged.
        """
        return self._newest("attachment_url = ? AND outcome = 'attachment'", [address])

    def _newest(self, condition: str, values: list[str]) -> Capture | None:
        row = self._db.execute(
            f"SELECT id FROM captures WHERE {condition} ORDER BY fetched_at DESC, id DESC LIMIT 1",
            values,
        ).fetchone()
        return None if row is None else self.load(row[0])

    def _content(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the bytes of a capture and what its record says about them.

        A repeat takes its bytes from the capture it repeats, but scope and truncation from its own
        record: another answer may have declared another length, and another run another scope.
        """
        places = self._db.execute(
            "SELECT warc_file, warc_offset, warc_length FROM captures "
            f"WHERE {same_bytes(row)} AND id <= :id ORDER BY id DESC",
            row,
        )
        own: StoredRecord | None = None
        for place in places.fetchall():
            record = self._record(Place(*place))
            own = own or record
            if (found := record.capture) is not None:
                if found.digest != row["digest"]:
                    raise WarcError(
                        f"{self._folder / place[0]}: the record at offset {place[1]} does not have "
                        f"the digest of capture {row['id']}"
                    )
                return {
                    "body": found.body,
                    "cut": own.cut,
                    "doubt": found.doubt,
                    "scope": own.scope,
                }
        raise WarcError(f"capture {row['id']}: the capture it repeats is not in the archive")

    def _record(self, place: Place) -> StoredRecord:
        try:
            return read_place(self._folder, place)
        except OSError as error:
            raise WarcError(f"{self._folder / place.file}: cannot be read ({error})") from error


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
        try:
            written = []
            for item in incoming:
                try:
                    written.append((item.capture, self._write(item)))
                except WarcError as error:
                    on_refused(item.capture, str(error))
            self._writer.sync()
            with self._db.atomic():
                return [self.insert_row(capture, place) for capture, place in written]
        except OSError as error:
            self._writer.mark_dirty()
            raise DiskError(
                f"{self._writer.path}: captures cannot be written to this file ({error}). Earlier "
                f"captures are kept. Check the disk and run the command again"
            ) from error
        except BaseException:
            self._writer.mark_dirty()
            raise

    def find(self, capture: Capture) -> tuple[int, Outcome | None] | None:
        """Return id and outcome of the same capture if it is stored, else None."""
        row = self._db.execute(
            "SELECT id, outcome FROM captures WHERE url = ? AND digest = ? AND origin = ? "
            "AND fetched_at = coalesce(?, fetched_at) ORDER BY id LIMIT 1",
            capture_identity(capture),
        ).fetchone()
        return None if row is None else (row[0], row[1] and Outcome(row[1]))

    def is_repeat(self, capture: Capture) -> bool:
        """Return whether an earlier capture of the same URL has the same bytes."""
        return self._first_fetched_at(capture) is not None

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

    def _first_fetched_at(self, capture: Capture) -> str | None:
        """Return when the same URL first gave the same bytes, or None if never before."""
        row = self._db.execute(
            "SELECT fetched_at FROM captures WHERE url = ? AND digest = ? AND id < ? "
            "ORDER BY id LIMIT 1",
            [capture.url, capture.digest, capture.id or 1 << 62],
        ).fetchone()
        return None if row is None else row[0]

    def _first_file(self, capture: Capture) -> tuple[str, str] | None:
        """Return URL and time of the first capture of a file, under whatever address."""
        if capture.attachment is None or not capture.body or capture.status != HTTPStatus.OK:
            return None
        row: tuple[str, str] | None = self._db.execute(
            "SELECT url, fetched_at FROM captures WHERE digest = ? AND attachment_url IS NOT NULL "
            "AND outcome = 'attachment' ORDER BY id LIMIT 1",
            [capture.digest],
        ).fetchone()
        return row

    def _write(self, item: Incoming) -> Place:
        earlier = self._first_fetched_at(item.capture)
        if earlier is None and (file := self._first_file(item.capture)) is not None:
            url, seen_at = file
            return self._writer.write_revisit(
                item.capture, item.headers, from_iso(seen_at), seen_url=url
            )
        if earlier is not None and item.capture.status is not None:
            return self._writer.write_revisit(
                item.capture, item.headers, from_iso(earlier), not_modified=item.not_modified
            )
        payload = item.capture.body if item.payload is None else item.payload
        return self._writer.write(item.capture, payload, item.headers)

    def insert_row(self, capture: Capture, place: Place) -> Capture:
        """Insert the row of a capture that is in a WARC file; return the capture with its id."""
        values = [
            capture.url,
            article_url_of(capture),
            capture.attachment,
            to_iso(capture.fetched_at),
            capture.origin,
            capture.status,
            capture.content_type,
            capture.digest,
            capture.source,
            int(capture.rendered),
            *place,
            self._run_id,
        ]
        cursor = self._db.execute(
            "INSERT INTO captures (url, article_url, attachment_url, fetched_at, origin, status, "
            "content_type, digest, source, rendered, warc_file, warc_offset, warc_length, run_id) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return capture.model_copy(update={"id": cursor.lastrowid})
