"""Writes captures to WARC files: one series of files per run, one gzip member per record.

What a record contains, and what it cannot promise, is in docs/decisions/0004-captures.md.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from scraper import __version__
from scraper.model import Scope
from scraper.warc.make_record import make_info, make_record, make_revisit
from scraper.warc.own_files import OPEN, RecordPlace, finish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from scraper.model import Capture
    from scraper.warc.make_record import MadeRecord

ROLL_BYTES = 1 << 30  # a larger file is closed and another begun: 1 GiB, the custom of web archives


class WarcWriter:
    """Appends records to the files of one run.

    Args:
        folder: of the files; created if missing.
        run_id: row of ``runs``, part of the file names.
        started_at: start of the run, part of the file names.
        archive: name of the archive, part of the file names.
        operator: contact of the operator, for the ``warcinfo`` record.
        scope: which articles the run keeps; written for captures without a scope.
    """

    def __init__(  # noqa: PLR0913 - each is part of a file name or of every record
        self,
        folder: Path,
        run_id: int,
        started_at: datetime,
        archive: str = "thaigov",
        operator: str = "",
        *,
        scope: Scope = Scope.ALL,
    ) -> None:
        self.folder = folder
        self.archive = archive
        self.operator = operator
        self.scope = scope
        self._prefix = f"{archive}-{started_at:%Y%m%d%H%M%S}-{run_id:06d}"
        self._serial = 0
        self._path: Path | None = None
        self._dirty = False
        self._last = ("", "")  # URL and id of the last record
        self._file: BinaryIO

    @property
    def path(self) -> Path:
        """The open file, or the folder if no file is open."""
        return self._path or self.folder

    def write(
        self, capture: Capture, payload: bytes, headers: tuple[tuple[str, str], ...]
    ) -> RecordPlace:
        """Append the record of a capture and return its place. The bytes are not yet synced.

        The arguments are those of ``make_record``.

        Raises:
            WarcError: the record would not read back; nothing is written.
        """
        url, record_id = self._last
        refers_to = record_id if capture.rendered and url == capture.url else None
        return self.append(make_record(capture, payload, headers, self.scope, refers_to))

    def write_revisit(
        self,
        capture: Capture,
        headers: tuple[tuple[str, str], ...],
        seen_at: datetime,
        *,
        seen_url: str | None = None,
        not_modified: bool = False,
    ) -> RecordPlace:
        """Append a revisit record; the arguments are those of ``make_revisit``."""
        return self.append(
            make_revisit(
                capture,
                headers,
                seen_at,
                self.scope,
                seen_url=seen_url,
                not_modified=not_modified,
            )
        )

    def note(self, fields: dict[str, str]) -> None:
        """Append a ``warcinfo`` record with these fields, one per line."""
        self._open()
        name = Path(self._file.name).with_suffix("").name
        self.append(make_info(name, fields))

    def sync(self) -> None:
        """Flush every record written so far to the disk."""
        if self._path is not None:
            with _naming(self._path):
                self._file.flush()
                os.fsync(self._file.fileno())

    def mark_dirty(self) -> None:
        """Note that the current file may contain records without a row in the database.

        It keeps its ``.open`` suffix when it is closed, so that the next run salvages them.
        """
        self._dirty = True

    def close(self) -> None:
        """Sync the current file and close it under its final name; the next write opens another."""
        if self._path is not None:
            try:
                self.sync()
            finally:  # on a full disk, the next run salvages what could be written
                path, self._path = self._path, None
                with _naming(path):
                    self._file.close()
            if not self._dirty:
                finish(path)
            self._dirty = False

    def append(self, record: MadeRecord) -> RecordPlace:
        """Append a record and return its place. The bytes are not yet synced."""
        self._open()
        offset = self._file.tell()
        with _naming(Path(self._file.name)):
            try:
                self._file.write(record.member)
                self._file.flush()
            except BaseException:
                # A full disk or Ctrl-C leaves half a record: cut it off to keep the file valid.
                self._file.truncate(offset)
                self._file.seek(offset)
                raise
        self._last = (record.url, record.record_id)
        name = Path(self._file.name).name.removesuffix(OPEN)
        return RecordPlace(name, offset, len(record.member))

    def _open(self) -> None:
        """Open a file if none is open; the first record says what made it."""
        if self._path is not None and self._file.tell() > ROLL_BYTES:
            self.close()
        if self._path is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{self._prefix}-{self._serial:05d}.warc.gz{OPEN}"
        self._file = path.open("x+b")
        self._path = path  # after open(): if that fails, there is nothing to close
        self._serial += 1
        fields = {
            "software": f"thaigov/{__version__}",
            "format": "WARC File Format 1.1",
            "operator": self.operator,
            "isPartOf": "thaigov archive",
        }
        with _naming(path):
            self._file.write(make_info(path.with_suffix("").name, fields).member)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Add the file name to disk errors, which lack it once the file is open."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
