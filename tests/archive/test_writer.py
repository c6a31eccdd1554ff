"""Runs, their captures, and recovery after crashes and full disks."""

from __future__ import annotations

import errno
import json
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.captures import CaptureStore
from scraper.archive.database import ArchiveError, open_for_reading
from scraper.archive.lock import ArchiveLockedError
from scraper.archive.writer import ArchiveWriter
from scraper.model import Incoming, Origin, Outcome, Scope
from tests.factories import MOMENT, make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.model import Capture


def crash(writer: ArchiveWriter) -> None:
    """End a run like a killed process, without closing or finishing anything."""
    writer._warc._file.close()
    writer.db.conn.close()
    writer._lock.release()


def test_a_run_records_what_it_did(db_path: Path) -> None:
    with ArchiveWriter(db_path, "test", {"path": "ไฟล์"}) as writer:
        (stored,) = writer.capture([Incoming(make_capture())])
        writer.save([make_page(stored, make_article())])
        writer.problem("import", "unreadable", "no such file")
    (run,) = open_for_reading(db_path).query("SELECT * FROM runs")
    assert (run["outcome"], run["exit_code"], run["new"], run["captures"]) == ("done", 0, 1, 1)
    assert run["problems"] == 1
    assert json.loads(run["arguments"]) == {"path": "ไฟล์"}
    assert {"thaigov", "python", "sqlite", "scrapy"} <= set(json.loads(run["versions"]))


def test_a_failing_run_records_it_and_releases_the_lock(db_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), ArchiveWriter(db_path, "test", {}):
        raise ZeroDivisionError
    with ArchiveWriter(db_path, "test", {}) as writer:
        outcomes = writer.db.execute("SELECT outcome, exit_code FROM runs").fetchall()
    assert outcomes == [("failed", 1), (None, None)]


def test_only_one_run_at_a_time(writer: ArchiveWriter) -> None:
    with pytest.raises(ArchiveLockedError):
        ArchiveWriter(writer.path, "test", {})


def test_the_next_run_recovers_captures_after_a_crash(db_path: Path) -> None:
    writer = ArchiveWriter(db_path, "test", {})
    with_row, without_row = make_capture(1), make_capture(2, body=b"<p>other</p>")
    writer.capture([Incoming(with_row)])
    writer._warc.write(without_row, without_row.body, ())  # killed before its row was written
    crash(writer)

    with ArchiveWriter(db_path, "test", {}) as again:
        assert again.salvaged == 1
        waiting = list(again.pending())
        assert [capture.url for capture in waiting] == [with_row.url, without_row.url]
        assert waiting[1].body == b"<p>other</p>"
        again.save([make_page(capture, None) for capture in waiting])
        assert list(again.pending()) == []
    outcomes = open_for_reading(db_path).execute("SELECT outcome FROM runs").fetchall()
    assert outcomes == [("interrupted",), ("done",)]


def fail(*_: object) -> None:
    raise sqlite3.OperationalError("the power went out")


