"""Mends what can be mended without reading a page: indexes, schema, and where captures stand.

What it cannot mend stays as it is; another ``verify`` tells. Articles that disagree with their
captures are for the caller to read again, from the bytes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.archive.database import explained
from scraper.archive.versions import overlap, stored_versions
from scraper.clock import to_iso
from scraper.upkeep.verify.articles import wrong_dates
from scraper.upkeep.verify.tables import broken_indexes, fresh_schema, schema_faults
from scraper.warc.own_files import read_capture

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.writer import ArchiveWriter
    from scraper.model import Capture
    from scraper.upkeep.verify import Damage
    from scraper.warc.own_files import Place

Identity = tuple[str, str, str]  # url, time and digest: what makes a capture the same


def repair(writer: ArchiveWriter, folder: Path, damages: Iterable[Damage]) -> None:
    """Mend, in the archive of a writing session, what ``verify`` found.

    Args:
        writer: the writing session.
        folder: its WARC files.
        damages: what was found.
    """
    by_check: dict[str, list[Damage]] = {}
    for damage in damages:
        by_check.setdefault(damage.check, []).append(damage)
    with explained(writer.path):
        _mend_schema(writer.db)
        if "database" in by_check:
            writer.db.execute("REINDEX")
        rebuild_indexes(writer)
        with writer.db.atomic():
            for damage in by_check.get("wrong-row", ()):
                if damage.capture_id is not None:
                    writer.db.table("captures").update(damage.capture_id, damage.row)
            for damage in by_check.get("article-history", ()):
                _mend_kept(writer.db, damage.url)
            unclaimed = [*by_check.get("unknown-record", ()), *by_check.get("wrong-record", ())]
            astray = [*by_check.get("unreadable-record", ()), *by_check.get("wrong-record", ())]
            found = _read(folder, (damage.place for damage in unclaimed if damage.place))
            _point_home(writer.db, {d.capture_id for d in astray}, found)
            _take_in(writer, found)


def rebuild_indexes(writer: ArchiveWriter) -> None:
    """Rebuild the text indexes that are out of step with their tables."""
    with explained(writer.path):
        for index, _ in list(broken_indexes(writer.db.conn)):
            with writer.db.atomic():
                writer.db.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")


def mend_dates(writer: ArchiveWriter, damages: Iterable[Damage]) -> None:
    """Correct the times of articles, after their captures have been mended and read again."""
    with explained(writer.path), writer.db.atomic():
        stored = {url for (url,) in writer.db.execute("SELECT url FROM articles")}
        for url in stored & {damage.url for damage in damages}:
            for column, value in wrong_dates(writer.db, url).items():
                writer.db.execute(f"UPDATE articles SET {column} = ? WHERE url = ?", [value, url])


def _mend_kept(db: Database, url: str | None) -> None:
    """Compute anew how much of each version of an article stands in the next one."""
    for before, after in pairwise(stored_versions(db, url or "")):
        db.execute(
            "UPDATE article_revisions SET kept = ? WHERE article_id = ? AND revision = ?",
            [overlap(before, after), before["id"], before["revision"]],
        )


def waiting_or_named(db: Database, damages: Iterable[Damage]) -> frozenset[int]:
    """Return the captures to read again: those that wait, and those that damages are about."""
    ids = {number for (number,) in db.execute("SELECT id FROM captures WHERE outcome IS NULL")}
    for damage in damages:
        if damage.row is not None and damage.capture_id is not None:
            ids.add(damage.capture_id)
        if damage.url is not None:
            told = db.execute(
                "SELECT id FROM captures WHERE article_url = :url OR url = :url",
                {"url": damage.url},
            )
            ids |= {number for (number,) in told}
    return frozenset(ids)


def _mend_schema(db: Database) -> None:
    """Make absent parts of the schema anew; tables that differ hold data and are left alone."""
    made = fresh_schema()
    with db.atomic():
        for name, _ in list(schema_faults(db)):
            kind, sql = made[name]
            if kind != "table":
                db.execute(f"DROP {kind} IF EXISTS {name}")
            if name not in db.table_names():
                db.execute(sql)


def _read(folder: Path, places: Iterable[Place]) -> dict[Identity, tuple[Place, Capture]]:
    """Return the captures that stand at places, by what makes them the same."""
    found = {}
    for place in places:
        if (capture := read_capture(folder, place)) is not None:
            found[capture.url, to_iso(capture.fetched_at), capture.digest] = (place, capture)
    return found


def _point_home(
    db: Database, astray: set[int | None], found: dict[Identity, tuple[Place, Capture]]
) -> None:
    """Point captures that stand elsewhere than their row says at their own records."""
    home = {}
    for number in astray:
        row = db.execute("SELECT url, fetched_at, digest FROM captures WHERE id = ?", [number])
        identity = row.fetchone()
        if identity in found:
            home[number] = found[identity][0]
    # Two may stand in each other's place: all leave before any arrives.
    db.conn.executemany(
        "UPDATE captures SET warc_offset = -1 - id WHERE id = ?", [[number] for number in home]
    )
    for number, place in home.items():
        db.execute(
            "UPDATE captures SET warc_file = ?, warc_offset = ?, warc_length = ? WHERE id = ?",
            [*place, number],
        )


def _take_in(writer: ArchiveWriter, found: dict[Identity, tuple[Place, Capture]]) -> None:
    """Give a row to each record that has none."""
    for place, capture in found.values():
        row = writer.db.execute(
            "SELECT 1 FROM captures WHERE warc_file = ? AND warc_offset = ?",
            [place.file, place.offset],
        )
        if row.fetchone() is None:
            writer.captures.adopt(capture, place)
