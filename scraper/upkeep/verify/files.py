"""Checks of the WARC files: every capture's record is there, and every record has its capture.

Each file is read once, from its first byte to its last, past whatever is damaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from scraper.sources import parse_address
from scraper.upkeep.verify.damage import Damage
from scraper.warc.formats import GZIP
from scraper.warc.gzip_members import map_file, member_at
from scraper.warc.own_files import OPEN, Place, files_of, locate, read_record
from scraper.warc.record import ORIGIN_FIELD, SOURCE_FIELD, WarcError
from scraper.warc.writer import NOT_MODIFIED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.warc.own_files import StoredRecord

Row = dict[str, Any]


def scan(path: Path) -> Iterator[tuple[Place, StoredRecord | None]]:
    """Yield the records of a file in order, and each stretch of bytes between that is none."""
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
                yield Place(name, done, offset - done), None
            yield Place(name, offset, member.end - offset), record
            offset = done = member.end
        if done < len(data):
            yield Place(name, done, len(data) - done), None


class FileCheck:
    """Checks the captures of one archive against its files.

    Args:
        db: the archive.
        folder: its WARC files, and perhaps those of other archives.
        archive: its name, with which the names of its files begin.
    """

    def __init__(self, db: Database, folder: Path, archive: str) -> None:
        self._db = db
        self._folder = folder
        self._archive = archive
        self._with_bytes: set[int] = set()  # captures whose record holds their payload
        self._repeats: list[Row] = []

    def damages(self) -> Iterator[Damage | None]:
        """Yield what is wrong; None for each record that is as it should be."""
        known = {file for (file,) in self._db.execute("SELECT DISTINCT warc_file FROM captures")}
        found = {path.name.removesuffix(OPEN) for path in files_of(self._folder, self._archive)}
        for file in sorted(known | found):
            yield from self._file(file)
        for row in self._repeats:
            if not self._with_bytes.intersection(self._same_bytes(row)):
                what = f"capture {row['id']} repeats one whose bytes are not there: {row['url']}"
                yield Damage("lost-original", what, row["id"])

    def _file(self, file: str) -> Iterator[Damage | None]:
        rows: dict[int, Row] = {row["warc_offset"]: row for row in self._rows(file)}
        try:
            path = locate(self._folder, file)
        except WarcError as error:
            for lost in rows.values():
                yield Damage("missing-file", f"{error}; {_named(lost)}", lost["id"])
            return
        if path.name.endswith(OPEN):
            yield Damage("unfinished-file", f"{path}: the run that wrote it did not close it")
        for place, record in scan(path):
            row = rows.pop(place.offset, None)
            if record is None:
                yield from self._no_record(path, place, row, rows)
            elif row is None:
                yield _without_row(path, place, record)
            else:
                yield self._compare(path, place, record, row)
        for left in rows.values():
            yield _unreadable(path, left)

    def _rows(self, file: str) -> Iterator[Row]:
        return self._db.query(
            "SELECT id, url, article_url, fetched_at, origin, status, content_type, digest, "
            "source, rendered, warc_offset, warc_length FROM captures WHERE warc_file = ?",
            [file],
        )

    @staticmethod
    def _no_record(
        path: Path, place: Place, row: Row | None, rows: dict[int, Row]
    ) -> Iterator[Damage]:
        """Tell which captures lost their record to a stretch of bytes, or that none did."""
        end = place.offset + place.length
        inside = [offset for offset in rows if place.offset < offset < end]
        hit = ([row] if row else []) + [rows.pop(offset) for offset in inside]
        yield from (_unreadable(path, lost) for lost in hit)
        if not hit and not path.name.endswith(OPEN):  # what a crash tore is no damage
            what = f"{path}: {place.length} bytes at offset {place.offset} are no record"
            yield Damage("stray-bytes", what, place=place)

    def _compare(self, path: Path, place: Place, record: StoredRecord, row: Row) -> Damage | None:
        told = {"url": record.url, "fetched_at": record.date, "digest": record.digest}
        wrong = {column: value for column, value in told.items() if row[column] != value}
        # The same bytes, or the same page at the same time: the record is that of the capture.
        is_its_own = "digest" not in wrong or wrong.keys() == {"digest"}
        where = f"{path}, offset {place.offset}"
        if not is_its_own or place.length != row["warc_length"]:
            what = f"{where}: {record.url} of {record.date}, not the record of {_named(row)}"
            return Damage("wrong-record", what, row["id"], place=place)
        if not wrong:
            self._note_bytes(record, row)
        wrong |= {name: value for name, value in _told(record).items() if row[name] != value}
        if (types := _content_types(record)) and row["content_type"] not in types:
            wrong["content_type"] = types[0]
        if wrong:
            what = f"{where}: {', '.join(wrong)} of the record is not that of {_named(row)}"
            return Damage("wrong-row", what, row["id"], row=wrong)
        return None

    def _note_bytes(self, record: StoredRecord, row: Row) -> None:
        if record.capture is None:
            self._repeats.append(row)
        else:
            self._with_bytes.add(row["id"])

    def _same_bytes(self, row: Row) -> set[int]:
        earlier = self._db.execute(
            "SELECT id FROM captures WHERE url = ? AND digest = ? AND id < ?",
            [row["url"], row["digest"], row["id"]],
        )
        return {number for (number,) in earlier}


def _told(record: StoredRecord) -> dict[str, Any]:
    """Return what a record says of its capture beside address, time and digest, by column."""
    address = parse_address(record.url or "")
    told: dict[str, Any] = {"article_url": None if address is None else address.url}
    if not record.is_ours:
        return told
    source = record.fields.get_header(SOURCE_FIELD)
    told |= {
        "origin": record.fields.get_header(ORIGIN_FIELD),
        "source": None if source is None else unquote(source),
        "rendered": int(record.kind == "conversion"),
    }
    # A server that says "as it was" gives a status of its own; the capture has the original's.
    if record.fields.get_header("WARC-Profile") != NOT_MODIFIED:
        told["status"] = int(record.http.get_statuscode()) if record.http else None
    return told


def _content_types(record: StoredRecord) -> list[str]:
    """Return the media types that a record names; a capture has one of them."""
    headers = record.fields if record.http is None else record.http
    return [value for name, value in headers.headers if name.lower() == "content-type"]


def _without_row(path: Path, place: Place, record: StoredRecord) -> Damage | None:
    # A repeat that a crash left without a row is not taken in: its bytes are there already.
    if record.capture is None:
        return None
    what = f"{path}, offset {place.offset}: {record.url} of {record.date} has no capture"
    return Damage("unknown-record" if record.is_ours else "foreign-record", what, place=place)


def _unreadable(path: Path, row: Row) -> Damage:
    what = f"{path}: no whole record at offset {row['warc_offset']} for {_named(row)}"
    return Damage("unreadable-record", what, row["id"])


def _named(row: Row) -> str:
    return f"capture {row['id']}, {row['url']} of {row['fetched_at']}"