def test_the_next_run_adds_rows_that_could_not_be_written(
    db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArchiveWriter(db_path, "test", {}) as writer:
        writer.capture([Incoming(make_capture(1))])
        with monkeypatch.context() as patch:
            patch.setattr(writer.captures, "insert_row", fail)
            with pytest.raises(sqlite3.OperationalError):
                writer.capture([Incoming(make_capture(2))])
        assert [capture.id for capture in writer.pending()] == [1]
    # A second crash during the recovery loses nothing either.
    with monkeypatch.context() as patch:
        patch.setattr(CaptureStore, "insert_row", fail)
        with pytest.raises(sqlite3.OperationalError):
            ArchiveWriter(db_path, "test", {})
    with ArchiveWriter(db_path, "test", {}) as writer:
        assert writer.salvaged == 1
        assert [capture.url for capture in writer.pending()] == [
            make_capture(1).url,
            make_capture(2).url,
        ]
    assert not list((db_path.parent / "warc").glob("*.open"))


def test_a_lost_record_is_a_fault_and_the_others_are_still_read(db_path: Path) -> None:
    with ArchiveWriter(db_path, "test", {}) as writer:
        writer.capture([Incoming(make_capture(1))])
    (lost,) = (db_path.parent / "warc").iterdir()
    lost.unlink()
    with ArchiveWriter(db_path, "test", {}) as writer:
        writer.capture([Incoming(make_capture(2))])
        assert [capture.id for capture in writer.pending()] == [2]
    assert writer.exit_code == 3
    with open_for_reading(db_path) as archive:
        problems = archive.execute("SELECT capture_id, stage, kind, detail FROM problems")
        (problem,) = problems.fetchall()
    assert problem[:3] == (1, "captures", "unreadable-record")
    assert lost.name in problem[3]


def test_a_run_that_cannot_be_closed_has_failed(
    db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = ArchiveWriter(db_path, "test", {})
    with monkeypatch.context() as patch:
        patch.setattr("scraper.archive.writer.write_counts", fail)
        with pytest.raises(sqlite3.OperationalError):
            writer.close("done", 0)
    assert writer.exit_code == 1
    ArchiveWriter(db_path, "test", {}).close("done", 0)  # the lock was released


def corpus_file(**fields: Any) -> Capture:
    return make_capture(origin=Origin.CORPUS, status=None, source="a/b_1.txt", **fields)


def test_a_known_corpus_file_only_updates_last_seen_at(writer: ArchiveWriter) -> None:
    (stored,) = writer.capture([Incoming(corpus_file())])
    writer.save([make_page(stored, make_article())])
    again = corpus_file(fetched_at=MOMENT + timedelta(days=9))
    other = corpus_file(body=b"another text")
    assert writer.split_known([Incoming(again), Incoming(other)]) == ([Incoming(other)], [])
    assert writer.db.execute("SELECT last_seen_at FROM articles").fetchone() == (
        "2025-08-30T03:00:00Z",
    )


def test_a_wider_scope_reads_captures_again_that_were_out_of_scope(db_path: Path) -> None:
    with ArchiveWriter(db_path, "test", {}, scope=Scope.INDUSTRY) as writer:
        (stored,) = writer.capture([Incoming(corpus_file())])
        writer.save([make_page(stored, make_article())])
        assert writer.captures.find(corpus_file()) == (1, Outcome.OUT_OF_SCOPE)
        assert writer.split_known([Incoming(corpus_file())]) == ([], [])
    with ArchiveWriter(db_path, "test", {}, scope=Scope.ALL) as writer:
        assert writer.split_known([Incoming(corpus_file())]) == (
            [],
            [Incoming(corpus_file().model_copy(update={"id": 1}))],
        )


def test_a_full_disk_is_reported_and_stored_captures_stay(
    writer: ArchiveWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.capture([Incoming(make_capture(1))])
    warc = writer._warc
    size = warc._file.tell()

    class FullDisk:
        """The file, on a disk that has no room for a whole record."""

        def __init__(self, file: Any) -> None:
            self.file = file

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

        def write(self, data: bytes) -> None:
            self.file.write(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(warc, "_file", FullDisk(warc._file))
        with pytest.raises(OSError, match="No space left"):
            writer.capture([Incoming(make_capture(2))])
    assert warc._file.tell() == size
    assert writer.db.execute("SELECT count(*) FROM captures").fetchone() == (1,)


def test_a_full_disk_in_sqlite_is_explained(writer: ArchiveWriter) -> None:
    writer.db.execute("PRAGMA max_page_count = 1")
    captures = [make_capture(n, body=bytes([n]) * 9000) for n in range(50)]
    with pytest.raises(ArchiveError, match=r"thaigov\.db: the disk is full"):
        writer.capture([Incoming(capture) for capture in captures])
    writer.db.execute("PRAGMA max_page_count = 1000000")


def test_two_archives_in_one_folder_keep_their_captures_apart(tmp_path: Path) -> None:
    first, second = (ArchiveWriter(tmp_path / name, "test", {}) for name in ("a.db", "a-b.db"))
    for writer, body in ((first, b"first"), (second, b"second")):
        writer.capture([Incoming(make_capture(body=body))])
    crash(first)
    with ArchiveWriter(tmp_path / "a.db", "test", {}) as again:
        assert [capture.body for capture in again.pending()] == [b"first"]
        second.capture([Incoming(make_capture(2, body=b"more"))])
    assert [capture.body for capture in second.pending()] == [b"second", b"more"]
    second.close("done", 0)


def capture_one(path: Path, before: Callable[[], object]) -> None:
    with ArchiveWriter(path, "test", {}) as writer:
        before()
        writer.capture([Incoming(make_capture(1))])


def test_an_unusable_warc_folder_is_reported(db_path: Path) -> None:
    warc = db_path.parent / "warc"
    with pytest.raises(ArchiveError, match="warc: captures cannot be written"):
        capture_one(db_path, lambda: warc.write_text("a file is in the way"))
    warc.unlink()
    with ArchiveWriter(db_path, "test", {}) as writer:
        assert writer.db.execute("SELECT outcome FROM runs WHERE id = 1").fetchone() == ("failed",)


def test_a_warc_file_that_cannot_be_opened_is_reported(
    db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "x.warc.gz.open")

    with (
        monkeypatch.context() as patch,
        pytest.raises(ArchiveError, match=r"cannot be written to this file .*Permission"),
    ):
        capture_one(db_path, lambda: patch.setattr("pathlib.Path.open", refuse))
    with ArchiveWriter(db_path, "test", {}) as writer:
        assert writer.db.execute("SELECT outcome FROM runs WHERE id = 1").fetchone() == ("failed",)
