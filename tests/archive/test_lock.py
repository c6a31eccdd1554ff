from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scraper.archive.database import ArchiveError, open_for_reading
from scraper.archive.lock import ArchiveLockedError, WriterLock, active_run, lock_holder, note_path
from scraper.archive.writer import ArchiveWriter
from scraper.clock import now
from scraper.upkeep.health import failed_checks
from scraper.upkeep.health_checks import CheckLimits
from scraper.upkeep.status import archive_status

if TYPE_CHECKING:
    from pathlib import Path

HOLD = (
    "import sys, pathlib, time; from scraper.archive.lock import WriterLock; "
    "lock = WriterLock(pathlib.Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
)


def test_a_second_writer_learns_who_holds_the_lock(db_path: Path) -> None:
    lock = WriterLock(db_path)
    with pytest.raises(ArchiveLockedError, match=rf"process {os.getpid()}, since 20\d\d-"):
        WriterLock(db_path)
    lock.release()
    WriterLock(db_path).release()


def test_a_killed_process_releases_its_lock(db_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(db_path)], stdout=subprocess.PIPE)
    assert other.stdout is not None
    with other.stdout:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(ArchiveLockedError, match=f"process {other.pid}"):
            WriterLock(db_path)
        held = lock_holder(db_path)
        assert held is not None
        assert held.pid == other.pid
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert lock_holder(db_path) is None  # although its note is still there
    WriterLock(db_path).release()


def test_asking_for_the_holder_blocks_no_writer(db_path: Path) -> None:
    assert lock_holder(db_path) is None
    lock = WriterLock(db_path)
    assert lock_holder(db_path)
    assert lock_holder(db_path)
    lock.release()
    assert lock_holder(db_path) is None
    WriterLock(db_path).release()


DIE_RUNNING = (
    "import os, sys, pathlib; from scraper.archive.writer import ArchiveWriter; "
    "ArchiveWriter(pathlib.Path(sys.argv[1]), 'crawl latest', {}); os.kill(os.getpid(), 9)"
)


def outcomes(path: Path) -> list[str]:
    with open_for_reading(path) as db:
        ended_badly = {
            case.case["id"]
            for case in failed_checks(db, path, CheckLimits(free=0, free_share=0), now())
            if case.name == "ended-well"
        }
        runs = archive_status(db, path)["runs"]
    # `check` and `status` agree about runs without an outcome.
    assert {run["id"] for run in runs if run["outcome"] == "interrupted"} == ended_badly
    return [run["outcome"] for run in runs]


def test_a_killed_run_is_interrupted_and_a_live_one_is_running(db_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DIE_RUNNING, str(db_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert outcomes(db_path) == ["interrupted"]
    lock = WriterLock(db_path, is_run=False)  # `verify` holds the lock but is not a run
    assert outcomes(db_path) == ["interrupted"]
    lock.release()
    with ArchiveWriter(db_path, "import corpus", {}) as writer, open_for_reading(db_path) as db:
        assert active_run(db, lock_holder(db_path)) == writer.run_id
        assert archive_status(db, db_path)["runs"][0]["outcome"] == "(running)"


@pytest.mark.parametrize("note", ["", "{", "[]", "7", "{}", '{"pid": 1, "since": "x"}'])
def test_an_unreadable_note_names_no_holder(db_path: Path, note: str) -> None:
    lock = WriterLock(db_path)
    note_path(db_path).write_text(note)
    assert lock_holder(db_path) is None
    with pytest.raises(ArchiveLockedError, match="it has just started"):
        WriterLock(db_path)
    lock.release()


def test_a_note_that_cannot_be_written_is_an_error_and_releases_the_lock(db_path: Path) -> None:
    note_path(db_path).mkdir(parents=True)
    with pytest.raises(ArchiveError, match=r"\.lock\.json: cannot be written"):
        WriterLock(db_path)
    note_path(db_path).rmdir()
    WriterLock(db_path).release()
