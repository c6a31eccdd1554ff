"""Repairs what can be fixed without parsing pages: schema, indexes, captures' rows and places.

What it cannot repair is left alone, and the next ``verify`` reports it again. The caller reads
articles that disagree with their captures again from the bytes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.archive.attachment_rows import link_files
from scraper.archive.errors import explain_errors
from scraper.archive.related import rebuild_related
from scraper.archive.related_tables import RELATED_OBJECTS
from scraper.archive.versions import overlap, stored_versions
from scraper.clock import to_iso
from scraper.upkeep.verify.articles import things_by_name, wrong_dates
from scraper.upkeep.verify.tables import broken_indexes, fresh_schema, schema_faults
from scraper.warc.own_files import read_capture

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.writer import ArchiveWriter
    from scraper.model import Capture
    from scraper.upkeep.verify import Damage
    from scraper.warc.own_files import RecordPlace

    # By url, time and digest, which together identify a capture.
    _Records = dict[tuple[str, str, str], tuple[RecordPlace, Capture]]


def repair(writer: ArchiveWriter, folder: Path, damages: Iterable[Damage]) -> None:
    """Repair what ``verify`` found.

    Args:
        writer: of the damaged archive.
        folder: its WARC files.
        damages: what was found.
    """
    by_check: dict[str, list[Damage]] = {}
    for damage in damages:
        by_check.setdefault(damage.check, []).append(damage)
    with explain_errors(writer.path):
        _repair_schema(writer.db)
        if "database" in by_check:
            writer.db.execute("REINDEX")
        rebuild_indexes(writer)
        with writer.db.atomic():
            if "related" in by_check or any(map(_is_about_related, by_check.get("schema", ()))):
                rebuild_related(writer.db)
            for damage in by_check.get("wrong-row", ()):
                if damage.capture_id is not None:
                    writer.db.table("captures").update(damage.capture_id, damage.row)
            for damage in by_check.get("article-history", ()):
                _repair_overlaps(writer.db, damage.url)
            wrong_records = by_check.get("wrong-record", [])
            unclaimed = [*by_check.get("unknown-record", ()), *wrong_records]
            misplaced = [*by_check.get("unreadable-record", ()), *wrong_records]
            found = _read_records(folder, (damage.place for damage in unclaimed if damage.place))
            _relocate(writer.db, {damage.capture_id for damage in misplaced}, found)
            _insert_missing(writer, found)
            if "fact-names" in by_check:
                _remove_misnamed(writer.db)
            if "attachment-links" in by_check:  # last, since it depends on the captures
                writer.db.execute("DELETE FROM attachment_files")
                link_files(writer.db, "1", ())


def _is_about_related(damage: Damage) -> bool:
    name, _, _ = damage.detail.partition(" ")
    return name in RELATED_OBJECTS


def rebuild_indexes(writer: ArchiveWriter) -> None:
    """Rebuild the text indexes that do not match their tables."""
    with explain_errors(writer.path):
        for index, _ in list(broken_indexes(writer.db.conn)):
            with writer.db.atomic():
                writer.db.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")


def repair_dates(writer: ArchiveWriter, damages: Iterable[Damage]) -> None:
    """Correct the times of articles, once their captures are repaired and read again."""
    with explain_errors(writer.path), writer.db.atomic():
        stored = {url for (url,) in writer.db.execute("SELECT url FROM articles")}
        for url in stored & {damage.url for damage in damages}:
            for column, value in wrong_dates(writer.db, url).items():
                writer.db.execute(f"UPDATE articles SET {column} = ? WHERE url = ?", [value, url])


def captures_to_reread(db: Database, damages: Iterable[Damage]) -> frozenset[int]:
    """Return the captures that no run has read yet and those that damages are about."""
    ids = {
        capture_id for (capture_id,) in db.execute("SELECT id FROM captures WHERE outcome IS NULL")
    }
    for damage in damages:
        if damage.row is not None and damage.capture_id is not None:
            ids.add(damage.capture_id)
        if damage.url is not None:
            of_article = db.execute(
                "SELECT id FROM captures WHERE article_url = :url OR url = :url",
                {"url": damage.url},
            )
            ids |= {capture_id for (capture_id,) in of_article}
    return frozenset(ids)


def _remove_misnamed(db: Database) -> None:
    """Remove what has a wrong name, and its mentions, so that their articles are read again."""
    for kind, things in things_by_name():
        key = things.columns[0]
        rows = db.execute(f"SELECT {key}, {things.label} FROM {things.table}").fetchall()
        wrong = [
            [stored] for stored, name in rows if things.key_of and things.key_of(name) != stored
        ]
        db.conn.executemany(f"DELETE FROM {kind.table} WHERE {kind.key} = ?", wrong)
        db.conn.executemany(f"DELETE FROM {things.table} WHERE {key} = ?", wrong)


def _repair_overlaps(db: Database, url: str | None) -> None:
    """Recompute how much of each version of an article the next one still contains."""
    for before, after in pairwise(stored_versions(db, url or "")):
        db.execute(
            "UPDATE article_revisions SET kept = ? WHERE article_id = ? AND revision = ?",
            [overlap(before, after), before["id"], before["revision"]],
        )


def _repair_schema(db: Database) -> None:
    """Create what is missing and recreate what differs, except tables, which hold data."""
    fresh = fresh_schema()
    with db.atomic():
        for name, _ in list(schema_faults(db)):
            kind, sql = fresh[name]
            if kind != "table":
                db.execute(f"DROP {kind} IF EXISTS {name}")
            if name not in db.table_names():
                db.execute(sql)


def _read_records(folder: Path, places: Iterable[RecordPlace]) -> _Records:
    """Return the captures at some places, by identity."""
    found: _Records = {}
    for place in places:
        if (capture := read_capture(folder, place)) is not None:
            found[capture.url, to_iso(capture.fetched_at), capture.digest] = (place, capture)
    return found


def _relocate(db: Database, misplaced: set[int | None], found: _Records) -> None:
    """Point the rows of captures at the places where their records were found."""
    places = {}
    for capture_id in misplaced:
        row = db.execute("SELECT url, fetched_at, digest FROM captures WHERE id = ?", [capture_id])
        identity = row.fetchone()
        if identity in found:
            places[capture_id] = found[identity][0]
    # Two captures may have each other's place, which must be unique: free all places first.
    db.conn.executemany(
        "UPDATE captures SET warc_offset = -1 - id WHERE id = ?", [[key] for key in places]
    )
    for capture_id, place in places.items():
        db.execute(
            "UPDATE captures SET warc_file = ?, warc_offset = ?, warc_length = ? WHERE id = ?",
            [*place, capture_id],
        )


def _insert_missing(writer: ArchiveWriter, found: _Records) -> None:
    """Add a row for each record that has none."""
    for place, capture in found.values():
        row = writer.db.execute(
            "SELECT 1 FROM captures WHERE warc_file = ? AND warc_offset = ?",
            [place.file, place.offset],
        )
        if row.fetchone() is None:
            writer.captures.insert_row(capture, place)
