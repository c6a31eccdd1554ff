"""Imports that get a signal or lose a worker: one message, nothing lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.practice.site.still import PracticeSite
from tests.archive_dump import assert_sound
from tests.commands import ENVIRONMENT, THAIGOV, thaigov_json
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from collections.abc import Callable

SITE = PracticeSite(size=200)


def pages_read(db: Path) -> int:
    """Return how many captures of an archive have been read, 0 before it exists."""
    try:
        with closing(sqlite3.connect(f"{db.as_uri()}?mode=ro", uri=True)) as connection:
            (count,) = connection.execute("SELECT count(outcome) FROM captures").fetchone()
    except sqlite3.OperationalError:  # it does not exist yet
        return 0
    return int(count)


def children(pid: int) -> list[int]:
    """Return the workers of a process: its children that run Python's spawned main."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    named = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in listed}
    return [child for child, command in named.items() if b"worker_main" in command]


def interrupt(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does: to the workers, too


def terminate(process: subprocess.Popen[str]) -> None:
    process.terminate()


def hang_up(process: subprocess.Popen[str]) -> None:
    for _ in range(2):  # by the terminal, and by the shell in it
        os.killpg(process.pid, signal.SIGHUP)


def kill_a_worker(process: subprocess.Popen[str]) -> None:
    os.kill(children(process.pid)[0], signal.SIGKILL)


@pytest.mark.parametrize(
    ("disturb", "ending", "sentence"),
    [
        (interrupt, ("stopped", 1), "run the same command to continue"),
        (terminate, ("stopped", 1), "run the same command to continue"),
        (hang_up, ("stopped", 1), "run the same command to continue"),
        (kill_a_worker, ("done", 0), ""),
    ],
)
def test_an_interrupted_import_ends_in_order(
    tmp_path: Path,
    disturb: Callable[[subprocess.Popen[str]], None],
    ending: tuple[str, int],
    sentence: str,
) -> None:
    if disturb is kill_a_worker and not Path("/proc/self/task").is_dir():
        pytest.skip("the workers of a process are found by /proc")
    write_corpus(SITE, tmp_path / "corpus")
    db = tmp_path / "archive" / "thaigov.db"
    command = ("import", "corpus", tmp_path / "corpus", "--workers", "2", "--db", db)
    process = subprocess.Popen(
        [*THAIGOV, *map(str, command)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        start_new_session=True,
    )
    while pages_read(db) == 0:  # from then on every worker is busy
        time.sleep(0.01)
    disturb(process)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == ending[1]
    assert sentence in stderr
    assert "Traceback" not in stderr
    run: tuple[Any, ...]
    with closing(sqlite3.connect(db)) as connection:
        run = connection.execute("SELECT outcome, exit_code FROM runs").fetchone()
    assert run == ending
    thaigov_json(*command)
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (SITE.size,)
    assert_sound(db)
