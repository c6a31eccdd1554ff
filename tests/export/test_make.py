"""Every export is complete or absent, repeatable, and replaces nothing but an earlier export."""

from __future__ import annotations

import errno
import json
import shutil
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.database import ArchiveError, ReadingDatabase
from scraper.archive.lock import ArchiveLockedError
from scraper.archive.publishing import work_folder
from scraper.export import FORMATS, make
from scraper.export.format import FormatError
from scraper.export.make import load_format
from scraper.export.manifest import read_manifest, write_json
from scraper.export.selection import ExportQuery, NothingFoundError
from scraper.search.query import QueryError
from tests.export.sample import EVERY_FORMAT, contents, export
from tests.machine import small_disk
from tests.peers import peer

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("csv", "parquet", "corpus", "huggingface")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("form", EVERY_FORMAT)
@pytest.mark.usefixtures("peers_on_path")
def test_an_export_repeated_has_the_same_bytes(sample: Path, tmp_path: Path, form: str) -> None:
    if form == "wacz":
        peer("wacz")
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    made = export(sample, form, tmp_path / "one" / "out")
    export(sample, form, tmp_path / "two" / "out")
    one, two = contents(tmp_path / "one" / "out"), contents(tmp_path / "two" / "out")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    export(sample, form, tmp_path / "two" / "out", replace=True)
    assert contents(tmp_path / "two" / "out") == one
    beside = {"out"} if form in FOLDERS else {"out", "out.manifest.json"}
    assert names(tmp_path / "two") == beside
    assert made.manifest["articles"] == 4


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_the_manifest_says_what_was_written(sample: Path, tmp_path: Path, form: str) -> None:
    query = ExportQuery("สูตร OR โรงงาน", numbers=(1, 8))
    made = export(sample, form, tmp_path / "out", query)
    manifest = json.loads(made.manifest_path.read_text(encoding="utf-8"))
    assert manifest == made.manifest
    assert manifest["query"] == {"query": "สูตร OR โรงงาน", "numbers": "1-8"}
    assert manifest["articles"] == 2
    assert (manifest["first_on"], manifest["last_on"]) == ("2024-12-31", "2025-01-01")
    assert manifest["tables"]["place_mentions"] == 2
    assert "Copyright Act" in manifest["licence"]
    assert manifest["content_digest"] in manifest["cite"]
    assert manifest["versions"].keys() >= {"thaigov", "sqlite"}
    root = made.path if made.path.is_dir() else made.path.parent
    listed = {entry["path"]: entry for entry in manifest["files"]}
    written = {
        path.relative_to(root).as_posix() for path in root.rglob("*") if path != made.manifest_path
    }
    assert listed.keys() == written
    for name, entry in listed.items():
        data = (root / name).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(data), sha256(data).hexdigest())


def text_file(out: Path) -> None:
    out.write_text("my thesis")


def folder_of_mine(out: Path) -> None:
    out.mkdir()
    (out / "thesis.txt").write_text("my thesis")


def empty_folder(out: Path) -> None:
    out.mkdir()


@pytest.mark.parametrize("make_taken", [text_file, folder_of_mine, empty_folder])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("replace", [False, True])
def test_only_an_export_is_ever_replaced(
    sample: Path, tmp_path: Path, form: str, make_taken: Any, replace: bool
) -> None:
    out = tmp_path / "out"
    make_taken(out)
    before = contents(out) if out.is_dir() else out.read_bytes()
    with pytest.raises(ArchiveError, match="out exists"):
        export(sample, form, out, replace=replace)
    assert (contents(out) if out.is_dir() else out.read_bytes()) == before
    assert names(tmp_path) == {"out"}


