"""Reading corpora as captures: every packing, every kind of damage, memory."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from scraper.files.problem import ImportProblem
from scraper.imports.corpus import corpus_size, read_corpus
from scraper.model import Capture, Origin
from tests.files.odd_archives import ENCRYPTED, UTF8, ZipMaker, tar_header, zip_bomb

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READ_AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
URL = "https://www.thaigov.go.th/news/contents/details/"
DAY = "data/2025/08/22"
FILES = {
    f"{DAY}/ด้านเศรษฐกิจ_1_98cf1f5b-1a2b-4c3d-8e4f-0123456789ab.txt": f"ว่าว\n\nที่มา : {URL}1",
    f"{DAY}/ด้านเศรษฐกิจ_2_98cf1f5b-1a2b-4c3d-8e4f-0123456789ab.txt": f"\ufeffว่าว\n\nที่มา : {URL}2",
    "11/ทันข่าว_3.txt": "ว่าวไม่มีที่มา",
}
OTHERS = {"README.md": "ว่าว", f"{DAY}/._ด้านเศรษฐกิจ_1.txt": "\x00\x05"}


def read(*paths: Path) -> tuple[list[Capture], list[ImportProblem]]:
    items = list(read_corpus(paths, READ_AT))
    captures = [item for item in items if isinstance(item, Capture)]
    return captures, [item for item in items if isinstance(item, ImportProblem)]


def folder(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def tarball(path: Path, files: dict[str, str]) -> Path:
    with tarfile.open(path, "w" if path.suffix == ".tar" else "w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


PACKINGS: dict[str, Callable[[Path, dict[str, str]], Path]] = {
    "folder": lambda tmp, files: folder(tmp / "v2", files),
    "tar.gz": lambda tmp, files: tarball(tmp / "v2.tar.gz", files),
    "tgz": lambda tmp, files: tarball(tmp / "v2.TGZ", files),
    "tar": lambda tmp, files: tarball(tmp / "v2.tar", files),
    "zip": lambda tmp, files: zipped(tmp / "v2.zip", files),
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_every_packing_gives_the_same_captures(packing: str, tmp_path: Path) -> None:
    captures, problems = read(PACKINGS[packing](tmp_path, FILES | OTHERS))
    found = {capture.source: capture for capture in captures}
    assert found.keys() == FILES.keys()
    first, _, third = (found[name] for name in FILES)
    assert (first.url, third.url) == (
        URL + "1",
        "file:///11/%E0%B8%97%E0%B8%B1%E0%B8%99%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7_3.txt",
    )
    assert first.fetched_at == datetime(2025, 8, 22, tzinfo=UTC)
    assert third.fetched_at == READ_AT
    for name, text in FILES.items():
        capture = found[name]
        assert capture.body == text.encode()
        assert capture.digest == hashlib.sha256(capture.body).hexdigest()
        assert (capture.origin, capture.status) == (Origin.CORPUS, None)
        assert capture.content_type == "text/plain; charset=utf-8"
    (problem,) = problems
    assert problem.kind == "left-out"
    assert problem.detail.startswith("2 files")


def test_a_single_file(tmp_path: Path) -> None:
    path = folder(tmp_path, FILES) / "11" / "ทันข่าว_3.txt"
    captures, problems = read(path)
    assert [capture.source for capture in captures] == ["ทันข่าว_3.txt"]
    assert problems == []


def test_folders_are_read_in_order_of_their_names(tmp_path: Path) -> None:
    names = ["b/2_1.txt", "b/10_1.txt", "a/3_1.txt", "c_1.txt"]
    captures, _ = read(folder(tmp_path / "x", dict.fromkeys(names, "ก")))
    assert [capture.source for capture in captures] == [
        "c_1.txt",
        "a/3_1.txt",
        "b/10_1.txt",
        "b/2_1.txt",
    ]


def test_a_tab_in_a_file_name(tmp_path: Path) -> None:
    captures, _ = read(tarball(tmp_path / "a.tar", {"Government News\t_2.txt": "ก"}))
    assert captures[0].source == "Government News\t_2.txt"
    assert captures[0].url == "file:///Government%20News%09_2.txt"


def test_folders_that_are_not_dates_are_ignored(tmp_path: Path) -> None:
    names = ["data/2025/02/30/ก_1.txt", "ก/2558/2/13.txt"]
    captures, _ = read(tarball(tmp_path / "a.tar", dict.fromkeys(names, "ก")))
    assert [capture.fetched_at for capture in captures] == [READ_AT, READ_AT]


@pytest.mark.parametrize("charset", ["utf-8", "cp874"])
def test_thai_names_of_zips_without_a_utf8_flag(charset: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    name = "ทันข่าว_1.txt"
    placeholder = "x" * len(name.encode(charset))
    zipped(path, {placeholder: "ก"})
    path.write_bytes(path.read_bytes().replace(placeholder.encode(), name.encode(charset)))
    captures, problems = read(path)
    assert [capture.source for capture in captures] == [name]
    assert problems == []


def test_missing_and_foreign_files_are_problems(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "b.zip").write_bytes(b"no zip")
    (tmp_path / "c.tar.gz").write_bytes(b"no tarball")
    names = ["missing", "a.pdf", "b.zip", "c.tar.gz"]
    captures, problems = read(*(tmp_path / name for name in names))
    assert captures == []
    assert [problem.path.name for problem in problems] == names
    assert {problem.kind for problem in problems} == {"unreadable"}
    assert "No such file" in str(problems[0])


@pytest.mark.parametrize("suffix", [".tar.gz", ".tar"])
@pytest.mark.parametrize("cut", [0, 100, 700, 1500], ids=lambda cut: f"cut{cut}")
def test_a_truncated_tarball_is_read_to_its_end(cut: int, suffix: str, tmp_path: Path) -> None:
    texts = {f"{n}_1.txt": os.urandom(900).hex() for n in range(40)}
    path = tarball(tmp_path / f"a{suffix}", texts)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + cut])
    captures, problems = read(path, folder(tmp_path / "b", {"z_1.txt": "ก"}))
    *before, after = captures
    assert after.source == "z_1.txt"
    assert 5 < len(before) < 40
    assert all(capture.body == texts[capture.source or ""].encode() for capture in before)
    (problem,) = problems
    assert "damaged" in problem.detail
    assert problem.path == path


def test_reading_continues_after_a_damaged_tar_header(tmp_path: Path) -> None:
    path = tarball(tmp_path / "a.tar", {f"{n}_1.txt": "x" for n in range(4)})
    path.write_bytes(path.read_bytes().replace(b"2_1.txt", b"3_1.txt"))  # the checksum is wrong
    captures, (problem,) = read(path)
    assert [capture.source for capture in captures] == ["0_1.txt", "1_1.txt", "3_1.txt"]
    assert "no valid header at byte 2,048" in problem.detail
    assert "1_1.txt" in problem.detail


def test_a_corrupt_zip_member_does_not_affect_others(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(3):
            archive.writestr(f"{n}_1.txt", f"text number {n}")
    path.write_bytes(path.read_bytes().replace(b"text number 1", b"TEXT number 1"))
    captures, (problem,) = read(path)
    assert [capture.source for capture in captures] == ["0_1.txt", "2_1.txt"]
    assert (problem.member, problem.kind) == ("1_1.txt", "unreadable")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_a_problem(tmp_path: Path) -> None:
    root = folder(tmp_path / "x", {"a/1_1.txt": "ก", "b/2_1.txt": "ข", "c_1.txt": "ค"})
    (root / "a").chmod(0)
    (root / "c_1.txt").chmod(0)
    captures, problems = read(root)
    (root / "a").chmod(0o700)
    assert [capture.source for capture in captures] == ["b/2_1.txt"]
    assert len(problems) == 2


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.imports.corpus._MAX_BYTES", 10)
    files = {"a_1.txt": "x" * 11, "b_1.txt": "x" * 10}
    for pack in PACKINGS.values():
        captures, (problem,) = read(pack(tmp_path, files))
        assert [capture.source for capture in captures] == ["b_1.txt"]
        assert problem.member == "a_1.txt"


def test_links_and_odd_paths_in_a_tarball_do_not_touch_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        link = tarfile.TarInfo("link_1.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        info = tarfile.TarInfo("../../etc/ก_1.txt")
        info.size = 3
        archive.addfile(info, io.BytesIO("ก".encode()))
    captures, problems = read(path)
    assert [capture.source for capture in captures] == ["../../etc/ก_1.txt"]
    assert [(problem.kind, problem.member) for problem in problems] == [
        ("unreadable", "link_1.txt")
    ]
    assert problems[0].detail == "a link to /etc/passwd"
    assert list(tmp_path.iterdir()) == [path]


def test_a_tarball_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tarball(
        tmp_path / "a.tar.gz", {f"{n}_1.txt": os.urandom(150_000).hex() for n in range(60)}
    )
    tracemalloc.start()
    for _ in read_corpus([path], READ_AT):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6_000_000, "18 MB of text"


def test_only_regular_files_inside_a_folder_are_read(tmp_path: Path) -> None:
    root = folder(tmp_path / "x", {"1.txt": "ก", "sub/2.txt": "ข"})
    outside = folder(tmp_path / "y", {"secret.txt": "ค", "z/3.txt": "ง"})
    os.mkfifo(root / "pipe.txt")
    os.mkfifo(root / "other")
    (root / "zero.txt").symlink_to("/dev/zero")
    (root / "out.txt").symlink_to(outside / "secret.txt")
    (root / "gone.txt").symlink_to("nowhere")
    (root / "circle.txt").symlink_to("circle.txt")
    (root / "same.txt").symlink_to("sub/2.txt")
    (root / "away").symlink_to(outside)
    (root / "back").symlink_to(".")
    captures, problems = read(root)
    assert [capture.source for capture in captures] == ["1.txt", "sub/2.txt"]
    assert {(p.member, p.kind): p.detail for p in problems} == {
        ("away", "unreadable"): f"a link out of the folder, to {outside}; not read. "
        "To import it, name that path",
        ("back", "left-out"): "a link to something else in the folder",
        ("circle.txt", "unreadable"): "a link that leads nowhere; not read",
        ("gone.txt", "unreadable"): "a link that leads nowhere; not read",
        ("out.txt", "unreadable"): f"a link out of the folder, to {outside / 'secret.txt'}; "
        "not read. To import it, name that path",
        ("pipe.txt", "unreadable"): "a named pipe instead of a regular file; not read",
        ("same.txt", "left-out"): "a link to something else in the folder",
        ("zero.txt", "unreadable"): "a link out of the folder, to /dev/zero; not read. "
        "To import it, name that path",
        (None, "left-out"): "1 files are not .txt files and were left out",
    }
    # Links given as paths are followed.
    captures, problems = read(root / "out.txt", root / "away")
    assert [capture.source for capture in captures] == ["out.txt", "secret.txt", "z/3.txt"]
    assert problems == []


def test_paths_that_are_not_regular_files_are_problems(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "b.tar.gz")
    (tmp_path / "c.zip").symlink_to("/dev/zero")
    captures, problems = read(*(tmp_path / name for name in ("a.txt", "b.tar.gz", "c.zip")))
    assert captures == []
    assert [str(problem).rpartition(": ")[2] for problem in problems] == [
        "a named pipe instead of a regular file; not read",
        "a named pipe instead of a regular file; not read",
        "a device instead of a regular file; not read",
    ]


def test_suffixes_in_capital_letters(tmp_path: Path) -> None:
    files = {"A_1.TXT": "ก"}
    paths = [tarball(tmp_path / "X.TAR.GZ", files), zipped(tmp_path / "Y.ZIP", files)]
    paths.append(folder(tmp_path / "Z", files))
    captures, problems = read(*paths)
    assert ([capture.source for capture in captures], problems) == (["A_1.TXT"] * 3, [])


def test_odd_members_do_not_affect_others(tmp_path: Path) -> None:
    maker = ZipMaker().add(b"1.txt", b"one").add(b"1.txt", b"two").add(b"", b"no name")
    maker.add("ข่าว.txt".encode("cp874"), b"three", flags=UTF8)
    maker.add(b"secret.txt", b"x" * 20, flags=ENCRYPTED)
    captures, problems = read(maker.save(tmp_path / "a.zip"))
    assert [capture.body for capture in captures] == [b"one", b"two", b"three"]
    assert [(problem.member, problem.kind) for problem in problems] == [
        ("secret.txt", "unreadable"),
        (None, "left-out"),
    ]


def bombs(place: Path) -> list[Path]:
    """Write small archives that claim or unpack to 100 MB and more, one of each kind."""
    huge = 1 << 30
    contents = {
        "name.tar": tar_header("././@LongLink", huge, tarfile.GNUTYPE_LONGNAME) + bytes(1 << 20),
        "pax.tar": tar_header("p", huge, tarfile.XHDTYPE) + bytes(1 << 20),
        "size.tar": tar_header("x_1.txt", huge) + bytes(1 << 20),
    }
    long_name = gzip.compress(
        tar_header("././@LongLink", 100 << 20, tarfile.GNUTYPE_LONGNAME) + b"n" * (100 << 20)
    )
    contents["name.tar.gz"] = long_name
    contents["zeros.tar.bz2"] = bz2.compress(tar_header("x.bin", 100 << 20) + bytes(100 << 20))
    for method in (8, 12, 14):
        coded = zip_bomb(method, 100 << 20)
        maker = ZipMaker().add(b"x_1.txt", b"", coded=coded, method=method, size=100)
        contents[f"{method}.zip"] = maker.content
    for name, content in contents.items():
        assert len(content) < 3 << 20, name
        (place / name).write_bytes(content)
    return sorted(place.iterdir())


MEASURE = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from scraper.imports.corpus import read_corpus
from scraper.files.problem import ImportProblem
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in map(Path, sys.argv[1:]):
    found = list(read_corpus([path], datetime.now(UTC)))
    assert any(isinstance(item, ImportProblem) for item in found), found
    used = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    assert used < 64, f"{path.name} took {used} MB"
"""


def test_bombs_do_not_fill_the_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MEASURE, *map(str, bombs(tmp_path))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_progress_is_counted_in_bytes_on_disk(tmp_path: Path) -> None:
    for name, pack in PACKINGS.items():
        place = tmp_path / name
        place.mkdir()
        path = pack(place, FILES | OTHERS)
        counts: list[int] = []
        assert len(list(read_corpus([path], READ_AT, counts.append))) == len(FILES) + 1
        assert sum(counts) == corpus_size([path])
    assert corpus_size([folder(tmp_path / "x", FILES | OTHERS)]) == sum(
        len(text.encode()) for text in FILES.values()
    )
    assert corpus_size([tmp_path / "missing"]) == corpus_size([]) == 0
