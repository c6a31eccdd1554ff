"""Tells when, where and with what a run of the benchmarks was made."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from benchmarks.processes import ROOT
from scraper.clock import now

PACKAGES = (
    "scrapy", "datasette", "sqlite-utils", "pythainlp", "nlpo3", "beautifulsoup4", "lxml",
    "trafilatura", "newspaper4k", "dateparser",
)  # fmt: skip


def yardstick() -> float:
    """Return the milliseconds of CPU that a fixed piece of work takes."""
    begun = time.process_time()
    sum(number * number for number in range(5_000_000))
    return 1000 * (time.process_time() - begun)


class Made:
    """Collects the circumstances of a run from its beginning to its end."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._yardstick, self._load = yardstick(), os.getloadavg()[0]

    def finished(self) -> dict[str, Any]:
        """Return the circumstances."""
        return {
            "day": f"{now():%-d %B %Y}",
            "commit": _commit(),
            "minutes": (time.monotonic() - self._begun) / 60,
            "cores": os.cpu_count(),
            "processor": _processor(),
            "memory_gib": psutil.virtual_memory().total / (1 << 30),
            "load": [self._load, os.getloadavg()[0]],
            "yardstick": [self._yardstick, yardstick()],
            "versions": {
                "Python": platform.python_version(),
                "SQLite": sqlite3.sqlite_version,
                **{name: version(name) for name in PACKAGES},
            },
        }


def _commit() -> str:
    """Return the short name of the checkout's commit, with a sign if files were changed."""
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
