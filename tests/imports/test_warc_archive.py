"""``thaigov import warc`` on files of other programs, damaged files and the archive's own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from sqlite_utils import Database
from warcio.archiveiterator import ArchiveIterator

from scraper.archive.capture_reader import CaptureReader
from scraper.cli.import_parts import NOTHING_FOUND
from scraper.clock import to_iso
from scraper.files.problem import ImportProblem
from scraper.imports.warc import read_warc
from scraper.model import Incoming
from scraper.practice.judge.compare import differences
from scraper.practice.server.http import Answer, serve
from scraper.practice.site.still import PracticeSite
from scraper.warc.own_files import RecordPlace, read_capture
from tests.archive_dump import assert_sound, content
from tests.commands import thaigov, thaigov_json
from tests.factories import MOMENT
from tests.imports.warcs import WarcMaker
from tests.peers import make_wacz, recording
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from pathlib import Path

SITE = PracticeSite(size=40)
LARGE = PracticeSite(size=400, resume_length=20_000)
TIMES = "SELECT url, first_seen_at, last_seen_at, changed_at, revision FROM articles ORDER BY url"


def rows(db: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


def against_truth(db: Path, site: PracticeSite) -> list[str]:
    with closing(sqlite3.connect(db)) as connection:
        return list(differences(connection, site))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a WARC file of the whole practice site and four other pages, by pywb."""
    missing = next(n for n in range(SITE.first, SITE.last) if not SITE.exists(n))
    paths = ["", "/news/contents", "/robots.txt", "/nowhere"]
    paths += [f"/news/contents/details/{n}" for n in (*SITE.numbers(), missing)]
    with serve(SITE) as served, recording(tmp_path_factory.mktemp("pywb")) as recorder:
        statuses = [recorder.fetch(served.url + path) for path in paths]
    assert statuses.count(200) == len(paths) - 1
    (warc,) = recorder.archive.glob("*.warc.gz")
    return warc


@pytest.fixture(scope="module")
def wacz(recorded: Path) -> Path:
    return make_wacz([recorded], recorded.with_name("recorded.wacz"))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a WARC file of 400 articles, by warcio."""
    maker = WarcMaker().info()
    for position, number in enumerate(LARGE.numbers()):
        maker.add(number, LARGE.html(number), date=to_iso(MOMENT + timedelta(minutes=position)))
    return maker.save(tmp_path_factory.mktemp("rendered") / "large.warc.gz")


def test_a_warc_recorded_by_pywb(recorded: Path, db_path: Path) -> None:
    run = thaigov_json("import", "warc", recorded, "--db", db_path)
    assert (run["outcome"], run["new"], run["missing"]) == ("done", SITE.size, 1)
    assert against_truth(db_path, SITE) == []
    ((detail,),) = rows(db_path, "SELECT detail FROM problems WHERE kind = 'left-out'")
    assert "4 other addresses" in detail
    assert rows(db_path, "SELECT DISTINCT origin, source FROM captures") == [
        ("warc", recorded.name)
    ]
    before = content(db_path)
    again = thaigov_json("import", "warc", recorded, "--db", db_path)
    assert (again["captures"], again["unchanged"]) == (0, SITE.size + 1)
    assert {**content(db_path), "problems": None} == {**before, "problems": None}
    assert_sound(db_path)


def test_a_wacz_of_the_same_pages_gives_the_same_archive(
    recorded: Path, wacz: Path, tmp_path: Path
) -> None:
    db = tmp_path / "thaigov.db"
    thaigov("import", "warc", wacz, "--db", db, "--workers", "1")
    assert against_truth(db, SITE) == []
    ((source,),) = rows(db, "SELECT DISTINCT source FROM captures")
    assert source == f"{wacz.name}/archive/{recorded.name}"
    # The same page from another file is known.
    run = thaigov_json("import", "warc", recorded, "--db", db, "--workers", "1")
    assert (run["captures"], run["unchanged"]) == (0, SITE.size + 1)


def damaged(whole: Path, damage: str, folder: Path) -> Path:
    data = bytearray(whole.read_bytes())
    middle = len(data) // 2
    if damage == "cut":
        del data[middle:]
    elif damage == "flipped":
        data[middle : middle + 8] = bytes(byte ^ 0xFF for byte in data[middle : middle + 8])
    else:
        start = data.index(b"\x1f\x8b\x08", middle)
        data[start:start] = b"garbage" * 1_000
    path = folder / whole.name
    path.write_bytes(data)
    return path


LEAST = {"cut": SITE.size // 3, "flipped": SITE.size, "garbage": SITE.size + 1}


@pytest.mark.parametrize("packing", ["recorded", "wacz"])
@pytest.mark.parametrize("damage", LEAST)
def test_damage_costs_only_the_records_it_hits(
    packing: str, damage: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = list(read_warc([damaged(request.getfixturevalue(packing), damage, tmp_path)]))
    read = [item.capture for item in found if isinstance(item, Incoming)]
    problems = [item for item in found if isinstance(item, ImportProblem)]
    assert LEAST[damage] <= len(read) <= SITE.size + 1
    assert "damaged-record" in {problem.kind for problem in problems}
    whole = list(read_warc([request.getfixturevalue(packing)]))
    assert {c.digest for c in read} <= {i.capture.digest for i in whole if isinstance(i, Incoming)}


def test_damage_is_reported_and_the_rest_imported(wacz: Path, tmp_path: Path) -> None:
    db = tmp_path / "thaigov.db"
    path = damaged(wacz, "flipped", tmp_path)
    done = thaigov("import", "warc", path, "--db", db, "--workers", "1", expect=3)
    assert f"{path}: archive/" in done.stderr
    assert "damaged at byte" in done.stderr
    ((articles,),) = rows(db, "SELECT count(*) FROM articles")
    assert articles in {SITE.size - 1, SITE.size}
    assert rows(db, "SELECT outcome, exit_code FROM runs") == [("unmet", 3)]
    assert rows(db, "SELECT stage FROM problems WHERE kind = 'damaged-record'") == [("import",)]
    assert_sound(db)


def test_many_pages(rendered: Path, db_path: Path) -> None:
    run = thaigov_json("import", "warc", rendered, "--db", db_path)
    assert (run["outcome"], run["captures"], run["new"]) == ("done", LARGE.size, LARGE.size)
    assert against_truth(db_path, LARGE) == []


class Changing:
    """Changes one page of the site once ``changed`` is set."""

    def __init__(self) -> None:
        self.changed = False
        self.number = list(SITE.numbers())[-2]

    def __call__(self, path: str) -> Answer | None:
        if not self.changed or not path.endswith(f"/details/{self.number}"):
            return None
        title = SITE.truth(self.number).title
        return Answer(200, SITE.html(self.number).replace(title.encode(), f"{title} (2)".encode()))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of a corpus and two crawls; one page changed between the crawls."""
    folder = tmp_path_factory.mktemp("archive")
    db = folder / "original" / "thaigov.db"
    write_corpus(SITE, folder / "corpus")
    thaigov("import", "corpus", folder / "corpus", "--db", db)
    change = Changing()
    with serve(SITE, intercept=change) as served:
        crawl = ("crawl", "latest", "--site", served.url, "--scope", "all", "--db", db)
        thaigov(*crawl, "-a", "again=1")
        change.changed = True
        run = thaigov_json(*crawl, "-a", "again=1")
    assert run["changed"] == 1
    return db


