"""Chromium as a reference: the HTML of a page after its scripts have run."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    # Names of hosts that do not exist need no network to be unknown.
    "--host-resolver-rules=MAP *.example ~NOTFOUND",
    # Time goes by as fast as the page can be busy; answers on their way are waited for.
    "--virtual-time-budget=5000",
)  # fmt: skip


def chromium() -> str:
    """Return the browser's path. Without a browser, skip the test, or fail it in CI."""
    named = os.environ.get("THAIGOV_CHROMIUM")
    found = next(filter(None, map(shutil.which, filter(None, (named, *NAMES)))), None)
    if found is None:
        reason = "no Chromium is installed (Debian's package is chromium)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return found


def dump_dom(url: str, profile: Path) -> str:
    """Return the HTML of a page after its scripts have run."""
    done = subprocess.run(
        [chromium(), *QUIET, f"--user-data-dir={profile}", "--dump-dom", url],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout
