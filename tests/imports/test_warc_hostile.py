"""WARC files of strangers: false claims, impossible dates, headers that cannot be written."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.clock import now, to_iso
from scraper.files.problem import ImportProblem
from scraper.imports.ingest import ingest
from scraper.imports.warc import read_warc
from scraper.model import Incoming
from scraper.practice.site.still import PracticeSite
from scraper.upkeep.verify import verify
from tests.commands import thaigov
from tests.imports.warcs import HTML, WarcMaker, read_all

if TYPE_CHECKING:
    from pathlib import Path

SITE = PracticeSite(size=20)
NUMBER, OTHER = list(SITE.numbers())[:2]
PAGE = SITE.html(NUMBER)
REAL = "https://www.thaigov.go.th/news/contents/details/99987"
LIVE = {"X-Thaigov-Origin": "live"}


def rows(db: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


def take(db: Path, path: Path, *, own: bool = False) -> list[str]:
    """Import a file; return the kinds of its problems."""
    kinds = []
    with ArchiveWriter(db, "import warc", {}) as writer:
        found = list(read_warc([path], writer.captures.find_revisited, own=own))
        ingest(writer, (item for item in found if isinstance(item, Incoming)), workers=0)
        kinds += [item.kind for item in found if isinstance(item, ImportProblem)]
    assert verify(db, db.parent / "warc", lambda _count: None).damages == []
    return kinds


IMPOSSIBLE = [
    "0900-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "1989-12-31T23:59:59Z",
    "2099-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    to_iso(now() + timedelta(days=1)),
]


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found"])
@pytest.mark.parametrize("own", [True, False])
def test_pages_with_impossible_dates_are_left_out(
    status: str, tmp_path: Path, *, own: bool
) -> None:
    db = tmp_path / "thaigov.db"
    take(db, WarcMaker().add(NUMBER, PAGE).save(tmp_path / "true.warc.gz"))
    maker = WarcMaker()
    for date in IMPOSSIBLE:
        for _twice in range(2):
            maker.add(NUMBER, PAGE + b" ", status=status, date=date, fields=LIVE)
    kinds = take(db, maker.save(tmp_path / "strange.warc.gz"), own=own)
    assert kinds.count("implausible-date") == 2 * len(IMPOSSIBLE)
    assert rows(db, "SELECT count(*) FROM captures") == [(1,)]
    assert rows(db, "SELECT revision, gone_at FROM articles") == [(1, None)]


HEADERS = [
    ("X-Ünï", "plain"),
    ("X-Thai", "ข่าว\x85ข่าว\u2028"),
    ("Bad Name", "blank"),
    ("Bad\tName:", "tab and colon"),
    ("Content-Disposition", 'inline; filename="ข่าว.html"'),
    ("X-Long", "y" * 50_000),
]


@pytest.mark.parametrize("header", HEADERS, ids=[name for name, _ in HEADERS])
def test_pages_with_odd_headers_are_imported(header: tuple[str, str], tmp_path: Path) -> None:
    maker = WarcMaker(gzip=False).add(NUMBER, PAGE, headers=(HTML, ("X-Place", "here")))
    line = f"{header[0]}: {header[1]}".encode()
    content = maker.content.replace(b"X-Place: here", line)
    length = len(line) - len(b"X-Place: here")
    head, _, rest = content.partition(b"\r\n\r\n")
    lines = [
        b"Content-Length: %d" % (int(line.split(b":")[1]) + length)
        if line.startswith(b"Content-Length")
        else line
        for line in head.split(b"\r\n")
    ]
    path = tmp_path / "x.warc"
    path.write_bytes(b"\r\n".join(lines) + b"\r\n\r\n" + rest)
    db = tmp_path / "thaigov.db"
    assert take(db, path) == []
    assert rows(db, "SELECT outcome FROM captures") == [("article",)]


@pytest.mark.parametrize("data", [b"", gzip.compress(b"")])
def test_an_empty_file_is_reported(data: bytes, tmp_path: Path) -> None:
    WarcMaker().add(NUMBER, PAGE).save(tmp_path / "good.warc.gz")
    (tmp_path / "empty.warc.gz").write_bytes(data)
    incoming, (problem,) = read_all(tmp_path)
    assert len(incoming) == 1
    assert (problem.kind, problem.path.name) == ("unreadable", "empty.warc.gz")
    # A run of this archive that was killed before its first capture leaves such a file.
    assert read_all(tmp_path, own=True)[1] == []


def test_the_scheme_of_an_address_may_be_in_capitals(tmp_path: Path) -> None:
    path = WarcMaker().add(REAL.upper().replace("/NEWS/CONTENTS/DETAILS", "/news/contents/details"),
                           PAGE).save(tmp_path / "x.warc.gz")  # fmt: skip
    db = tmp_path / "thaigov.db"
    assert take(db, path) == []
    assert rows(db, "SELECT url FROM articles") == [(REAL,)]


def test_practice_pages_are_not_mixed_with_real_ones(tmp_path: Path) -> None:
    db = tmp_path / "thaigov.db"
    real = WarcMaker().add(REAL, PAGE).save(tmp_path / "real.warc.gz")
    thaigov("import", "warc", real, "--db", db, "--workers", "1")
    stranger = (
        WarcMaker()
        .add(f"http://localhost:8000/news/contents/details/{NUMBER}", PAGE, fields=LIVE)
        .add(OTHER, SITE.html(OTHER), fields=LIVE)
        .save(tmp_path / "stranger.warc.gz")
    )
    done = thaigov("import", "warc", stranger, "--db", db, "--workers", "1", expect=3)
    assert "this archive holds real pages" in done.stderr
    assert rows(db, "SELECT DISTINCT site FROM articles") == [("thaigov",)]
    assert rows(db, "SELECT count(*) FROM captures") == [(1,)]
    kinds = rows(db, "SELECT kind FROM problems WHERE stage = 'import' ORDER BY id")
    assert kinds == [("other-site",), ("other-site",), ("claimed-origin",)]


def test_the_origin_is_restored_only_with_own(tmp_path: Path) -> None:
    path = WarcMaker().add(NUMBER, PAGE, fields=LIVE).save(tmp_path / "x.warc.gz")
    for more, origin in (((), "warc"), (("--own",), "live")):
        db = tmp_path / origin / "thaigov.db"
        done = thaigov("import", "warc", path, *more, "--db", db, "--workers", "1")
        assert rows(db, "SELECT origin FROM captures") == [(origin,)]
        assert ("add --own" in done.stderr) is (origin == "warc")
