"""Writes imported files as Parquet parts, for collections that have outgrown one SQLite writer.

Each part has some hundred captures with their articles and facts, in the tables and types of
``thaigov export parquet``. It is built as a small archive in memory, so the same code fills it; on
a cluster the workers build and write it. Ids are computed from addresses, so they are the same in
all parts. A part's name is computed from its captures, so an existing part is skipped and a killed
run can continue.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from scraper.archive.captures import CaptureStore, capture_identity
from scraper.archive.errors import ArchiveError, DiskError
from scraper.archive.publishing import remove
from scraper.archive.runs import begin_run
from scraper.archive.schema import load_names, migrations
from scraper.archive.store import ArticleStore
from scraper.clock import now
from scraper.export.arrow import ParquetTable
from scraper.export.model import Role
from scraper.export.parquet import NO_YEAR
from scraper.export.selection import ExportQuery, NothingFoundError, Selection
from scraper.export.tables import captures_table, exported_tables, is_reference_table
from scraper.stages.batches import in_order, read_pages
from scraper.stages.jobs import ReadPages
from scraper.warc.own_files import RecordPlace
from scraper.warc.writer import WarcWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scraper.export.model import Row, Table
    from scraper.model import Capture, Page, Scope
    from scraper.stages.cluster import Cluster

DONE = "_parts"  # a folder that Spark and Hive pass over: what is done, and what is being made
CAPTURES_IN_PART, BYTES_IN_PART = 500, 16 << 20
RELATED = "related_articles"  # depends on all articles, and a part knows only its own
ID_BITS = 63
_NOWHERE = Path()


def part_name(captures: Iterable[Capture]) -> str:
    """Return the name of the part with these captures; it depends on nothing else."""
    lines = json.dumps([capture_identity(capture) for capture in captures])
    return sha256(lines.encode()).hexdigest()[:16]


def stable_id(text: str) -> int:
    """Return the id of an article from its address: the same in all parts."""
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") >> (64 - ID_BITS)


@dataclass(frozen=True)
class PartWriter:
    """Writes a part from pages and returns how many captures had each outcome.

    Attributes:
        out: the folder of all parts, which every worker sees.
        scope: which articles are kept.
    """

    out: Path
    scope: Scope

    def __call__(self, pages: Sequence[Page]) -> dict[str, int]:
        """Write a part.

        Raises:
            DiskError: a file cannot be written; the part is not there.
        """
        name = part_name(page.capture for page in pages)
        making = self.out / DONE / f"{name}.making"
        try:
            with suppress(FileNotFoundError):
                remove(making)  # of a killed run
            making.mkdir(parents=True)
            with closing(sqlite3.connect(":memory:")) as connection:
                db = _empty_archive(connection)
                counts = _store(db, pages, self.scope)
                _write_tables(db, making, name)
            for file in sorted(making.rglob("*.parquet")):
                target = self.out / file.relative_to(making)
                target.parent.mkdir(parents=True, exist_ok=True)
                file.replace(target)
            (making / "counts").write_text(json.dumps(counts))
            (making / "counts").replace(self.out / DONE / f"{name}.json")
            remove(making)
        except OSError as error:
            raise DiskError(
                f"{self.out}: a part cannot be written ({error.strerror or error}); those that are "
                f"there are complete. Run the command again"
            ) from error
        return counts


def write_parts(
    captures: Iterable[Capture], out: Path, workers: int, scope: Scope, cluster: Cluster | None
) -> Iterator[dict[str, int]]:
    """Read captures and write them as parts; yield the counts of each part.

    Args:
        captures: consumed lazily.
        out: a folder of parts, or a path where none is yet.
        workers: processes that read pages, while this one writes the parts.
        scope: which articles are kept.
        cluster: reads and writes instead.

    Raises:
        ArchiveError: ``out`` has other files, or cannot be written.
        WorkerError: no worker can read pages.
    """
    if out.exists() and not (out / DONE).is_dir() and (not out.is_dir() or any(out.iterdir())):
        raise ArchiveError(f"{out} exists and has no parts of an import; choose another folder")
    write, known = PartWriter(out.absolute(), scope), Counter[str]()
    _write_reference_tables(write.out)
    batches = _batches(captures, write.out, known)
    if cluster is None:
        # Closed here, or the workers would live as long as the error that a full disk raises.
        with closing(read_pages(batches, workers)) as read:
            for pages in read:
                yield write(pages)
    else:
        with closing(in_order(batches, cluster.pool_with(ReadPages(), write))) as written:
            for made in written:
                yield from made
    yield dict(known)


def _batches(
    captures: Iterable[Capture], out: Path, known: Counter[str]
) -> Iterator[list[Capture]]:
    """Yield the captures of each missing part; pass on the counts of existing parts."""
    for batch in _grouped(captures):
        done = out / DONE / f"{part_name(batch)}.json"
        if done.exists():
            known.update({"unchanged": sum(json.loads(done.read_text()).values())})
        else:
            yield batch


def _grouped(captures: Iterable[Capture]) -> Iterator[list[Capture]]:
    """Yield captures in lists of bounded length and size, numbered from 1 in each."""
    batch: list[Capture] = []
    size = 0
    for capture in captures:
        batch.append(capture.model_copy(update={"id": len(batch) + 1}))
        size += len(capture.body)
        if len(batch) >= CAPTURES_IN_PART or size >= BYTES_IN_PART:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@cache
def _template() -> bytes:
    """Return an empty archive, as the bytes of its file."""
    with closing(sqlite3.connect(":memory:")) as connection:
        db = Database(connection)
        migrations.apply(db)
        load_names(db)
        begin_run(db, "import", {}, now())
        # Those of the text indexes and of related articles, which parts do not have.
        triggers = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'article%'"
        ).fetchall()
        for (name,) in triggers:
            db.execute(f"DROP TRIGGER {name}")
        connection.commit()
        return connection.serialize()


def _empty_archive(connection: sqlite3.Connection) -> Database:
    connection.deserialize(_template())
    connection.execute("PRAGMA foreign_keys = ON")
    return Database(connection)


def _store(db: Database, pages: Sequence[Page], scope: Scope) -> dict[str, int]:
    counts: Counter[str] = Counter()
    with db.atomic():
        # No WARC file: the bytes stay in the files that are imported.
        captures = CaptureStore(db, _NOWHERE, WarcWriter(_NOWHERE, 1, now()), 1)
        articles = ArticleStore(db, 1, scope)
        for number, page in enumerate(pages):
            stored = captures.insert_row(page.capture, RecordPlace("", number, 0))
            counts[articles.save(page, repeat=captures.is_repeat(stored))] += 1
    return dict(counts)


def _write_tables(db: Database, folder: Path, name: str) -> None:
    def path_of(table: Table, year: int | None) -> Path:
        if table.role is Role.ENTITIES:
            return folder / table.name / f"part-{name}.parquet"
        return folder / table.name / f"year={year or NO_YEAR}" / f"part-{name}.parquet"

    ids = {number: stable_id(url) for number, url in db.execute("SELECT id, url FROM articles")}
    with suppress(NothingFoundError):
        selection = Selection(db, ExportQuery())
        tables = [table for table in selection.tables if table.name != RELATED]
        for table in tables:
            if table.role is Role.ENTITIES and is_reference_table(table.name):
                continue
            with ParquetTable(table, path_of) as file:
                if table.role is Role.ENTITIES:
                    file.write(selection.entity_rows(table))
                else:
                    for batch in selection.batches():
                        rows = selection.rows(table, batch)
                        file.write(_with_stable_ids(table, rows, ids), batch.year)
                if file.paths:
                    file.finish()
    captures = captures_table(db)
    at = captures.names.index("fetched_at")
    rows = [captures.typed(row) for row in db.execute(f"SELECT {captures.source}")]
    with ParquetTable(captures, path_of) as file:
        for row in sorted(rows, key=lambda row: row[at][:4]):
            file.write([row], int(row[at][:4]))
        file.finish()


def _with_stable_ids(table: Table, rows: Iterable[Row], ids: dict[int, int]) -> Iterator[Row]:
    """Yield rows with the ids that their articles have in all parts."""
    is_article = table.role is Role.ARTICLES
    for row in rows:
        values: dict[str, Any] = dict(zip(table.names, row, strict=True))
        number = ids[values["id" if is_article else "article_id"]]
        values["id" if is_article else "article_id"] = number
        if not is_article and "id" in values:  # of a fact: numbered within its part
            values["id"] = stable_id(f"{table.name} {number} {values['id']}")
        yield tuple(values.values())


def _write_reference_tables(out: Path) -> None:
    """Write the names of ministries, agencies and places, once for all parts."""

    def path_of(table: Table, _year: int | None) -> Path:
        return out / table.name / "part-0.parquet"

    (out / DONE).mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(":memory:")) as connection:
        db = _empty_archive(connection)
        for table in exported_tables(db):
            if is_reference_table(table.name):
                with ParquetTable(table, path_of) as file:
                    file.write(map(table.typed, db.execute(f"SELECT {table.source}")))
                    file.finish()
