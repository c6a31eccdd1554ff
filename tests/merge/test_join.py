"""Archives joined in any order, in any grouping and repeatedly are the same archive."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.database import open_for_reading
from scraper.archive.errors import ArchiveError, DiskError
from scraper.archive.schema import REFERENCE_TABLES
from scraper.archive.writer import ArchiveWriter
from scraper.imports.ingest import ingest
from scraper.merge import join
from scraper.merge.articles import entity_tables, is_copied
from scraper.merge.join import join_archives
from scraper.merge.related import COMPARISONS
from scraper.model import Incoming, Origin
from scraper.upkeep.verify import verify
from tests.archive.odd_files import damage_table
from tests.archive_dump import assert_sound, content
from tests.factories import FIRST, MOMENT, SECOND, make_capture, make_corpus_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from scraper.model import Capture

THIRD = "โรงงานเปิดประตูอีกครั้งเมื่อฝนหยุดตก"


def shown(number: int, sentence: str, day: int) -> Capture:
    """Return a page of an article as a crawler stored it."""
    page = make_corpus_file(number, sentence, day)
    return page.model_copy(update={"origin": Origin.WARC, "status": 200, "source": None})


def missing(number: int, day: int) -> Capture:
    return make_capture(number, b"", status=404, fetched_at=MOMENT + timedelta(days=day))


# Three crawlers of overlapping sites. Article 1 was seen by all, changed and changed back;
# article 2 was imported by two; article 3 vanished between two crawlers' visits.
CRAWLS = {
    "a": (shown(1, FIRST, 1), shown(1, FIRST, 4), make_corpus_file(2, FIRST, 5),
          shown(4, FIRST, 1)),
    "b": (shown(1, SECOND, 2), make_corpus_file(2, FIRST, 2), shown(3, THIRD, 1), missing(3, 3)),
    "c": (shown(1, THIRD, 6), shown(1, FIRST, 4), shown(1, FIRST, 0), missing(3, 5)),
}  # fmt: skip


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return three archives by name; none may be written to."""
    folder = tmp_path_factory.mktemp("crawls")
    made = {}
    for name, captures in CRAWLS.items():
        made[name] = folder / name / "thaigov.db"
        with ArchiveWriter(made[name], f"test {name}", {}) as writer:
            ingest(writer, map(Incoming, captures), workers=0)
            writer.frontier.follow(
                [f"https://practice.example/{name}", "https://practice.example/"]
            )
            writer.problem("test", "odd", f"seen by {name}")
    return made


def rows(db: Path) -> dict[str, list[str]]:
    """Return every row of every table, sorted."""
    with closing(sqlite3.connect(db)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_fts\\_%' "
            "ESCAPE '\\' AND name NOT IN ('_sqlite_migrations', '_word_places')"
        ).fetchall()
        return {
            name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}").fetchall()))
            for (name,) in tables
        }


