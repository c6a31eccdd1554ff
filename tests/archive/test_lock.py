from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scraper.archive.lock import ArchiveLockedError, WriterLock, holder

if TYPE_CHECKING:
    from pathlib import Path

HOLD = (
    "import sys, pathlib, time; from scraper.archive.lock import WriterLock; "
    "lock = WriterLock(pathlib.Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
)


def test_a_second_writer_is_told_who_holds_the_lock(db_path: Path) -> None:
    lock = WriterLock(db_path)
    with pytest.raises(ArchiveLockedError, match=rf"process {os.getpid()}, since 20\d\d-"):
        WriterLock(db_path)
    lock.release()
    WriterLock(db_path).release()


def test_the_lock_of_a_killed_process_is_free(db_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(db_path)], stdout=subprocess.PIPE)
    assert other.stdout is not None
    with other.stdout:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(ArchiveLockedError, match=f"process {other.pid}"):
            WriterLock(db_path)
        held = holder(db_path)
        assert held is not None
        assert held.pid == other.pid
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert holder(db_path) is None  # though its note is still there
    WriterLock(db_path).release()


def test_whoever_asks_for_the_holder_keeps_no_writer_out(db_path: Path) -> None:
    assert holder(db_path) is None
    lock = WriterLock(db_path)
    assert holder(db_path)
    assert holder(db_path)
    lock.release()
    assert holder(db_path) is None
    WriterLock(db_path).release()
