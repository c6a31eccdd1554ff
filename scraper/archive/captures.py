"""Captures: the bytes go to a WARC file and to the disk, then a row says where they are.

In that order, so that a crash can lose a row (the next run finds the record and adds it), but
never leave a row whose bytes are not there.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from scraper.archive.errors import DiskError
from scraper.archive.salvage import salvage, unfinished
from scraper.clock import from_iso, to_iso
from scraper.model import Capture, Incoming, Origin, Outcome
from scraper.sources import PRACTICE, parse_address, site_of
from scraper.warc.own_files import Place, finish, read_place
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.warc.own_files import StoredRecord
    from scraper.warc.writer import WarcWriter


def identity(capture: Capture) -> tuple[str, str, str, str | None]:
    """Return what makes a capture the very same: address, digest, origin and time.

    A corpus file is the same by its bytes alone, since most do not tell when the page was
    fetched; its time is None here.
    """
    timed = capture.origin is not Origin.CORPUS
    fetched_at = to_iso(capture.fetched_at) if timed else None
    return capture.url, capture.digest, capture.origin, fetched_at


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
        columns = "id, url, fetched_at, origin, status, content_type, digest, source, rendered"
        rows = self._db.query(f"SELECT {columns} FROM captures WHERE id = ?", [capture_id])
        if (row := next(rows, None)) is None:
            raise WarcError(f"capture {capture_id} is not in the archive")
        return Capture.model_validate({**row, **self._content(row)})

    def recall(self, url: str, fetched_at: datetime | None, digest: str) -> Capture | None:
        """Return an answer of an address with its bytes, by its time or its digest.

        None if there is no such capture, or none whose bytes can still be read.
        """
        rows = self._db.execute(
            "SELECT id FROM captures WHERE url = ? AND rendered = 0 "
            "AND (fetched_at = ? OR digest = ?) ORDER BY id",
            [url, fetched_at and to_iso(fetched_at), digest],
        )
        for (capture_id,) in rows.fetchall():
            with suppress(WarcError):  # another copy may do
                return self.load(capture_id)
        return None

    def latest(self, article_url: str) -> Capture | None:
        """Return the newest answer of the live site for an article with its bytes, or None.

        Raises:
            WarcError: its record is missing or damaged.
        """
        row = self._db.execute(
            "SELECT id FROM captures WHERE article_url = ? AND origin = 'live' AND rendered = 0 "
            "ORDER BY fetched_at DESC, id DESC LIMIT 1",
            [article_url],
        ).fetchone()
        return None if row is None else self.load(row[0])

    def _content(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the bytes of a capture, and what its record says of them.

        The bytes are its own, or those of the capture that it repeats. Whether they are the whole
        answer is said by its own record: another answer may have declared another length. So is
        the scope of its run.
        """
        places = self._db.execute(
            "SELECT warc_file, warc_offset, warc_length FROM captures "
            "WHERE url = ? AND digest = ? AND id <= ? ORDER BY id DESC",
            [row["url"], row["digest"], row["id"]],
        )
        own: StoredRecord | None = None
        for place in places.fetchall():
            record = self._read(Place(*place))
            own = own or record
            if (found := record.capture) is not None:
                if found.digest != row["digest"]:
                    raise WarcError(
                        f"{self._folder / place[0]}: the record at offset {place[1]} is not what "
                        f"capture {row['id']} was"
                    )
                return {
                    "body": found.body,
                    "cut": own.cut,
                    "doubt": found.doubt,
                    "scope": own.scope,
                }
        raise WarcError(f"capture {row['id']}: the capture it repeats is not in the archive")

    def _read(self, place: Place) -> StoredRecord:
        try:
            return read_place(self._folder, place)
        except OSError as error:
            raise WarcError(f"{self._folder / place.file}: it cannot be read ({error})") from error


