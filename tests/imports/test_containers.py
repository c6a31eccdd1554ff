"""Where WARC files are found: folders, WACZ files of every making, and damaged ones."""

from __future__ import annotations

import gzip
import zipfile
from typing import TYPE_CHECKING

from tests.imports.test_warc import BODY, captures, kinds, read
from tests.imports.warcs import WarcMaker, url_of

if TYPE_CHECKING:
    from pathlib import Path


def wacz(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_waczs_of_every_making(tmp_path: Path) -> None:
    members = {
        "archive/data.warc.gz": WarcMaker().add(1, BODY).content,
        "archive/more.warc": WarcMaker(gzip=False).add(2, BODY).content,
        "indexes/index.cdx.gz": gzip.compress(b"no WARC"),
        "pages/pages.jsonl": b"{}",
    }
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        path = wacz(tmp_path / "x.wacz", members, compression)
        assert [(c.url, c.source) for c in captures(path)] == [
            (url_of(1), "x.wacz/archive/data.warc.gz"),
            (url_of(2), "x.wacz/archive/more.warc"),
        ]
        several = wacz(tmp_path / "all.wacz", {"one.wacz": path.read_bytes()}, compression)
        assert [c.source for c in captures(several)] == [
            "all.wacz/one.wacz/archive/data.warc.gz",
            "all.wacz/one.wacz/archive/more.warc",
        ]


def test_a_wacz_without_its_table_of_contents_gives_its_records(tmp_path: Path) -> None:
    maker = WarcMaker().add(1, BODY).add(2, BODY)
    path = wacz(tmp_path / "x.wacz", {"archive/data.warc.gz": maker.content, "pages.jsonl": b"{}"})
    path.write_bytes(path.read_bytes()[:-50])
    incoming, problems = read(path)
    assert [item.capture.url for item in incoming] == [url_of(1), url_of(2)]
    assert kinds(problems) == ["unreadable", "damaged-record", "damaged-record"]


def test_a_damaged_member_costs_the_damaged_record_only(tmp_path: Path) -> None:
    maker = WarcMaker().add(1, BODY).add(2, BODY).add(3, BODY)
    path = wacz(tmp_path / "x.wacz", {"archive/data.warc.gz": maker.content})
    content = bytearray(path.read_bytes())
    content[maker.starts[1] + 150] ^= 0xFF
    path.write_bytes(content)
    incoming, (problem,) = read(path)
    assert [item.capture.url for item in incoming] == [url_of(1), url_of(3)]
    assert (problem.kind, problem.member) == ("damaged-record", "archive/data.warc.gz")


def test_damage_in_a_compressed_member_is_told(tmp_path: Path) -> None:
    maker = WarcMaker().add(1, BODY).add(2, BODY)
    members = {"a.warc.gz": maker.content, "b.warc.gz": maker.content}
    path = wacz(tmp_path / "x.wacz", members, zipfile.ZIP_DEFLATED)
    content = bytearray(path.read_bytes())
    content[maker.starts[1] + 150] ^= 0xFF
    path.write_bytes(content)
    incoming, problems = read(path)
    assert {item.capture.source for item in incoming} >= {"x.wacz/b.warc.gz"}
    assert {problem.member for problem in problems} == {"a.warc.gz"}


def test_folders_and_files_that_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "crawl"
    WarcMaker().add(2, BODY).save(folder / "b" / "2.warc.gz.open")
    WarcMaker().add(1, BODY).save(folder / "a.warc.gz")
    (folder / "notes.txt").write_text("no WARC")
    (tmp_path / "x.pdf").write_bytes(b"%PDF" * 99)
    (tmp_path / "y.wacz").write_bytes(b"PK\x03\x04 torn")
    incoming, problems = read(tmp_path / "x.pdf", tmp_path / "y.wacz", tmp_path / "missing", folder)
    assert [item.capture.url for item in incoming] == [url_of(1), url_of(2)]
    assert [problem.path.name for problem in problems] == ["x.pdf", "y.wacz", "y.wacz", "missing"]
    assert set(kinds(problems)) == {"unreadable"}
    assert "no whole record of a WARC or ARC file is in it" in str(problems[0])