def test_an_archive_is_restored_from_its_warc_files(archive: Path, tmp_path: Path) -> None:
    kinds = [
        record.rec_type
        for path in (archive.parent / "warc").iterdir()
        for record in ArchiveIterator(BytesIO(path.read_bytes()))
    ]
    assert {"resource", "response", "revisit"} <= set(kinds)
    restored = tmp_path / "thaigov.db"
    run = thaigov_json("import", "warc", archive.parent / "warc", "--own", "--db", restored)
    assert (run["outcome"], run["problems"]) == (
        "done",
        len(rows(archive, "SELECT 1 FROM problems")),
    )
    assert content(restored) == content(archive)
    assert rows(restored, TIMES) == rows(archive, TIMES)
    again = thaigov_json("import", "warc", archive.parent / "warc", "--own", "--db", restored)
    assert again["captures"] == 0
    assert content(restored) == content(archive)
    assert_sound(restored)


def test_the_archive_and_an_import_read_the_same_captures(archive: Path) -> None:
    folder = archive.parent / "warc"
    imported = [
        item.capture for item in read_warc([folder], own=True) if isinstance(item, Incoming)
    ]
    with closing(sqlite3.connect(archive)) as connection:
        reader = CaptureReader(Database(connection), folder)
        ids = [row[0] for row in connection.execute("SELECT id FROM captures ORDER BY id")]
        stored = [reader.load(number).model_copy(update={"id": None}) for number in ids]
        places = connection.execute("SELECT warc_file, warc_offset, warc_length FROM captures")
        direct = [read_capture(folder, RecordPlace(*place)) for place in places]
    assert len(stored) == len(imported)
    assert sorted(stored, key=str) == sorted(imported, key=str)
    assert [capture for capture in direct if capture is not None] == [
        capture for capture, found in zip(stored, direct, strict=True) if found is not None
    ]


def test_importing_the_folder_of_the_archive_itself_changes_nothing(archive: Path) -> None:
    before = content(archive)
    run = thaigov_json("import", "warc", archive.parent / "warc", "--own", "--db", archive)
    assert (run["outcome"], run["captures"]) == ("done", 0)
    assert content(archive) == before


def test_usage(tmp_path: Path, db_path: Path) -> None:
    assert "does not exist" in thaigov("import", "warc", "/no/where", expect=2).stderr
    (tmp_path / "x.pdf").write_bytes(b"%PDF" * 500)
    page = WarcMaker().add(1, SITE.html(next(SITE.numbers()))).save(tmp_path / "x.warc.gz")
    done = thaigov("import", "warc", tmp_path / "x.pdf", page, "--db", db_path, expect=3)
    assert "x.pdf: it contains no complete WARC or ARC record" in done.stderr
    assert rows(db_path, "SELECT count(*) FROM captures") == [(1,)]
    empty = tmp_path / "empty"
    empty.mkdir()
    done = thaigov("import", "warc", empty, "--db", db_path, expect=3)
    assert NOTHING_FOUND in done.stderr
