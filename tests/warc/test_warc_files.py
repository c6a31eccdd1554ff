"""Finding WARC files in folders and in WACZ files, damaged ones too."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import pytest

from scraper.warc.warc_files import warcs_size
from tests.files.odd_archives import ENCRYPTED, UTF8, ZipMaker
from tests.imports.warcs import BODY, WarcMaker, kinds_of, read_all, read_captures, url_of


def wacz(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_wacz_files_of_every_compression(tmp_path: Path) -> None:
    members = {
        "archive/data.warc.gz": WarcMaker().add(1, BODY).content,
        "archive/more.warc": WarcMaker(gzip=False).add(2, BODY).content,
        "indexes/index.cdx.gz": gzip.compress(b"no WARC"),
        "pages/pages.jsonl": b"{}",
    }
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        path = wacz(tmp_path / "x.wacz", members, compression)
        assert [(c.url, c.source) for c in read_captures(path)] == [
            (url_of(1), "x.wacz/archive/data.warc.gz"),
            (url_of(2), "x.wacz/archive/more.warc"),
        ]
        several = wacz(tmp_path / "all.wacz", {"one.wacz": path.read_bytes()}, compression)
        assert [c.source for c in read_captures(several)] == [
            "all.wacz/one.wacz/archive/data.warc.gz",
            "all.wacz/one.wacz/archive/more.warc",
        ]


def test_a_wacz_without_its_table_of_contents_is_searched_for_records(tmp_path: Path) -> None:
    maker = WarcMaker().add(1, BODY).add(2, BODY)
    path = wacz(tmp_path / "x.wacz", {"archive/data.warc.gz": maker.content, "pages.jsonl": b"{}"})
    path.write_bytes(path.read_bytes()[:-50])
    incoming, problems = read_all(path)
    assert [item.capture.url for item in incoming] == [url_of(1), url_of(2)]
    assert kinds_of(problems) == ["unreadable", "damaged-record", "damaged-record"]


def test_a_damaged_member_costs_the_damaged_record_only(tmp_path: Path) -> None:
    maker = WarcMaker().add(1, BODY).add(2, BODY).add(3, BODY)
    path = wacz(tmp_path / "x.wacz", {"archive/data.warc.gz": maker.content})
    content = bytearray(path.read_bytes())
    content[maker.starts[1] + 150] ^= 0xFF
    path.write_bytes(content)
    incoming, (problem,) = read_all(path)
    assert [item.capture.url for item in incoming] == [url_of(1), url_of(3)]
    assert (problem.kind, problem.member) == ("damaged-record", "archive/data.warc.gz")


def test_damage_in_a_compressed_member_is_reported(tmp_path: Path) -> None:
    maker = WarcMaker().add(1, BODY).add(2, BODY)
    members = {"a.warc.gz": maker.content, "b.warc.gz": maker.content}
    path = wacz(tmp_path / "x.wacz", members, zipfile.ZIP_DEFLATED)
    content = bytearray(path.read_bytes())
    content[maker.starts[1] + 150] ^= 0xFF
    path.write_bytes(content)
    incoming, problems = read_all(path)
    assert {item.capture.source for item in incoming} >= {"x.wacz/b.warc.gz"}
    assert {problem.member for problem in problems} == {"a.warc.gz"}


def test_unreadable_files_do_not_stop_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "crawl"
    WarcMaker().add(2, BODY).save(folder / "b" / "2.warc.gz.open")
    WarcMaker().add(1, BODY).save(folder / "a.warc.gz")
    (folder / "notes.txt").write_text("no WARC")
    (tmp_path / "x.pdf").write_bytes(b"%PDF" * 99)
    (tmp_path / "y.wacz").write_bytes(b"PK\x03\x04 torn")
    incoming, problems = read_all(
        tmp_path / "x.pdf", tmp_path / "y.wacz", tmp_path / "missing", folder
    )
    assert [item.capture.url for item in incoming] == [url_of(1), url_of(2)]
    assert [(problem.path.name, problem.kind) for problem in problems] == [
        ("x.pdf", "unreadable"),
        ("y.wacz", "unreadable"),
        ("y.wacz", "unreadable"),
        ("missing", "unreadable"),
        ("crawl", "left-out"),
    ]
    assert "it contains no complete WARC or ARC record" in str(problems[0])


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_nested_wacz_files(compression: int, tmp_path: Path) -> None:
    content, name = WarcMaker().add(1, BODY).content, "archive/data.warc.gz"
    source = name
    for level in range(1, 8):
        path = wacz(tmp_path / f"{level}.wacz", {name: content}, compression)
        content, name = path.read_bytes(), path.name
        source = f"{name}/{source}"
        incoming, problems = read_all(path)
        details = [problem.detail for problem in problems]
        if level <= 5:
            assert ([item.capture.source for item in incoming], details) == ([source], [])
        else:
            assert (incoming, details) == ([], ["more than 5 files inside each other"])


def test_suffixes_in_capital_letters(tmp_path: Path) -> None:
    folder = tmp_path / "CRAWL"
    content = WarcMaker().add(2, BODY).content
    WarcMaker().add(1, BODY).save(folder / "A.WARC.GZ")
    wacz(folder / "B.WACZ", {"ARCHIVE/DATA.WARC.GZ": content, "PAGES.JSONL": b""})
    WarcMaker(gzip=False).add(3, BODY).save(folder / "C.Warc")
    WarcMaker().add(4, BODY).save(folder / "D.WARC.GZ.OPEN")
    assert [capture.url for capture in read_captures(folder)] == [url_of(n) for n in (1, 2, 3, 4)]


def test_odd_members_of_a_wacz_do_not_affect_others(tmp_path: Path) -> None:
    one, two, three = (WarcMaker().add(n, BODY).content for n in (1, 2, 3))
    maker = ZipMaker().add(b"a.warc.gz", one).add(b"a.warc.gz", two).add(b"", b"no name")
    maker.add("ข่าว.warc.gz".encode("cp874"), three, flags=UTF8)
    maker.add(b"secret.warc.gz", b"x" * 20, flags=ENCRYPTED)
    maker.add(b"odd.warc.gz", one, method=9)
    maker.add(b"lzma.warc.gz", one, coded=b"damaged" * 9, method=14)
    maker.add(b"bzip2.warc.gz", one, coded=b"damaged" * 9, method=12)
    incoming, problems = read_all(maker.save(tmp_path / "x.wacz"))
    assert [item.capture.url for item in incoming] == [url_of(n) for n in (1, 2, 3)]
    assert {problem.member for problem in problems} == {
        "secret.warc.gz",
        "odd.warc.gz",
        "lzma.warc.gz",
        "bzip2.warc.gz",
        None,  # the one without a name
    }


def test_a_wacz_without_warc_files_is_reported(tmp_path: Path) -> None:
    incoming, problems = read_all(wacz(tmp_path / "x.wacz", {"pages/pages.jsonl": b"{}"}))
    assert (incoming, kinds_of(problems)) == ([], ["left-out"])


def test_a_member_that_claims_to_be_huge_is_read(tmp_path: Path) -> None:
    content = WarcMaker().add(1, BODY).content
    maker = ZipMaker().add(b"a.warc.gz", content, size=1 << 31).add(b"b.warc.gz", content)
    incoming, _ = read_all(maker.save(tmp_path / "x.wacz"))
    assert [item.capture.source for item in incoming] == ["x.wacz/a.warc.gz", "x.wacz/b.warc.gz"]


def test_only_regular_files_inside_a_folder_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "crawl"
    WarcMaker().add(1, BODY).save(folder / "a.warc.gz")
    outside = WarcMaker().add(2, BODY).save(tmp_path / "b.warc.gz")
    (folder / "b.warc.gz").symlink_to(outside)
    (folder / "c.warc").symlink_to("/dev/zero")
    os.mkfifo(folder / "d.warc.gz")
    incoming, problems = read_all(folder)
    assert [item.capture.url for item in incoming] == [url_of(1)]
    assert [(problem.member, problem.kind) for problem in problems] == [
        (name, "unreadable") for name in ("b.warc.gz", "c.warc", "d.warc.gz")
    ]
    incoming, problems = read_all(folder / "b.warc.gz", folder / "c.warc", folder / "d.warc.gz")
    assert [item.capture.url for item in incoming] == [url_of(2)]
    assert "a device" in str(problems[0])
    assert "a named pipe" in str(problems[1])


def test_relative_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    WarcMaker().add(1, BODY).save(tmp_path / "crawl" / "deep" / "a.warc.gz")
    monkeypatch.chdir(tmp_path)
    for given in ("crawl", "crawl/deep", ".", "crawl/../crawl", f"../{tmp_path.name}"):
        assert [capture.url for capture in read_captures(Path(given))] == [url_of(1)]
        assert warcs_size([Path(given)]) > 0
