"""Names and reads the WARC files that an archive wrote itself: one gzip member per record.

A file that is being written ends in ``.open``; closing it properly removes the suffix. After a
crash the next run recognises it by that suffix (``scraper.archive.captures.salvage_records``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.warc.convert import scope_of, to_capture, warc_date
from scraper.warc.gzip_members import member_at
from scraper.warc.record import CUT_FIELD, DIGEST_PREFIX, ORIGIN_FIELD, WarcError
from scraper.warc.records import read_first_record

if TYPE_CHECKING:
    from pathlib import Path

    from warcio.statusandheaders import StatusAndHeaders

    from scraper.model import Capture, Scope

OPEN = ".open"
_WITH_PAYLOAD = frozenset({"response", "resource", "conversion"})


class RecordPlace(NamedTuple):
    """Where a record is: file name inside the WARC folder, offset and length in bytes."""

    file: str
    offset: int
    length: int


class StoredRecord(NamedTuple):
    """A record of an archive's own file.

    Attributes:
        kind: ``warcinfo``, ``response``, ``resource``, ``revisit`` and so on.
        url: address of the page; None in a ``warcinfo``.
        date: ``WARC-Date``, an ISO date.
        digest: SHA-256 of the payload; in a ``revisit``, of the payload it repeats.
        is_ours: written by this program.
        cut: why its payload, or the one it repeats, is incomplete; None if it is complete.
        scope: of the run that wrote it, if that did not keep every article.
        capture: None for a record without a payload.
        fields: the record's own header.
        http: status line and headers of the HTTP answer, if it is one.
    """

    kind: str
    url: str | None
    date: str | None
    digest: str | None
    is_ours: bool
    cut: str | None
    scope: Scope | None
    capture: Capture | None
    fields: StatusAndHeaders
    http: StatusAndHeaders | None


def files_of(folder: Path, archive: str) -> list[Path]:
    """Return the WARC files that an archive wrote, unfinished ones too, in order.

    Another archive may have its database in the same folder, and so its files beside these.
    """
    own = re.compile(rf"{re.escape(archive)}-\d{{14}}-\d{{6}}-\d{{5}}\.warc\.gz({OPEN})?")
    return sorted(path for path in folder.glob("*.warc.gz*") if own.fullmatch(path.name))


def locate(folder: Path, file: str) -> Path:
    """Return the path of a WARC file, whether it is closed or still open.

    Raises:
        WarcError: there is no such file.
    """
    for path in (folder / file, folder / (file + OPEN)):
        if path.is_file():
            return path
    raise WarcError(f"{folder / file}: this WARC file is missing")


def finish(path: Path) -> None:
    """Give an unfinished file its final name; delete it if it is empty."""
    if path.stat().st_size:
        path.rename(path.with_suffix(""))
    else:
        path.unlink()  # not even the warcinfo record was complete


def read_capture(folder: Path, place: RecordPlace) -> Capture | None:
    """Return the capture at a place, None for a record without a payload.

    Raises:
        WarcError: as ``read_place``.
    """
    return read_place(folder, place).capture


def read_place(folder: Path, place: RecordPlace) -> StoredRecord:
    """Return the record at a place.

    Raises:
        WarcError: the file is missing, or there is no complete record of this offset and length.
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


def read_record(content: bytes) -> StoredRecord:
    """Parse the content of a gzip member.

    Raises:
        WarcError: it is not a record that this program could have written.
    """
    try:
        record = read_first_record(content)
        fields = record.fields
        if (date := fields.get_header("WARC-Date")) is not None:
            warc_date(date)
        has_payload = record.kind in _WITH_PAYLOAD
        capture = to_capture(record, own=True).incoming.capture if has_payload else None
    except Exception as error:  # warcio raises many kinds for damaged bytes
        raise WarcError(f"a gzip member without a readable record ({error})") from error
    declared = fields.get_header("WARC-Payload-Digest") or ""
    return StoredRecord(
        record.kind,
        fields.get_header("WARC-Target-URI"),
        date,
        capture.digest if capture else declared.removeprefix(DIGEST_PREFIX),
        fields.get_header(ORIGIN_FIELD) is not None,
        capture.cut if capture else fields.get_header(CUT_FIELD),
        scope_of(fields),
        capture,
        fields,
        record.http,
    )
