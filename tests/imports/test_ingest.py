"""Imports give the same archive for any number of workers, any grouping, and after any kill."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from scraper import timing
from scraper.archive import bulk, bulk_index
from scraper.archive.digests import altered_tables
from scraper.archive.writer import ArchiveWriter
from scraper.imports import ingest as ingest_module
from scraper.imports.ingest import ingest
from scraper.model import Incoming, Page
from scraper.stages.in_process import pure_stages, run_stages
from scraper.stages.jobs import PrepareCaptures
from scraper.warc.record import digest_of
from tests.archive_dump import assert_sound, content
from tests.factories import FIRST, SECOND, make_corpus_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.archive.prepared import PreparedCapture

# Facts of several kinds; an edit, the same bytes again, a page without an article, another order.
_RICH = (
    "นายสมใจ ใจดี รองปลัดกระทรวงอุตสาหกรรม เปิดงานที่จังหวัดชลบุรี วงเงิน 5 ล้านบาท "
    "ตามพระราชบัญญัติโรงงาน พ.ศ. 2535 โทร. 0 2430 6999 #โรงงาน"
)
FILES = [
    *(make_corpus_file(number, f"{_RICH} {FIRST} {number}") for number in range(1, 31)),
    make_corpus_file(3, SECOND, day=2),
    make_corpus_file(4, SECOND, day=-1),
    make_corpus_file(5, f"{_RICH} {FIRST} 5"),
    make_corpus_file(6, f"{_RICH} {FIRST} 6", day=4),
    make_corpus_file(40).model_copy(update={"body": b"\xff\xfe", "digest": digest_of(b"\xff\xfe")}),
    *(make_corpus_file(number, f"{_RICH} {SECOND} {number}") for number in range(50, 70)),
]
INTERNAL = {
    "digests": "SELECT article_id, digests FROM _article_digests ORDER BY 1",
    "signatures": "SELECT * FROM _article_signatures ORDER BY 1",
    "fingerprints": "SELECT * FROM _fingerprints ORDER BY 1, 2, 3",
    "related": "SELECT * FROM related_articles ORDER BY 1, 2",
    "people": "SELECT * FROM people ORDER BY 1",
    "ids": "SELECT id, url, capture_id, first_seen_at, last_seen_at, changed_at "
    "FROM articles ORDER BY 1",
    "captures": "SELECT id, url, article_url, digest, outcome, content_hash "
    "FROM captures ORDER BY 1",
    "counts": "SELECT captures, bytes, new, changed, unchanged, unparsed, problems FROM runs",
    "terms": "SELECT term, doc, col, offset FROM terms ORDER BY 1, 2, 3, 4",
    "words": "SELECT term, doc, col, offset FROM words ORDER BY 1, 2, 3, 4",
    "schema": "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2",
}


def everything(db: Path) -> dict[str, Any]:
    """Return every table of an archive but the times and ids of its runs."""
    with closing(sqlite3.connect(db)) as connection:
        for name, index in (("terms", "articles_fts"), ("words", "article_words_fts")):
            connection.execute(
                f"CREATE VIRTUAL TABLE temp.{name} USING fts5vocab(main, {index}, instance)"
            )
        rows = {name: connection.execute(sql).fetchall() for name, sql in INTERNAL.items()}
    return content(db) | rows


def imported(db: Path, workers: int = 0) -> dict[str, Any]:
    with ArchiveWriter(db, "test", {}) as writer:
        ingest(writer, map(Incoming, FILES), workers=workers)
    assert_sound(db)
    return everything(db)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what an import without workers gives."""
    return imported(tmp_path_factory.mktemp("expected") / "a.db")


@pytest.fixture(scope="module")
def prepared(
    tmp_path_factory: pytest.TempPathFactory,
) -> list[tuple[Incoming, PreparedCapture]]:
    with ArchiveWriter(tmp_path_factory.mktemp("shapes") / "a.db", "test", {}) as writer:
        work = PrepareCaptures(writer.articles.shapes).load()
    return [(Incoming(capture), work(Incoming(capture))) for capture in FILES]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_archive_is_the_same_for_any_number_of_workers(
    db_path: Path, expected: dict[str, Any], workers: int
) -> None:
    times = timing.start()
    try:
        assert imported(db_path, workers) == expected
    finally:
        timing.stop()
    assert {"parse", "words", "facts", "prepare rows", "make WARC record"} <= set(times.workers)
    assert {"read files", "insert rows", "index articles"} <= set(times.here)
    assert len(expected["articles"]) == 50
    assert len(expected["article_revisions"]) == 2


@pytest.mark.parametrize("size", [1, 3, 20, 1000])
def test_the_archive_is_the_same_for_any_size_of_the_transactions(
    db_path: Path,
    expected: dict[str, Any],
    prepared: list[tuple[Incoming, PreparedCapture]],
    size: int,
) -> None:
    with ArchiveWriter(db_path, "test", {}) as writer:
        for start in range(0, len(prepared), size):
            writer.store(prepared[start : start + size])
    assert everything(db_path) == expected


