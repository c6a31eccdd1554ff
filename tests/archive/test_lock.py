from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scraper.archive.lock import ArchiveLockedError, WriterLock

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
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(db_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    with holder.stdout:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ArchiveLockedError, match=f"process {holder.pid}"):
            WriterLock(db_path)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    WriterLock(db_path).release()