def digest(folder: Path) -> str:
    """Return a digest of all files in a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    content = b"".join(str(path).encode() + path.read_bytes() for path in files)
    return sha256(content).hexdigest()


def joined(folder: Path, *paths: Path, **options: Any) -> Path:
    target = folder / "all.db"
    result = join_archives(paths, target, **options)
    assert not result.faults
    return target


@pytest.fixture(scope="module")
def all_at_once(crawls: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return joined(tmp_path_factory.mktemp("joined"), *crawls.values())


def test_a_joined_archive_is_sound(crawls: dict[str, Path], all_at_once: Path) -> None:
    before = {name: digest(path.parent) for name, path in crawls.items()}
    assert_sound(all_at_once)
    report = verify(all_at_once, all_at_once.parent / "warc", lambda _: None)
    assert (report.damages, report.unchecked) == ([], [])
    with open_for_reading(all_at_once) as db:
        # Twice seen with the same bytes, at the same moment, by two crawlers: one capture.
        assert db.execute("SELECT count(*) FROM captures").fetchone() == (10,)
        assert db.execute("SELECT count(*) FROM articles_fts('โรงงาน')").fetchone() == (4,)
        versions = db.execute(
            "SELECT substr(seen_at, 1, 10), r.body FROM article_revisions r JOIN articles a "
            "ON a.id = r.article_id WHERE a.site_id = 1 ORDER BY r.revision"
        )
        assert [day for day, _ in versions] == ["2025-08-21", "2025-08-23", "2025-08-25"]
        gone = db.execute("SELECT gone_at FROM articles WHERE site_id = 3").fetchone()
        assert gone == ("2025-08-24T03:00:00Z",)
    assert before == {name: digest(path.parent) for name, path in crawls.items()}


@pytest.mark.parametrize("order", list(permutations(CRAWLS)), ids="".join)
def test_any_order_gives_the_same_archive(
    order: tuple[str, ...], crawls: dict[str, Path], all_at_once: Path, tmp_path: Path
) -> None:
    one, two, three = (crawls[name] for name in order)
    pair = joined(tmp_path / "pair", one, two)
    assert rows(joined(tmp_path / "all", pair, three)) == rows(all_at_once)


def test_an_archive_joined_again_is_the_same(
    crawls: dict[str, Path], all_at_once: Path, tmp_path: Path
) -> None:
    alone = joined(tmp_path / "alone", crawls["a"])
    assert rows(joined(tmp_path / "twice", crawls["a"], alone)) == rows(alone)
    shutil.copytree(all_at_once.parent, tmp_path / "all")
    assert rows(joined(tmp_path / "all", crawls["b"])) == rows(all_at_once)


def test_every_table_of_the_archive_is_joined(all_at_once: Path) -> None:
    with open_for_reading(all_at_once) as db:
        names = {name for name in db.table_names() if "_fts" not in name and is_ours(db, name)}
        entities = entity_tables(db)
    assert "people" in entities
    assert names == {
        "runs", "captures", "articles", "article_revisions", "problems", "frontier",
        "watches", "watch_seen", "_articles_to_compare", "attachment_texts", "attachment_files",
        *COMPARISONS,
        *REFERENCE_TABLES, *entities,
    }  # fmt: skip


def is_ours(db: Database, table: str) -> bool:
    return not (is_copied(db, table) or table in {"_sqlite_migrations", "_word_places"})


def test_saved_questions_of_the_target_are_kept(crawls: dict[str, Path], tmp_path: Path) -> None:
    target = joined(tmp_path, crawls["b"])
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.execute("INSERT INTO watches VALUES (1, 'mine', 'x', '{}', '2025', NULL)")
        connection.execute(
            "INSERT INTO watch_seen SELECT 1, id, content_hash, changed_at FROM articles"
        )
    seen = "SELECT url, w.content_hash FROM watch_seen w JOIN articles a ON a.id = w.article_id"
    with closing(sqlite3.connect(target)) as connection:
        before = set(connection.execute(seen))
    joined(tmp_path, crawls["a"], crawls["c"])
    with closing(sqlite3.connect(target)) as connection:
        assert set(connection.execute(seen)) == before
        assert len(before) == 3


def test_links_take_no_room(crawls: dict[str, Path], tmp_path: Path) -> None:
    if tmp_path.stat().st_dev != crawls["a"].stat().st_dev:
        pytest.skip("two disks")
    target = joined(tmp_path / "linked", crawls["a"], link=True)
    (file,) = (target.parent / "warc").iterdir()
    assert file.stat().st_nlink == 2
    assert_sound(target)


def test_different_readings_are_read_again(crawls: dict[str, Path], tmp_path: Path) -> None:
    other = tmp_path / "other" / "thaigov.db"
    shutil.copytree(crawls["a"].parent, other.parent)
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("DELETE FROM date_mentions")
        connection.execute("UPDATE _article_digests SET digests = '{}'")
    target = tmp_path / "out" / "all.db"
    result = join_archives([other, crawls["a"]], target)
    assert result.counts["unread"] == len(result.notes) == 3
    with ArchiveWriter(target, "merge", {}) as writer:
        ingest(writer, [], workers=0)
    assert content(target) == content(crawls["a"])
    assert_sound(target)


def test_pages_read_by_other_versions_are_read_again(
    crawls: dict[str, Path], tmp_path: Path
) -> None:
    other = tmp_path / "other" / "thaigov.db"
    shutil.copytree(crawls["a"].parent, other.parent)
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("UPDATE runs SET versions = json_set(versions, '$.pythainlp', '1')")
    assert join_archives([other], tmp_path / "all.db").counts["unread"] == 3


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    yield path
    assert sorted(p.name for p in tmp_path.iterdir()) == ["foreign.db"]


def test_other_files_are_refused(foreign: Path, crawls: dict[str, Path]) -> None:
    out = foreign.with_name("all.db")
    with pytest.raises(ArchiveError, match="not a thaigov archive"):
        join_archives([crawls["a"], foreign], out)
    with pytest.raises(ArchiveError, match="not a thaigov archive"):
        join_archives([crawls["a"]], foreign)
    out.with_name("all.db.lock").unlink()


def test_a_newer_archive_is_refused(crawls: dict[str, Path], tmp_path: Path) -> None:
    newer = tmp_path / "newer" / "thaigov.db"
    shutil.copytree(crawls["a"].parent, newer.parent)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('thaigov', 'm999_later', '2030-01-01')"
        )
    with pytest.raises(ArchiveError, match="newer thaigov"):
        join_archives([newer], tmp_path / "all.db")


def test_an_archive_without_its_files_is_refused(crawls: dict[str, Path], tmp_path: Path) -> None:
    alone = Path(shutil.copy(crawls["a"], tmp_path / "alone.db"))
    with pytest.raises(ArchiveError, match="would lose their bytes"):
        join_archives([alone], tmp_path / "out" / "all.db")


@pytest.fixture
def damaged(crawls: dict[str, Path], tmp_path: Path) -> Path:
    """Return a copy of an archive whose WARC file a test may damage."""
    return shutil.copytree(crawls["a"].parent, tmp_path / "damaged") / "thaigov.db"


def warc_file_of(db: Path) -> Path:
    return next((db.parent / "warc").iterdir())


def last_record(db: Path) -> int:
    with closing(sqlite3.connect(db)) as connection:
        return int(connection.execute("SELECT max(warc_offset) FROM captures").fetchone()[0])


def damage_record(db: Path, offset: int) -> None:
    file = warc_file_of(db)
    data = bytearray(file.read_bytes())
    data[offset + 20 : offset + 60] = bytes(40)
    file.write_bytes(data)


def test_a_damaged_record_is_told_and_a_sound_copy_of_its_file_is_taken(
    damaged: Path, crawls: dict[str, Path], tmp_path: Path
) -> None:
    with closing(sqlite3.connect(damaged)) as connection:  # of bytes that were captured twice
        repeated = "SELECT warc_offset FROM captures GROUP BY digest HAVING count(*) > 1"
        (offset,) = connection.execute(repeated).fetchone()
    damage_record(damaged, offset)
    (fault,) = join_archives([damaged], tmp_path / "alone" / "all.db").faults
    assert str(warc_file_of(damaged)) in fault
    assert "1 damaged records" in fault
    for number, order in enumerate(permutations([damaged, crawls["a"]])):
        target = tmp_path / str(number) / "all.db"
        (fault,) = join_archives(order, target).faults
        assert f"taken: {warc_file_of(crawls['a'])}" in fault
        assert_sound(target)


def test_a_file_that_was_cut_is_told_or_taken_from_another_archive(
    damaged: Path, crawls: dict[str, Path], tmp_path: Path
) -> None:
    os.truncate(warc_file_of(damaged), last_record(damaged))
    fault = join_archives([damaged], tmp_path / "alone" / "all.db").faults[0]
    assert fault.startswith(str(warc_file_of(damaged)))
    assert "bytes are missing at its end" in fault
    assert_sound(joined(tmp_path / "whole", damaged, crawls["a"]))


@pytest.mark.parametrize("table", ["captures", "runs"])
def test_rows_that_refer_to_missing_ones_are_refused(
    table: str, damaged: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(damaged)) as connection, connection:
        connection.execute(f"DELETE FROM {table} WHERE id = 1")
    with pytest.raises(ArchiveError, match=f"the row of {table} it refers to is missing") as raised:
        join_archives([damaged], tmp_path / "all.db")
    assert str(damaged) in str(raised.value)
    assert not (tmp_path / "all.db").exists()


def test_a_damaged_database_is_named(
    damaged: Path, crawls: dict[str, Path], tmp_path: Path
) -> None:
    damage_table(damaged, "problems")
    with pytest.raises(ArchiveError, match=r"damaged|not a usable") as raised:
        join_archives([crawls["b"], damaged], tmp_path / "all.db")
    assert str(raised.value).startswith(f"{damaged}: ")


@pytest.mark.parametrize("step", ["join_related", "bring", "_publish"])
def test_a_killed_run_is_completed_by_the_next(
    step: str, crawls: dict[str, Path], all_at_once: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    target = joined(tmp_path, crawls["a"])
    before = rows(target)
    monkeypatch.setattr(join, step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        joined(tmp_path, crawls["b"], crawls["c"])
    assert rows(target) == before
    monkeypatch.undo()
    assert rows(joined(tmp_path, crawls["b"], crawls["c"])) == rows(all_at_once)


def interrupt(*_args: object, **_options: object) -> None:
    raise KeyboardInterrupt


def test_a_full_disk_changes_nothing(
    crawls: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scraper.merge.warc_files._copy", fill)
    with pytest.raises(DiskError, match="No space left"):
        join_archives([crawls["a"]], tmp_path / "all.db")
    assert not (tmp_path / "all.db").exists()


def test_a_file_that_grew_is_completed(tmp_path: Path) -> None:
    source = tmp_path / "source" / "thaigov.db"
    writer = ArchiveWriter(source, "test", {})
    ingest(writer, [Incoming(shown(1, FIRST, 1))], workers=0)
    target = joined(tmp_path / "out", source)  # while the run is writing
    ingest(writer, [Incoming(shown(5, SECOND, 1))], workers=0)
    writer.close("done", 0)
    joined(tmp_path / "out", source)
    assert_sound(target)
    assert len(list((target.parent / "warc").iterdir())) == 1
