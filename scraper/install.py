"""What to type to install an optional part, for a checkout and for an installed wheel."""

from __future__ import annotations

import re
import shlex
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

# Where a checkout pins the packages of each extra.
PINS = {"browse": "run.txt", "fast": "fast.txt", "render": "render.txt"}
_CHECKOUT = Path(__file__).resolve().parent.parent
_EXTRA = re.compile(r"(?P<package>[^;]+);.*\bextra == ['\"](?P<extra>[\w-]+)['\"]")


def install_command(extra: str) -> str:
    """Return the command that installs the packages of an extra of ours into this Python.

    In a checkout they are those that ``requirements/`` pins. This program is on no package index,
    so the extra cannot be asked for by name; its packages can.

    Args:
        extra: ``browse``, ``fast`` or ``render``.
    """
    pins = _CHECKOUT / "requirements" / PINS[extra]
    wanted = ["-r", str(pins)] if pins.is_file() else packages_of(extra)
    return shlex.join([sys.executable or "python3", "-m", "pip", "install", *wanted])


def packages_of(extra: str) -> list[str]:
    """Return the packages of an extra with their versions, as the installed metadata has them."""
    try:
        wanted = requires("thaigov") or []
    except PackageNotFoundError:
        wanted = []
    matches = filter(None, map(_EXTRA.fullmatch, wanted))
    return [match["package"].strip() for match in matches if match["extra"] == extra]
