"""Runs, captures and what a crash leaves behind."""

from __future__ import annotations

import errno
import json
import sqlite3
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.captures import CaptureStore
from scraper.archive.database import ArchiveError, open_for_reading
from scraper.archive.lock import ArchiveLockedError
from scraper.archive.runs import verdict
from scraper.archive.writer import ArchiveWriter
from scraper.model import Incoming, Origin, Outcome, Scope
from tests.factories import MOMENT, make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.model import Capture


def crash(writer: ArchiveWriter) -> None:
    """Let a session go as a killed process would: nothing is closed or finished."""
    writer._warc._file.close()
    writer.db.conn.close()
    writer._lock.release()


def test_a_run_tells_what_it_did(db_path: Path) -> None:
    with ArchiveWriter(db_path, "test", {"path": "ไฟล์"}) as writer:
        (stored,) = writer.capture([Incoming(make_capture())])
        writer.save([make_page(stored, make_article())])
        writer.problem("import", "unreadable", "no such file")
    (run,) = open_for_reading(db_path).query("SELECT * FROM runs")
    assert (run["outcome"], run["exit_code"], run["new"], run["captures"]) == ("done", 0, 1, 1)
    assert run["problems"] == 1
    assert json.loads(run["arguments"]) == {"path": "ไฟล์"}
    assert {"thaigov", "python", "sqlite", "scrapy"} <= set(json.loads(run["versions"]))


def test_a_failing_run_says_so_and_frees_the_lock(db_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), ArchiveWriter(db_path, "test", {}):
        raise ZeroDivisionError
    with ArchiveWriter(db_path, "test", {}) as writer:
        outcomes = writer.db.execute("SELECT outcome, exit_code FROM runs").fetchall()
    assert outcomes == [("failed", 1), (None, None)]


def test_only_one_session_at_a_time(writer: ArchiveWriter) -> None:
    with pytest.raises(ArchiveLockedError):
        ArchiveWriter(writer.path, "test", {})


def test_what_a_crash_left_is_taken_in_and_read_later(db_path: Path) -> None:
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


def test_a_record_whose_row_failed_is_taken_in_by_the_next_run(
    db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArchiveWriter(db_path, "test", {}) as writer:
        writer.capture([Incoming(make_capture(1))])
        with monkeypatch.context() as patch:
            patch.setattr(writer.captures, "insert_row", fail)
            with pytest.raises(sqlite3.OperationalError):
                writer.capture([Incoming(make_capture(2))])
        assert [capture.id for capture in writer.pending()] == [1]
    # A second crash while the first is cleared up loses nothing, either.
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


def test_a_lost_record_is_a_fault_and_keeps_nothing_else_from_being_read(db_path: Path) -> None:
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
    ArchiveWriter(db_path, "test", {}).close("done", 0)  # the lock is free


def test_repeated_bytes_are_a_revisit_record_and_read_back(writer: ArchiveWriter) -> None:
    first = make_capture(fetched_at=MOMENT)
    later = make_capture(fetched_at=MOMENT + timedelta(days=1))
    writer.capture([Incoming(first)])
    (stored,) = writer.capture([Incoming(later)])
    writer.save([make_page(stored, make_article())])
    lengths = [n for (n,) in writer.db.execute("SELECT warc_length FROM captures").fetchall()]
    assert stored.id is not None
    assert writer.captures.load(stored.id) == later.model_copy(update={"id": stored.id})
    assert writer.db.execute("SELECT outcome FROM captures WHERE id = 2").fetchone() == (
        "duplicate",
    )
    assert len(lengths) == 2


def corpus_file(**fields: Any) -> Capture:
    return make_capture(origin=Origin.CORPUS, status=None, source="a/b_1.txt", **fields)


def test_a_known_corpus_file_is_only_seen_again(writer: ArchiveWriter) -> None:
    (stored,) = writer.capture([Incoming(corpus_file())])
    writer.save([make_page(stored, make_article())])
    again = corpus_file(fetched_at=MOMENT + timedelta(days=9))
    other = corpus_file(body=b"another text")
    assert writer.split_known([Incoming(again), Incoming(other)]) == ([Incoming(other)], [])
    assert writer.db.execute("SELECT last_seen_at FROM articles").fetchone() == (
        "2025-08-30T03:00:00Z",
    )


def test_a_wider_scope_reads_again_what_was_out_of_it(db_path: Path) -> None:
    with ArchiveWriter(db_path, "test", {}, scope=Scope.INDUSTRY) as writer:
        (stored,) = writer.capture([Incoming(corpus_file())])
        writer.save([make_page(stored, make_article())])
        assert writer.captures.find(corpus_file()) == (1, Outcome.OUT_OF_SCOPE)
        assert writer.split_known([Incoming(corpus_file())]) == ([], [])
    with ArchiveWriter(db_path, "test", {}, scope=Scope.ALL) as writer:
        assert writer.split_known([Incoming(corpus_file())]) == (
            [],
            [corpus_file().model_copy(update={"id": 1})],
        )


def test_a_full_disk_is_named_and_costs_nothing_stored(
    writer: ArchiveWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.capture([Incoming(make_capture(1))])
    warc = writer._warc
    size = warc._file.tell()

    def write_half(_record: object) -> None:
        warc._file.write(b"\x1f\x8b half a record")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(warc._warcio, "write_record", write_half)
    with pytest.raises(OSError, match="No space left"):
        writer.capture([Incoming(make_capture(2))])
    assert warc._file.tell() == size
    assert writer.db.execute("SELECT count(*) FROM captures").fetchone() == (1,)


def test_sqlites_own_disk_error_is_explained(writer: ArchiveWriter) -> None:
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
        second.capture([Incoming(make_capture(2, body=b"goes on"))])
    assert [capture.body for capture in second.pending()] == [b"second", b"goes on"]
    second.close("done", 0)


@pytest.mark.parametrize(
    ("counts", "ending"),
    [
        ({}, ("done", 0)),
        ({"new": 9, "failed": 1}, ("done", 0)),
        ({"new": 8, "failed": 2}, ("unmet", 3)),
        ({"unchanged": 100, "unparsed": 11}, ("done", 0)),
        ({"unchanged": 98, "unparsed": 11}, ("unmet", 3)),
        ({"unparsed": 1}, ("unmet", 3)),
        ({"failed": 1}, ("failed", 1)),
        ({"failed": 3, "missing": 1}, ("done", 0)),
        ({"shell": 3}, ("unmet", 3)),
        ({"shell": 3, "rendered": 3, "new": 3}, ("done", 0)),
        ({"forbidden": 2}, ("refused", 4)),
        ({"forbidden": 2, "new": 1}, ("done", 0)),
    ],
)
def test_verdict(counts: dict[str, int], ending: tuple[str, int]) -> None:
    assert verdict(Counter(counts), faults=0) == ending


def capture_one(path: Path, before: Callable[[], object]) -> None:
    with ArchiveWriter(path, "test", {}) as writer:
        before()
        writer.capture([Incoming(make_capture(1))])


def test_a_warc_folder_that_cannot_be_used_is_named(db_path: Path) -> None:
    warc = db_path.parent / "warc"
    with pytest.raises(ArchiveError, match="warc: captures cannot be written"):
        capture_one(db_path, lambda: warc.write_text("a file is in the way"))
    warc.unlink()
    with ArchiveWriter(db_path, "test", {}) as writer:
        assert writer.db.execute("SELECT outcome FROM runs WHERE id = 1").fetchone() == ("failed",)


def test_a_warc_file_that_cannot_be_opened_is_named(
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
