"""Parquet parts have what an archive of the same captures has; making them can be interrupted."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from scraper.archive.errors import ArchiveError
from scraper.archive.writer import ArchiveWriter
from scraper.export import parts
from scraper.export.parts import PartWriter, write_parts
from scraper.facts import KINDS
from scraper.imports.ingest import ingest
from scraper.model import Incoming, Scope
from scraper.stages.bounds import PageBounds
from scraper.stages.child import WorkerSetup
from scraper.stages.cluster_task import Batch, code_version, do_batch
from scraper.stages.jobs import ReadPages
from tests.export.sample import sql
from tests.export.test_parquet import duck, plain
from tests.factories import FIRST, SECOND, make_corpus_file

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.model import Capture

# Article 1 changes between two parts.
CAPTURES = [
    *(make_corpus_file(number, f"{FIRST} ที่จังหวัดชลบุรี นายสมใจ ใจดี") for number in range(1, 6)),
    make_corpus_file(1, SECOND, day=3),
    make_corpus_file(9, "ข่าวปี 2563 โทร. 0 2202 3222"),
]
TEXTS = {"flags": " ", "evidence": "; "}
NEWEST = "(SELECT *, row_number() OVER (PARTITION BY url ORDER BY fetched_at DESC) AS n FROM {a})"


def make(out: Path, captures: list[Capture] = CAPTURES) -> list[dict[str, int]]:
    return list(write_parts(captures, out, 0, Scope.ALL, None))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parts") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "CAPTURES_IN_PART", 3)
        made = make(folder)
    assert made == [{"new": 3}, {"new": 3}, {"new": 1}, {}]
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("archive") / "thaigov.db"
    with ArchiveWriter(db, "test", {}) as writer:
        ingest(writer, map(Incoming, CAPTURES), workers=0)
    return db


def same(found: list[tuple[Any, ...]], stored: list[tuple[Any, ...]]) -> bool:
    return sorted((tuple(map(plain, row)) for row in found), key=repr) == sorted(stored, key=repr)


def test_duckdb_finds_the_articles_of_the_archive(out: Path, archive: Path) -> None:
    columns = "url, title, lead, body, tail, published_on, ministry, content_hash"
    newest = NEWEST.format(a=f"read_parquet('{out}/articles/*/*.parquet')")
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {columns} FROM {newest} WHERE n = 1").fetchall()
    assert same(found, sql(archive, f"SELECT {columns} FROM articles"))
    assert len(duck(out, "url", "articles")) == len(found) + 1  # both texts of article 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_duckdb_finds_the_facts_of_the_archive(kind: Any, out: Path, archive: Path) -> None:
    stored = sql(archive, f"SELECT a.url, {', '.join('t.' + c for c in kind.columns)} "
                 f"FROM {kind.table} t JOIN articles a ON a.id = t.article_id")  # fmt: skip
    if not (out / kind.table).exists():
        assert not stored
        return
    shown = (f"array_to_string(t.{c}, '{TEXTS[c]}')" if c in TEXTS else f"t.{c}"
             for c in kind.columns)  # fmt: skip
    # The facts of a text are in its part, which the file's name says.
    newest = NEWEST.format(a=f"read_parquet('{out}/articles/*/*.parquet', filename = true)")
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT a.url, {', '.join(shown)} FROM {newest} a "
            f"JOIN read_parquet('{out}/{kind.table}/*/*.parquet', filename = true) t "
            "ON t.article_id = a.id AND parse_filename(t.filename) = parse_filename(a.filename) "
            "WHERE n = 1"
        ).fetchall()
    assert same(found, stored)


def test_duckdb_finds_the_captures_of_the_archive(out: Path, archive: Path) -> None:
    columns = "url, article_url, fetched_at, origin, digest, source, content_hash, outcome"
    assert same(duck(out, columns, "captures"), sql(archive, f"SELECT {columns} FROM captures"))


def test_parts_that_are_there_are_not_made_again(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "CAPTURES_IN_PART", 3)
    files = {path: path.read_bytes() for path in out.rglob("*.parquet")}
    assert make(out) == [{"unchanged": 7}]
    next((out / parts.DONE).iterdir()).unlink()  # as if it had been killed at the end
    assert [sum(counts.values()) for counts in make(out)] in ([1, 6], [3, 4])
    assert files == {path: path.read_bytes() for path in out.rglob("*.parquet")}


def test_another_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").touch()
    with pytest.raises(ArchiveError, match="choose another folder"):
        make(tmp_path)


def test_a_worker_of_a_cluster_writes_its_part(tmp_path: Path) -> None:
    job = ReadPages(("pipelines.parse.Parse", "pipelines.clean.Clean"))
    setup = WorkerSetup(job, PageBounds(9, 60, 300 << 20), is_timed=False)
    write = PartWriter(tmp_path, Scope.ALL)
    batch = Batch(
        [c.model_copy(update={"id": n}) for n, c in enumerate(CAPTURES, 1)],
        setup, 1, code_version(), write,
    )  # fmt: skip
    assert pickle.loads(do_batch(pickle.dumps(batch))) == [{"new": 6, "changed": 1}]
    assert len(duck(tmp_path, "url", "articles")) == 6
