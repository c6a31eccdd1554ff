"""Progress lines: amounts, time left, and silence in a log file."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from scraper.progress import Meter

if TYPE_CHECKING:
    from pathlib import Path

WORK = """
from scraper import progress
progress.FIRST_PAUSE = 0
with progress.Meter("work", 3) as meter:
    for _ in range(3):
        meter.advance()
"""


@pytest.mark.parametrize(
    ("total", "done", "seconds", "line"),
    [
        (None, 5, 60, "work: 5"),
        (3605, 0, 0, "work: 0 of 3,605"),
        (3605, 3606, 9, "work: 3,606 of 3,606"),
        (100, 50, 40, "work: 50 of 100, about 40 seconds left"),
        (100, 10, 20, "work: 10 of 100, about 3 minutes left"),
        (100, 1, 120, "work: 1 of 100, about 3.3 hours left"),
        (100, 100, 7, "work: 100 of 100"),
    ],
)
def test_a_line_has_amounts_and_time_left(
    total: int | None, done: int, seconds: float, line: str
) -> None:
    meter = Meter("work", total)
    meter.advance(done)
    assert meter.line(seconds) == line


def test_bytes_are_shown_in_megabytes() -> None:
    meter = Meter("import", 10_000_000, in_bytes=True)
    meter.advance(2_500_000)
    assert meter.line(10) == "import: 2.5 MB of 10.0 MB, about 30 seconds left"


def test_the_total_may_be_set_later() -> None:
    meter = Meter("crawl numbers")
    meter.advance(2)
    meter.expect(10)
    assert meter.line(2) == "crawl numbers: 2 of 10, about 8 seconds left"


def test_a_log_file_gets_nothing_and_a_pipe_gets_lines(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        subprocess.run([sys.executable, "-c", WORK], stderr=log, check=True)
    assert not (tmp_path / "log").read_text()
    done = subprocess.run([sys.executable, "-c", WORK], capture_output=True, text=True, check=True)
    assert done.stderr.startswith("work: 1 of 3")


def test_lines_become_rarer(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, stderr = [0.0], io.StringIO()
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(sys, "stderr", stderr)
    with Meter("work") as meter:
        for _ in range(24 * 3600):
            clock[0] += 1
            meter.advance()
    lines = stderr.getvalue().splitlines()
    assert lines[0] == "work: 15"
    assert lines[1] == "work: 45"
    assert len(lines) < 200
