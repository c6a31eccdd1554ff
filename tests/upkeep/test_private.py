"""The file of a snapshot contains neither paths of the machine nor what its operator was told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.files.problem import ImportProblem
from scraper.model import Incoming
from scraper.upkeep.private import without_folders
from scraper.upkeep.snapshot import METADATA_MARK, make_snapshot, metadata_file
from tests.archive_dump import content
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from pathlib import Path

PERMISSION = "หนังสือ ทส 0101/55 ของคุณสมใจ"
SECRETS = (
    PERMISSION,
    "ทส 0101",
    "somchai",
    "ลับสุดยอด",
    "some body",
    "/srv/",
    "0101/55",
)
LINKED = "/srv/some body/c d.txt"


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """Return an archive whose runs and problems name the operator and folders of the machine."""
    folder = tmp_path / "home" / "somchai" / "ลับสุดยอด"
    folder.mkdir(parents=True)
    db = folder / "thaigov.db"
    with ArchiveWriter(db, "crawl latest", {"permission": PERMISSION, "since": "21/8/2568"}) as run:
        (stored,) = run.capture([Incoming(make_capture(1))])
        run.save([make_page(stored, make_article(1))])
        run.problem("captures", "unreadable-record", f"{folder}/warc/1.warc.gz: not gzip at 7")
        run.problem("dates", "impossible-date", "the date line reads 21/8/2568, not 3/4 of it")
        run.frontier.record_failure(make_capture(2).url, f"[Errno 2] no file: '{folder}/cookies'")
    paths = [str(folder / "old corpus"), "../some body/zips/a.zip"]
    with ArchiveWriter(db, "import corpus", {"paths": paths, "scope": "articles"}) as run:
        for path, member in ((folder / "old corpus", "9 ข่าว.txt"), (folder / "old corpus", None)):
            problem = ImportProblem(path, member, "unreadable", "it is empty; nothing was lost")
            run.problem("import", problem.kind, str(problem))
        link = f"../some body/zips/a.zip: a/b.txt: a link to {LINKED}; not read"
        run.problem("import", "left-out", link)
    return db


def test_the_bytes_of_a_snapshot_have_no_path_and_no_permission(told: Path, tmp_path: Path) -> None:
    assert all(secret.encode() in told.read_bytes() for secret in SECRETS)
    out = make_snapshot(told, tmp_path / "out.db", metadata=lambda name: f"{METADATA_MARK} {name}")
    for secret in (*SECRETS, str(tmp_path)):
        assert secret.encode() not in out.read_bytes(), secret
        assert secret.encode() not in metadata_file(out).read_bytes(), secret


def test_what_a_reader_can_use_stays(told: Path, tmp_path: Path) -> None:
    before = content(told)
    out = make_snapshot(told, tmp_path / "out.db")
    assert content(told) == before
    with closing(sqlite3.connect(out)) as db:
        assert {json.loads(a) == {} for (a,) in db.execute("SELECT arguments FROM runs")} == {True}
        found = [detail for (detail,) in db.execute("SELECT detail FROM problems ORDER BY id")]
        assert found == [
            "1.warc.gz: not gzip at 7",
            "the date line reads 21/8/2568, not 3/4 of it",
            "old corpus: 9 ข่าว.txt: it is empty; nothing was lost",
            "old corpus: it is empty; nothing was lost",
            "a.zip: a/b.txt: a link to c d.txt; not read",
        ]
        errors = "SELECT last_error FROM frontier WHERE last_error IS NOT NULL"
        assert db.execute(errors).fetchall() == [("[Errno 2] no file: 'cookies'",)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://a.example/b/c.pdf: HTTP 500", "https://a.example/b/c.pdf: HTTP 500"),
        ("HTTP 3xx to //a.example/b/c", "HTTP 3xx to //a.example/b/c"),
        ("text/html instead of application/pdf", "text/html instead of application/pdf"),
        ("FileNotFoundError: '/home/a b/c.txt'", "FileNotFoundError: 'c.txt'"),
        ('opened "~/x/y" and "/z"', 'opened "y" and "z"'),
        ("(/etc/passwd), /var/lib/x:5", "(passwd), x:5"),
        ("/home/a: b/c", "a: b/c"),
    ],
)
def test_paths_are_told_from_addresses(text: str, kept: str) -> None:
    assert without_folders(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("../a b/corpus: x.txt: bad", "corpus: x.txt: bad"),
        ("../a b/corpus/deep er/x.txt: bad", "x.txt: bad"),
        ("../a b/corpus2 is bad", "../a b/corpus2 is bad"),
        ("no ../a b/corpus", "no corpus"),
    ],
)
def test_known_paths_are_found_as_they_were_given(text: str, kept: str) -> None:
    assert without_folders(text, ["../a b/corpus"]) == kept
