"""Writes captures to WARC files: one series of files per run, one gzip member per record.

What a record contains, and what it cannot promise, is in docs/decisions/0004-captures.md.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from warcio.warcwriter import WARCWriter

from scraper import __version__
from scraper.clock import to_iso
from scraper.model import Scope
from scraper.warc.gzip_members import member_at
from scraper.warc.headers import field_value, status_line
from scraper.warc.own_files import OPEN, Place, finish, read_record
from scraper.warc.record import (
    ATTACHMENT_FIELD,
    CUT_FIELD,
    DIGEST_PREFIX,
    ORIGIN_FIELD,
    SCOPE_FIELD,
    SOURCE_FIELD,
    WarcError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from warcio.recordloader import ArcWarcRecord

    from scraper.model import Capture

ROLL_BYTES = 1 << 30  # a larger file is closed and another begun: 1 GiB, the custom of web archives
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


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
        self._warcio: WARCWriter

    @property
    def path(self) -> Path:
        """The open file, or the folder if no file is open."""
        return self._path or self.folder

    def write(
        self, capture: Capture, payload: bytes, headers: tuple[tuple[str, str], ...]
    ) -> Place:
        """Append a capture and return its place. The bytes are not yet synced.

        Args:
            capture: without a ``status`` it becomes a ``resource`` record, which has no HTTP
                headers; a rendered one becomes a ``conversion`` of the answer before it.
            payload: the entity as received, with its content coding.
            headers: the known HTTP headers in order.

        Raises:
            WarcError: the record would not read back; nothing is written.
        """
        fields = self._fields(capture)
        if capture.cut is not None:
            fields["WARC-Truncated"] = "unspecified"
        if capture.rendered and self._last[0] == capture.url:
            fields["WARC-Refers-To"] = self._last[1]
        record = self._writer().create_warc_record(
            capture.url,
            _record_type(capture),
            payload=BytesIO(payload),
            length=len(payload),
            warc_content_type=capture.content_type if capture.status is None else "",
            warc_headers_dict=fields,
            http_headers=None if capture.status is None else status_line(capture.status, headers),
        )
        return self._append(record)

    def write_revisit(
        self,
        capture: Capture,
        headers: tuple[tuple[str, str], ...],
        seen_at: datetime,
        *,
        seen_url: str | None = None,
        not_modified: bool = False,
    ) -> Place:
        """Append a revisit record, which refers to an earlier record of the same bytes.

        Args:
            capture: what was fetched again.
            headers: HTTP headers of the answer.
            seen_at: time of the earlier capture.
            seen_url: its URL, if that is another one.
            not_modified: the server answered 304, without bytes to compare.
        """
        fields = self._fields(capture)
        record = self._writer().create_revisit_record(
            capture.url,
            fields.pop("WARC-Payload-Digest"),
            seen_url or capture.url,
            to_iso(seen_at),
            http_headers=status_line(304 if not_modified else capture.status or 0, headers),
            warc_headers_dict=fields,
        )
        if not_modified:
            record.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED)
        return self._append(record)

    def note(self, fields: dict[str, str]) -> None:
        """Append a ``warcinfo`` record with these fields, one per line."""
        writer = self._writer()
        name = Path(self._file.name).with_suffix("").name
        self._append(writer.create_warcinfo_record(name, fields))

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

    def _writer(self) -> WARCWriter:
        if self._path is not None and self._file.tell() > ROLL_BYTES:
            self.close()
        if self._path is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{self._prefix}-{self._serial:05d}.warc.gz{OPEN}"
            self._file = path.open("x+b")
            self._path = path  # after open(): if that fails, there is nothing to close
            self._serial += 1
            self._warcio = WARCWriter(self._file, gzip=True, warc_version="1.1")
            self._warcio.write_record(
                self._warcio.create_warcinfo_record(
                    path.with_suffix("").name,
                    {
                        "software": f"thaigov/{__version__}",
                        "format": "WARC File Format 1.1",
                        "operator": self.operator,
                        "isPartOf": "thaigov archive",
                    },
                )
            )
        return self._warcio

    def _append(self, record: ArcWarcRecord) -> Place:
        offset = self._file.tell()
        name = Path(self._file.name).name.removesuffix(OPEN)
        with _naming(Path(self._file.name)):
            try:
                self._warcio.write_record(record)
                self._file.flush()
                place = Place(name, offset, self._file.tell() - offset)
                self._check(place, record)
            except BaseException:
                # A full disk or Ctrl-C leaves half a record: cut it off to keep the file valid.
                self._file.truncate(offset)
                self._file.seek(offset)
                raise
        fields = record.rec_headers
        self._last = (fields.get_header("WARC-Target-URI"), fields.get_header("WARC-Record-ID"))
        return place

    def _check(self, place: Place, record: ArcWarcRecord) -> None:
        """Read a record back.

        Raises:
            WarcError: it differs from the one written; it would fail in ``verify`` and later runs.
        """
        self._file.seek(place.offset)
        member = member_at(self._file.read(place.length), 0)
        found = None if member is None else read_record(member.content)
        expected = record.rec_headers
        digest = (expected.get_header("WARC-Payload-Digest") or "").removeprefix(DIGEST_PREFIX)
        values = (record.rec_type, expected.get_header("WARC-Target-URI"))
        if (
            found is None
            or (found.kind, found.url) != values
            or (found.date, found.digest) != (expected.get_header("WARC-Date"), digest)
        ):
            raise WarcError(f"the WARC record of {values[1]!r} does not read back unchanged")

    def _fields(self, capture: Capture) -> dict[str, str]:
        fields = {
            "WARC-Date": to_iso(capture.fetched_at),
            "WARC-Payload-Digest": DIGEST_PREFIX + capture.digest,
            ORIGIN_FIELD: capture.origin.value,
        }
        if capture.source is not None:
            fields[SOURCE_FIELD] = quote(capture.source)  # names may contain tabs and line ends
        if capture.cut is not None:
            fields[CUT_FIELD] = field_value(capture.cut)
        if capture.attachment is not None:
            fields[ATTACHMENT_FIELD] = quote(capture.attachment)
        if (scope := capture.scope or self.scope) is not Scope.ALL:
            fields[SCOPE_FIELD] = scope.value
        return fields


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Add the file name to disk errors, which lack it once the file is open."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def _record_type(capture: Capture) -> str:
    if capture.rendered:
        return "conversion"
    return "resource" if capture.status is None else "response"
