"""Runs ``thaigov`` as a user does: a process of its own, judged by its exit code and output."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

THAIGOV = [sys.executable, "-W", "error", "-c", "from scraper.cli import main; main()"]
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith("THAIGOV_")
} | {"PYTHONUTF8": "1", "THAIGOV_CREATE": "1"}  # many archives of tests have new folders


# What Scrapy 2.19 may run into when its handlers are closed on a busy machine: a timer fires that
# should have been cancelled (HTTP11DownloadHandler.close). No harm is done.
LATE_TIMER = re.compile(
    r"while handling timed call\n *Traceback \(most recent call last\):\n(?:  .*\n)+?"
    r" *twisted\.internet\.defer\.AlreadyCalledError: \n"
)


def assert_no_traceback(stderr: str) -> None:
    """Fail where a program showed its inside to its user."""
    assert "Traceback" not in LATE_TIMER.sub("", stderr), stderr


def thaigov(
    *arguments: str | Path, expect: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and fail unless it exits as expected."""
    done = subprocess.run(
        [*THAIGOV, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=ENVIRONMENT | environment,
        timeout=300,
        check=False,
    )
    told = f"{arguments} exited with {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert done.returncode == expect, told
    assert_no_traceback(done.stderr)
    return done


def thaigov_json(*arguments: str | Path, expect: int = 0) -> Any:
    """Run a command with ``--json`` and return what it printed."""
    return json.loads(thaigov(*arguments, "--json", expect=expect).stdout)


def start(*arguments: str | Path, **environment: str) -> subprocess.Popen[bytes]:
    """Begin a command and return its process, for tests that end it early."""
    return subprocess.Popen(
        [*THAIGOV, *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT | environment,
    )