def test_a_folder_with_a_file_of_the_user_is_not_replaced(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(sample, "csv", out)
    (out / "notes").mkdir()
    (out / "notes" / "mine.txt").write_text("mine")
    with pytest.raises(ArchiveError, match=r"does not list notes/mine\.txt"):
        export(sample, "csv", out, replace=True)
    assert (out / "notes" / "mine.txt").read_text() == "mine"


def test_without_force_an_export_is_not_replaced(sample: Path, tmp_path: Path) -> None:
    made = export(sample, "jsonl", tmp_path / "out")
    with pytest.raises(ArchiveError, match="--force"):
        export(sample, "jsonl", tmp_path / "out")
    made.path.unlink()
    with pytest.raises(ArchiveError, match=r"out\.manifest\.json exists"):
        export(sample, "jsonl", tmp_path / "out")
    export(sample, "jsonl", tmp_path / "out", ExportQuery(numbers=(5, 5)), replace=True)
    found = read_manifest(made.manifest_path)
    assert found is not None
    assert found["articles"] == 1
    with pytest.raises(ArchiveError, match="not the manifest of an export"):
        export(sample, "csv", tmp_path / "out", replace=True)


def test_a_file_made_meanwhile_is_kept(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = write_json

    def intrude(path: Path, value: Any) -> None:
        write(path, value)
        (tmp_path / "out").write_text("mine")

    monkeypatch.setattr(make, "write_json", intrude)
    with pytest.raises(ArchiveError, match="out exists"):
        export(sample, "jsonl", tmp_path / "out")
    assert (names(tmp_path), (tmp_path / "out").read_text()) == ({"out"}, "mine")


def test_an_archive_that_changes_unnoticed_makes_no_export(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(_self: ReadingDatabase) -> None:
        raise ArchiveError("the file was changed while it was read")

    monkeypatch.setattr(ReadingDatabase, "close", changed)
    with pytest.raises(ArchiveError, match="was changed"):
        export(sample, "jsonl", tmp_path / "out")
    assert names(tmp_path) == set()


def test_a_missing_or_damaged_archive_leaves_nothing(sample: Path, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    with pytest.raises(ArchiveError, match="no archive there"):
        export(tmp_path / "none.db", "csv", folder / "out")
    damaged = bytearray(sample.read_bytes())
    damaged[4096 * 2 : -4096] = bytes(len(damaged) - 4096 * 3)
    (tmp_path / "bad.db").write_bytes(damaged)
    with pytest.raises(ArchiveError, match=r"bad\.db"):
        export(tmp_path / "bad.db", "sqlite", folder / "out")
    assert names(folder) == set()


def test_the_archive_itself_is_safe(sample: Path, tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    shutil.copy(sample, db)
    link = tmp_path / "link"
    link.symlink_to(db)
    for target in (db, link):
        with pytest.raises(ArchiveError, match="is the archive itself"):
            export(db, "sqlite", target, replace=True)
    with pytest.raises(ArchiveError, match="no such folder"):
        export(db, "jsonl", tmp_path / "none" / "out")


@pytest.mark.parametrize("form", EVERY_FORMAT)
def test_nothing_found_leaves_nothing(sample: Path, tmp_path: Path, form: str) -> None:
    with pytest.raises(NothingFoundError, match="no article matches"):
        export(sample, form, tmp_path / "out", ExportQuery("ไม่มีคำนี้แน่นอน"))
    with pytest.raises(QueryError):
        export(sample, form, tmp_path / "out", ExportQuery(" "))
    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    ("form", "says"), [("ics", "has an event"), ("geojson", "names a province")]
)
def test_articles_without_such_facts_leave_nothing(
    sample: Path, tmp_path: Path, form: str, says: str
) -> None:
    with pytest.raises(FormatError, match=says):
        export(sample, form, tmp_path / "out", ExportQuery(numbers=(9, 9)))
    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt(), MemoryError()],
    ids=["full", "stopped", "memory"],
)
def test_a_failure_keeps_the_earlier_export(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    export(sample, "jsonl", tmp_path / "out")
    before = contents(tmp_path / "out")

    def fail(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr("scraper.export.jsonl.json.dumps", fail)
    with pytest.raises((ArchiveError, KeyboardInterrupt, MemoryError)) as caught:
        export(sample, "jsonl", tmp_path / "out", replace=True)
    if isinstance(error, OSError):
        assert "No space left" in str(caught.value)
    monkeypatch.undo()
    assert contents(tmp_path / "out") == before
    assert names(tmp_path) == {"out", "out.manifest.json"}


@pytest.mark.parametrize("form", EVERY_FORMAT)
@pytest.mark.parametrize("kilobytes", [4, 60])
@pytest.mark.usefixtures("peers_on_path")
def test_a_full_disk_leaves_nothing(
    sample: Path, tmp_path: Path, form: str, kilobytes: int
) -> None:
    if form == "wacz":
        peer("wacz")
    full, failure = tmp_path / "full", None
    with small_disk(full, kilobytes):
        try:
            export(sample, form, full / "out")
        except (ArchiveError, FormatError) as error:
            failure = str(error)
        left = names(full)
    if kilobytes == 4:
        assert failure is not None
    if failure is not None:
        assert "full/out" in failure or "No space" in failure
    assert left <= (set() if failure else {"out", "out.manifest.json"})


def test_one_process_at_a_time_and_leftovers_are_removed(sample: Path, tmp_path: Path) -> None:
    left = tmp_path / ".out.making"
    (left / "out" / "articles").mkdir(parents=True)
    (left / "out" / "articles" / "part").write_text("half")
    with work_folder(tmp_path / "out") as folder:
        assert names(folder) == {"lock"}
        with pytest.raises(ArchiveLockedError, match="another process"):
            export(sample, "csv", tmp_path / "out")
    export(sample, "csv", tmp_path / "out")
    assert names(tmp_path) == {"out"}


@pytest.mark.parametrize("form", [name for name, lazy in FORMATS.items() if lazy.needs])
def test_a_missing_package_is_named(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "find_spec", lambda _name: None)
    (package,) = FORMATS[form].needs
    with pytest.raises(FormatError, match=f"{form} needs {package}.*pip install"):
        load_format(form)


@pytest.mark.parametrize("form", EVERY_FORMAT)
def test_a_format_is_named_as_it_is_called(form: str) -> None:
    loaded = load_format(form)
    assert loaded.name == form
    assert loaded.is_folder == (form in FOLDERS)