def test_storing_page_by_page_as_a_crawl_does_gives_the_same(
    db_path: Path, expected: dict[str, Any]
) -> None:
    stages = pure_stages()
    with ArchiveWriter(db_path, "test", {}) as writer:
        for file in FILES:
            new, _ = writer.split_known([Incoming(file)])
            for capture in writer.capture(new):
                writer.save([run_stages(stages, Page(capture=capture))])
    assert everything(db_path) == expected


def test_digests_computed_by_a_worker_are_those_of_the_stored_rows(
    db_path: Path, expected: dict[str, Any]
) -> None:
    assert imported(db_path) == expected
    with ArchiveWriter(db_path, "test", {}) as writer:
        assert not any(altered_tables(writer.db, number) for number in range(1, 51))


def test_a_second_import_changes_nothing(db_path: Path, expected: dict[str, Any]) -> None:
    imported(db_path)
    with ArchiveWriter(db_path, "test", {}) as writer:
        ingest(writer, map(Incoming, FILES), workers=0)
        assert writer.counts["unchanged"] == len(FILES)
        assert writer.counts["captures"] == 0
    again = everything(db_path)
    again["counts"] = again["counts"][:1]
    assert again == expected


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_before_rows(calls: Iterator[int]) -> None:
    """Die when the records of the second group are on the disk and their rows are not."""
    write_rows = bulk.BulkStore.write_rows

    def dying(store: bulk.BulkStore, written: Any) -> Any:
        if next(calls) == 2:
            _kill()
        return write_rows(store, written)

    bulk.BulkStore.write_rows = dying  # type: ignore[assignment, method-assign]


def kill_before_index(calls: Iterator[int]) -> None:
    """Die when the rows of the second group are inserted and not indexed."""
    write = vars(bulk)["write_derived_rows"]

    def dying(*arguments: Any) -> None:
        write(*arguments)
        if next(calls) == 2:
            _kill()

    vars(bulk)["write_derived_rows"] = dying


def kill_after_commit(calls: Iterator[int]) -> None:
    """Die when the second group is stored."""
    store = ArchiveWriter.store

    def dying(writer: ArchiveWriter, group: Any) -> None:
        store(writer, group)
        if next(calls) == 2:
            _kill()

    ArchiveWriter.store = dying  # type: ignore[assignment, method-assign]


KILLS = [kill_before_rows, kill_before_index, kill_after_commit]


def run_and_die(db: Path, kill: str) -> None:
    """Import groups of 15; called in a process of its own."""
    ingest_module.BATCH = ingest_module.GROUP = 15  # type: ignore[attr-defined]
    globals()[kill](iter(range(1, 1000)))
    with ArchiveWriter(db, "test", {}) as writer:
        ingest(writer, map(Incoming, FILES), workers=0)


@pytest.mark.parametrize("kill", KILLS)
def test_after_a_kill_the_index_is_whole_and_the_next_import_completes_the_archive(
    db_path: Path, expected: dict[str, Any], kill: Any
) -> None:
    program = (
        "from pathlib import Path\nfrom tests.imports.test_ingest import run_and_die\n"
        f"run_and_die(Path({str(db_path)!r}), {kill.__name__!r})"
    )
    died = subprocess.run([sys.executable, "-c", program], check=False)
    assert died.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(db_path)) as connection:
        for index in ("articles_fts", "article_words_fts"):
            connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        (stored,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        triggers = connection.execute(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' "
            "AND name IN ('articles_fts_insert', 'article_words_fts_insert')"
        ).fetchone()
    assert (stored, triggers) == (30 if kill is kill_after_commit else 15, (2,))
    after = imported(db_path)
    for name in content(db_path):
        assert after[name] == expected[name]
    assert after["related"] == expected["related"]


def test_few_articles_leave_the_schema_alone(db_path: Path) -> None:
    with ArchiveWriter(db_path, "test", {}) as writer:
        (before,) = writer.db.execute("PRAGMA schema_version").fetchone()
        ingest(writer, map(Incoming, FILES[: bulk_index.FEWEST - 1]), workers=0)
        assert writer.db.execute("PRAGMA schema_version").fetchone() == (before,)


def test_a_run_that_adds_many_articles_leaves_one_segment(
    db_path: Path, monkeypatch: pytest.MonkeyPatch, prepared: list[tuple[Incoming, PreparedCapture]]
) -> None:
    monkeypatch.setattr(bulk_index, "MANY", 30)

    def segments(index: str) -> int:
        with closing(sqlite3.connect(db_path)) as connection:
            # The structure record: cookie, number of levels, number of segments.
            (record,) = connection.execute(
                f"SELECT block FROM {index}_data WHERE id = 10"
            ).fetchone()
        return int(record[5])

    with ArchiveWriter(db_path, "test", {}) as writer:
        writer.store(prepared[:17])
        writer.store(prepared[35:])
        assert segments("articles_fts") > 1
    assert [segments(name) for name in ("articles_fts", "article_words_fts")] == [1, 1]
    assert_sound(db_path)
