"""Runs ``thaigov`` as a user does, in its own process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

# sqlite-utils loads pandas and numpy where they are installed, which takes as long as half of the
# rest; here they are installed for docs/analysts.md only.
WITHOUT_PANDAS = "import sys; sys.modules.update(numpy=None, pandas=None)"
RUN_MAIN = f"{WITHOUT_PANDAS}; from scraper.cli import main; main()"
THAIGOV = [sys.executable, "-W", "error", "-c", RUN_MAIN]
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith("THAIGOV_")
} | {"PYTHONUTF8": "1", "THAIGOV_CREATE": "1"}  # most tests use a new folder


# On a busy machine, Scrapy 2.19 may log that a timer fired which it should have cancelled
# (HTTP11DownloadHandler.close). It is harmless.
LATE_TIMER = re.compile(
    r"while handling timed call\n *Traceback \(most recent call last\):\n(?:  .*\n)+?"
    r" *twisted\.internet\.defer\.AlreadyCalledError: \n"
)


def assert_no_traceback(stderr: str) -> None:
    """Fail if a program printed a traceback."""
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
    report = f"{arguments} exited with {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert done.returncode == expect, report
    assert_no_traceback(done.stderr)
    return done


def thaigov_json(*arguments: str | Path, expect: int = 0) -> Any:
    """Run a command with ``--json`` and return what it printed."""
    return json.loads(thaigov(*arguments, "--json", expect=expect).stdout)


def start(*arguments: str | Path, **environment: str) -> subprocess.Popen[bytes]:
    """Start a command and return its process, for tests that end it early."""
    return subprocess.Popen(
        [*THAIGOV, *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT | environment,
    )
