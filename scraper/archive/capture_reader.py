"""Reads the captures of an archive back from its WARC files."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from scraper.clock import to_iso
from scraper.model import Capture
from scraper.warc.own_files import RecordPlace, StoredRecord, read_place
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database


# Which captures have the bytes of a row: those of its address or, for an attachment, of any file.
_SAME_PAGE = "url = :url AND digest = :digest"
_SAME_FILE = "digest = :digest AND attachment_url IS NOT NULL"


def same_bytes(row: Mapping[str, Any]) -> str:
    """Return the SQL condition for the captures with the same bytes as a row's.

    Args:
        row: with ``url``, ``digest`` and ``attachment``, to which the condition refers by name.
    """
    return _SAME_PAGE if row["attachment"] is None else _SAME_FILE


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

    def first_fetched_at(self, capture: Capture) -> str | None:
        """Return when the same URL first returned the same bytes, or None if never before."""
        row = self._db.execute(
            "SELECT fetched_at FROM captures WHERE url = ? AND digest = ? AND id < ? "
            "ORDER BY id LIMIT 1",
            [capture.url, capture.digest, capture.id or 1 << 62],
        ).fetchone()
        return None if row is None else row[0]

    def first_file(self, capture: Capture) -> tuple[str, str] | None:
        """Return URL and time of the first capture of a file, under whatever address."""
        if capture.attachment is None or not capture.body or capture.status != HTTPStatus.OK:
            return None
        row: tuple[str, str] | None = self._db.execute(
            "SELECT url, fetched_at FROM captures WHERE digest = ? AND attachment_url IS NOT NULL "
            "AND outcome = 'attachment' ORDER BY id LIMIT 1",
            [capture.digest],
        ).fetchone()
        return row

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
            record = self._record(RecordPlace(*place))
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

    def _record(self, place: RecordPlace) -> StoredRecord:
        try:
            return read_place(self._folder, place)
        except OSError as error:
            raise WarcError(f"{self._folder / place.file}: cannot be read ({error})") from error
