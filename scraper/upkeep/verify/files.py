"""Checks the WARC files: every capture has its record, and every record has its capture.

Each file is read once from beginning to end; damaged parts are skipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from scraper.archive.capture_reader import same_bytes
from scraper.model import Origin
from scraper.sources import parse_address
from scraper.upkeep.verify.damage import Damage
from scraper.warc.formats import GZIP
from scraper.warc.gzip_members import map_file, member_at
from scraper.warc.make_record import NOT_MODIFIED
from scraper.warc.own_files import OPEN, RecordPlace, files_of, locate, read_record
from scraper.warc.record import ATTACHMENT_FIELD, ORIGIN_FIELD, SOURCE_FIELD, WarcError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.versions import Row
    from scraper.warc.own_files import StoredRecord


def scan_records(path: Path) -> Iterator[tuple[RecordPlace, StoredRecord | None]]:
    """Yield the records of a file in order, and None for each gap of other bytes."""
    name = path.name.removesuffix(OPEN)
    with map_file(path) as data:
        offset = done = 0
        while offset < len(data):
            member = member_at(data, offset)
            try:
                record = None if member is None else read_record(member.content)
            except WarcError:
                record = None
            if member is None or record is None:
                found = data.find(GZIP, offset + 1)
                offset = len(data) if found < 0 else found
                continue
            if done < offset:
                yield RecordPlace(name, done, offset - done), None
            yield RecordPlace(name, offset, member.end - offset), record
            offset = done = member.end
        if done < len(data):
            yield RecordPlace(name, done, len(data) - done), None


class FileCheck:
    """Compares the captures of one archive with its WARC files.

    Args:
        db: the archive.
        folder: its WARC files, perhaps among those of other archives.
        archive: its name; the names of its files begin with it.
    """

    def __init__(self, db: Database, folder: Path, archive: str) -> None:
        self._db = db
        self._folder = folder
        self._archive = archive
        self._with_bytes: set[int] = set()  # captures whose record holds their payload
        self._repeats: list[Row] = []
        self._sound: set[int] = set()  # captures whose record is where their row says
        # Damage of records without a row, and the captures that they may be copies of.
        self._copies: list[tuple[Damage, set[int]]] = []

    def damages(self) -> Iterator[Damage | None]:
        """Yield the damage, and None for each sound record."""
        known = {file for (file,) in self._db.execute("SELECT DISTINCT warc_file FROM captures")}
        found = {path.name.removesuffix(OPEN) for path in files_of(self._folder, self._archive)}
        for file in sorted(known | found):
            yield from self._file_damages(file)
        for damage, captures in self._copies:
            if not self._sound & captures:
                yield damage
        for row in self._repeats:
            if not self._with_bytes.intersection(self._same_bytes(row)):
                detail = f"the bytes that capture {row['id']} repeats are missing: {row['url']}"
                yield Damage("lost-original", detail, row["id"])

    def _file_damages(self, file: str) -> Iterator[Damage | None]:
        rows: dict[int, Row] = {row["warc_offset"]: row for row in self._rows(file)}
        try:
            path = locate(self._folder, file)
        except WarcError as error:
            for lost in rows.values():
                yield Damage("missing-file", f"{error}; {_capture_name(lost)}", lost["id"])
            return
        if path.name.endswith(OPEN):
            yield Damage("unfinished-file", f"{path}: it was not closed by the run that wrote it")
        for place, record in scan_records(path):
            row = rows.pop(place.offset, None)
            if record is None:
                yield from self._gap_damages(path, place, row, rows)
            elif row is None:
                yield self._rowless(_missing_row(path, place, record), record)
            else:
                yield self._compare(path, place, record, row)
        for left in rows.values():
            yield _unreadable_record(path, left)

    def _rows(self, file: str) -> Iterator[Row]:
        return self._db.query(
            "SELECT id, url, article_url, attachment_url, attachment_url AS attachment, "
            "fetched_at, origin, status, content_type, digest, source, rendered, warc_offset, "
            "warc_length FROM captures WHERE warc_file = ?",
            [file],
        )

    @staticmethod
    def _gap_damages(
        path: Path, place: RecordPlace, row: Row | None, rows: dict[int, Row]
    ) -> Iterator[Damage]:
        """Yield the captures whose record should be in a gap, or else the gap itself."""
        end = place.offset + place.length
        inside = [offset for offset in rows if place.offset < offset < end]
        lost = ([row] if row else []) + [rows.pop(offset) for offset in inside]
        yield from (_unreadable_record(path, each) for each in lost)
        if not lost and not path.name.endswith(OPEN):  # a record that a crash cut short
            detail = f"{path}: {place.length} bytes at offset {place.offset} are not a record"
            yield Damage("stray-bytes", detail, place=place)

    def _compare(
        self, path: Path, place: RecordPlace, record: StoredRecord, row: Row
    ) -> Damage | None:
        identity = {"url": record.url, "fetched_at": record.date, "digest": record.digest}
        wrong = _wrong_columns(row, identity)
        # With the same bytes, or the same page and time, it is the capture's own record.
        is_own = "digest" not in wrong or wrong.keys() == {"digest"}
        where = f"{path}, offset {place.offset}"
        if not is_own or place.length != row["warc_length"]:
            detail = (
                f"{where}: a record of {record.url} at {record.date} instead of "
                f"{_capture_name(row)}"
            )
            return Damage("wrong-record", detail, row["id"], place=place)
        if not wrong:
            self._sound.add(row["id"])
            self._note_bytes(record, row)
        wrong |= _wrong_columns(row, _record_columns(record))
        if (types := _content_types(record)) and row["content_type"] not in types:
            wrong["content_type"] = types[0]
        if wrong:
            columns = ", ".join(wrong)
            detail = f"{where}: {columns} of the record differ from {_capture_name(row)}"
            return Damage("wrong-row", detail, row["id"], row=wrong)
        return None

    def _rowless(self, damage: Damage | None, record: StoredRecord) -> Damage | None:
        """Return the damage of a record without a row, unless its capture may be elsewhere."""
        captures = self._same_captures(record)
        if damage is None or not captures:
            return damage
        self._copies.append((damage, captures))
        return None

    def _same_captures(self, record: StoredRecord) -> set[int]:
        """Return the other captures that a record may belong to, as after joining archives."""
        timeless = record.fields.get_header(ORIGIN_FIELD) == Origin.CORPUS
        found = self._db.execute(
            "SELECT id FROM captures WHERE url = ? AND digest = ? AND origin = ? "
            "AND fetched_at = coalesce(?, fetched_at)",
            [
                record.url,
                record.digest,
                record.fields.get_header(ORIGIN_FIELD),
                None if timeless else record.date,
            ],
        )
        return {number for (number,) in found}

    def _note_bytes(self, record: StoredRecord, row: Row) -> None:
        if record.capture is None:
            self._repeats.append(row)
        else:
            self._with_bytes.add(row["id"])

    def _same_bytes(self, row: Row) -> set[int]:
        earlier = self._db.execute(
            f"SELECT id FROM captures WHERE {same_bytes(row)} AND id < :id", row
        )
        return {number for (number,) in earlier}


def _wrong_columns(row: Row, expected: Row) -> Row:
    """Return the expected columns whose value in a row is another one."""
    return {column: value for column, value in expected.items() if row[column] != value}


def _record_columns(record: StoredRecord) -> Row:
    """Return the columns of a capture that its record holds, besides url, time and digest."""
    address = parse_address(record.url or "")
    columns: Row = {"article_url": None if address is None else address.url}
    if not record.is_ours:
        return columns
    source, attachment = map(record.fields.get_header, (SOURCE_FIELD, ATTACHMENT_FIELD))
    if attachment is not None:
        columns["article_url"] = None
    columns |= {
        "attachment_url": None if attachment is None else unquote(attachment),
        "origin": record.fields.get_header(ORIGIN_FIELD),
        "source": None if source is None else unquote(source),
        "rendered": int(record.kind == "conversion"),
    }
    # The record of a "304 Not Modified" has that status; the capture has the original's.
    if record.fields.get_header("WARC-Profile") != NOT_MODIFIED:
        columns["status"] = int(record.http.get_statuscode()) if record.http else None
    return columns


def _content_types(record: StoredRecord) -> list[str]:
    """Return the media types of a record; its capture has one of them."""
    headers = record.fields if record.http is None else record.http
    return [value for name, value in headers.headers if name.lower() == "content-type"]


def _missing_row(path: Path, place: RecordPlace, record: StoredRecord) -> Damage | None:
    if record.capture is None:  # a repeat without a row after a crash; its bytes are stored once
        return None
    detail = f"{path}, offset {place.offset}: {record.url} at {record.date} has no capture"
    return Damage("unknown-record" if record.is_ours else "foreign-record", detail, place=place)


def _unreadable_record(path: Path, row: Row) -> Damage:
    detail = f"{path}: no whole record at offset {row['warc_offset']} for {_capture_name(row)}"
    return Damage("unreadable-record", detail, row["id"])


def _capture_name(row: Row) -> str:
    return f"capture {row['id']}, {row['url']} at {row['fetched_at']}"
