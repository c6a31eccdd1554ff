"""Captures on disk: standard WARC files, one series per run, one gzip member per record.

A file in the making ends in ``.open``; a proper close takes that off. So after a crash the next
run knows which files to look at (``scraper.archive.captures``).
What a record holds, and what it cannot promise, is in docs/decisions/0004-captures.md.

This module knows nothing of the database.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from urllib.parse import quote

from warcio.warcwriter import WARCWriter

from scraper import __version__
from scraper.clock import to_iso
from scraper.model import Scope
from scraper.warc.gzip_members import member_at
from scraper.warc.headers import field_value, status_line
from scraper.warc.record import (
    CUT_FIELD,
    DIGEST_PREFIX,
    ORIGIN_FIELD,
    SCOPE_FIELD,
    SOURCE_FIELD,
    Record,
    WarcError,
    digest_of,
    read_record,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from warcio.recordloader import ArcWarcRecord

    from scraper.model import Capture

__all__ = [
    "CUT_FIELD",
    "DIGEST_PREFIX",
    "NOT_MODIFIED",
    "OPEN",
    "ORIGIN_FIELD",
    "ROLL_BYTES",
    "SOURCE_FIELD",
    "Place",
    "Record",
    "WarcError",
    "WarcWriter",
    "digest_of",
    "files_of",
    "finish",
    "locate",
    "read_capture",
    "read_place",
    "read_record",
]

OPEN = ".open"
ROLL_BYTES = 1 << 30  # a file is closed once it is larger: 1 GiB, the custom of web archives

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


class Place(NamedTuple):
    """Where a record stands: file name inside the WARC folder, offset and length in bytes."""

    file: str
    offset: int
    length: int


class WarcWriter:
    """Appends records to the files of one run.

    Args:
        folder: where the files go; made if absent.
        run_id: row of ``runs``, part of the file names.
        started_at: when the run began, part of the file names.
        archive: name of the archive, part of the file names.
        operator: contact of whoever runs the crawl, for the ``warcinfo`` record.
        scope: which articles the run keeps, for captures that name no scope of their own.
    """

    def __init__(  # noqa: PLR0913 - each is part of a file's name or of every record
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
        self._last = ("", "")  # address and id of the last record
        self._file: BinaryIO
        self._warcio: WARCWriter

    @property
    def path(self) -> Path:
        """The file that is open, or the folder if none is."""
        return self._path or self.folder

    def write(
        self, capture: Capture, payload: bytes, headers: tuple[tuple[str, str], ...]
    ) -> Place:
        """Append a capture and return where it stands. The bytes are not yet synced.

        Args:
            capture: what to write; a ``status`` of None makes a ``resource`` record, which has no
                HTTP headers, or a ``conversion`` of the answer before it where it is rendered.
            payload: the entity as it came, content coding and all.
            headers: HTTP headers as far as they are known, in order.

        Raises:
            WarcError: the record could not be read back; nothing is written.
        """
        fields = self._fields(capture)
        if capture.cut is not None:
            fields["WARC-Truncated"] = "unspecified"
        if capture.rendered and self._last[0] == capture.url:
            fields["WARC-Refers-To"] = self._last[1]
        record = self._writer().create_warc_record(
            capture.url,
            _kind(capture),
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
        not_modified: bool = False,
    ) -> Place:
        """Append a record that says: the same bytes as those of ``seen_at`` under the same URL.

        Args:
            capture: what was seen again.
            headers: HTTP headers of the answer.
            seen_at: time of the capture that has the bytes.
            not_modified: the server said so (304), and sent no bytes to compare.
        """
        fields = self._fields(capture)
        record = self._writer().create_revisit_record(
            capture.url,
            fields.pop("WARC-Payload-Digest"),
            capture.url,
            to_iso(seen_at),
            http_headers=status_line(304 if not_modified else capture.status or 0, headers),
            warc_headers_dict=fields,
        )
        if not_modified:
            record.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED)
        return self._append(record)

    def note(self, fields: dict[str, str]) -> None:
        """Append a ``warcinfo`` record with these fields, each on one line."""
        writer = self._writer()
        name = Path(self._file.name).with_suffix("").name
        self._append(writer.create_warcinfo_record(name, fields))

    def sync(self) -> None:
        """Return once every record written so far is on the disk."""
        if self._path is not None:
            with _naming(self._path):
                self._file.flush()
                os.fsync(self._file.fileno())

    def mark_dirty(self) -> None:
        """Note that the current file may hold records that the archive does not know.

        It will be closed as a crash would leave it, so that the next run salvages them.
        """
        self._dirty = True

    def close(self) -> None:
        """Sync and close the current file under its final name; the next record opens another."""
        if self._path is not None:
            try:
                self.sync()
            finally:  # a full disk: what could be written stays for the next run to salvage
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
            self._path = path  # not before: there is nothing to close if that failed
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
                # A full disk or Ctrl-C leaves half a record: take it back, so the file stays valid.
                self._file.truncate(offset)
                self._file.seek(offset)
                raise
        fields = record.rec_headers
        self._last = (fields.get_header("WARC-Target-URI"), fields.get_header("WARC-Record-ID"))
        return place

    def _check(self, place: Place, record: ArcWarcRecord) -> None:
        """Read a record that was written.

        Raises:
            WarcError: it is not what was meant; it would stop ``verify`` and every later reading.
        """
        self._file.seek(place.offset)
        member = member_at(self._file.read(place.length), 0)
        found = None if member is None else read_record(member.content)
        meant = record.rec_headers
        digest = (meant.get_header("WARC-Payload-Digest") or "").removeprefix(DIGEST_PREFIX)
        values = (record.rec_type, meant.get_header("WARC-Target-URI"))
        if (
            found is None
            or (found.kind, found.url) != values
            or (found.date, found.digest) != (meant.get_header("WARC-Date"), digest)
        ):
            raise WarcError(f"{values[1]!r} cannot be written so that it could be read back")

    def _fields(self, capture: Capture) -> dict[str, str]:
        fields = {
            "WARC-Date": to_iso(capture.fetched_at),
            "WARC-Payload-Digest": DIGEST_PREFIX + capture.digest,
            ORIGIN_FIELD: capture.origin.value,
        }
        if capture.source is not None:
            fields[SOURCE_FIELD] = quote(capture.source)  # names hold tabs and line ends
        if capture.cut is not None:
            fields[CUT_FIELD] = field_value(capture.cut)
        if (scope := capture.scope or self.scope) is not Scope.ALL:
            fields[SCOPE_FIELD] = scope.value
        return fields


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Give errors of the disk the name of the file, which those of an open file lack."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def _kind(capture: Capture) -> str:
    if capture.rendered:
        return "conversion"
    return "resource" if capture.status is None else "response"


def files_of(folder: Path, archive: str) -> list[Path]:
    """Return the WARC files that an archive wrote, unfinished ones too, in order.

    Another archive may have its database in the same folder, and so its files beside these.
    """
    own = re.compile(rf"{re.escape(archive)}-\d{{14}}-\d{{6}}-\d{{5}}\.warc\.gz({OPEN})?")
    return sorted(path for path in folder.glob("*.warc.gz*") if own.fullmatch(path.name))


def locate(folder: Path, file: str) -> Path:
    """Return the path of a WARC file, be it closed or still open.

    Raises:
        WarcError: there is no such file.
    """
    for path in (folder / file, folder / (file + OPEN)):
        if path.is_file():
            return path
    raise WarcError(f"{folder / file}: this WARC file is missing")


def read_capture(folder: Path, place: Place) -> Capture | None:
    """Read one capture back, or None for a record without a payload (``revisit``, ``warcinfo``).

    Raises:
        WarcError: as ``read_place``.
    """
    return read_place(folder, place).capture


def read_place(folder: Path, place: Place) -> Record:
    """Read the record at a place.

    Raises:
        WarcError: the file is missing, or no whole record begins at the offset and ends where it
            should.
    """
    path = locate(folder, place.file)
    with path.open("rb") as file:
        file.seek(place.offset)
        member = member_at(file.read(place.length), 0)
    if member is None or member.end != place.length:
        raise WarcError(
            f"{path}: no readable record of {place.length} bytes at offset {place.offset}"
        )
    try:
        return read_record(member.content)
    except WarcError as error:
        raise WarcError(f"{path}, offset {place.offset}: {error}") from error


def finish(path: Path) -> None:
    """Give an unfinished file its final name; one without a whole record goes."""
    if path.stat().st_size:
        path.rename(path.with_suffix(""))
    else:
        path.unlink()  # not even the warcinfo record was whole