class CaptureStore(CaptureReader):
    """Adds captures to one archive and reads them back."""

    def __init__(self, db: Database, folder: Path, writer: WarcWriter, run_id: int) -> None:
        super().__init__(db, folder)
        self._writer = writer
        self._run_id = run_id
        self._practice: bool | None = None  # whether the archive holds practice pages, once known

    def add(
        self,
        incoming: Iterable[Incoming],
        refused: Callable[[Capture, str], object] = lambda _capture, _reason: None,
    ) -> list[Capture]:
        """Write captures to the disk, then their rows in one transaction; return them with ids.

        Args:
            incoming: what to write.
            refused: called with each capture that cannot be written so that it could be read
                back, and the reason; the others are written.

        Raises:
            DiskError: the disk is full, read-only or broken; nothing of this batch has a row.
        """
        try:
            written = []
            for item in incoming:
                try:
                    written.append((item.capture, self._write(item)))
                except WarcError as error:
                    refused(item.capture, str(error))
            self._writer.sync()
            with self._db.atomic():
                return [self.adopt(capture, place) for capture, place in written]
        except OSError as error:
            self._writer.mark_dirty()
            raise DiskError(
                f"{self._writer.path}: captures cannot be written to this file ({error}). What "
                f"came before is kept. See to the disk, and run the command again"
            ) from error
        except BaseException:
            self._writer.mark_dirty()
            raise

    def find(self, capture: Capture) -> tuple[int, Outcome | None] | None:
        """Return id and outcome of the row of the very same capture, or None."""
        row = self._db.execute(
            "SELECT id, outcome FROM captures WHERE url = ? AND digest = ? AND origin = ? "
            "AND fetched_at = coalesce(?, fetched_at) ORDER BY id LIMIT 1",
            identity(capture),
        ).fetchone()
        return None if row is None else (row[0], row[1] and Outcome(row[1]))

    def is_repeat(self, capture: Capture) -> bool:
        """Say whether the same URL gave the same bytes in an earlier capture."""
        return self._earlier(capture) is not None

    def salvage(self, told: Callable[[str], object] = lambda _sentence: None) -> int:
        """Take in what a crashed run left on the disk without a row; return how many captures.

        Args:
            told: called with a sentence about each record that cannot be read; it has no row.
        """
        count = 0
        for path in unfinished(self._folder, self._writer.archive):
            with self._db.atomic():
                (end,) = self._db.execute(
                    "SELECT max(warc_offset + warc_length) FROM captures WHERE warc_file = ?",
                    [path.with_suffix("").name],
                ).fetchone()
                count += len([self.adopt(*found) for found in salvage(path, end or 0, told)])
            finish(path)  # not before the rows are there: a second crash would hide the records
        return count

    def misplaced(self, capture: Capture) -> str | None:
        """Return why a capture does not belong into this archive, None where it does.

        An archive holds pages of a practice site or real ones: the first page decides. Otherwise
        a file of a stranger could mix pages of his own machine into the news.
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
        """Return the ids of the captures that no run has read yet, oldest first."""
        ids = self._db.execute("SELECT id FROM captures WHERE outcome IS NULL ORDER BY id")
        return [capture_id for (capture_id,) in ids.fetchall()]

    def _earlier(self, capture: Capture) -> str | None:
        """Return when the same URL first gave the same bytes, or None."""
        row = self._db.execute(
            "SELECT fetched_at FROM captures WHERE url = ? AND digest = ? AND id < ? "
            "ORDER BY id LIMIT 1",
            [capture.url, capture.digest, capture.id or 1 << 62],
        ).fetchone()
        return None if row is None else row[0]

    def _write(self, item: Incoming) -> Place:
        earlier = self._earlier(item.capture)
        if earlier is not None and item.capture.status is not None:
            return self._writer.write_revisit(
                item.capture, item.headers, from_iso(earlier), not_modified=item.not_modified
            )
        payload = item.capture.body if item.payload is None else item.payload
        return self._writer.write(item.capture, payload, item.headers)

    def adopt(self, capture: Capture, place: Place) -> Capture:
        """Give a capture that stands in a WARC file its row; return it with its id."""
        address = parse_address(capture.url)
        cursor = self._db.execute(
            """
            INSERT INTO captures (url, article_url, fetched_at, origin, status, content_type,
                digest, source, rendered, warc_file, warc_offset, warc_length, run_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                capture.url,
                None if address is None else address.url,
                to_iso(capture.fetched_at),
                capture.origin,
                capture.status,
                capture.content_type,
                capture.digest,
                capture.source,
                int(capture.rendered),
                *place,
                self._run_id,
            ],
        )
        return capture.model_copy(update={"id": cursor.lastrowid})
