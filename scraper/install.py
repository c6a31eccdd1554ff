"""The commands that install the optional extras."""

from __future__ import annotations

import re
import shlex
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

# Files in requirements/, by extra.
PINS = {
    "attachments": "attachments.txt",
    "browse": "run.txt",
    "cluster": "cluster.txt",
    "export": "export.txt",
    "fast": "fast.txt",
    "mcp": "mcp.txt",
    "render": "render.txt",
    "wacz": "wacz.txt",
}
_CHECKOUT = Path(__file__).resolve().parent.parent
_EXTRA_REQUIREMENT = re.compile(r"(?P<package>[^;]+);.*\bextra == ['\"](?P<extra>[\w-]+)['\"]")


def install_command(extra: str) -> str:
    """Return the command that installs the packages of an extra into this Python.

    A checkout installs the versions pinned in ``requirements/``. thaigov is not on a package index,
    so a wheel names the packages of the extra instead of the extra itself.

    Args:
        extra: a key of ``PINS``, such as ``browse``.
    """
    pins = _CHECKOUT / "requirements" / PINS[extra]
    arguments = ["-r", str(pins)] if pins.is_file() else packages_of(extra)
    return shlex.join([sys.executable or "python3", "-m", "pip", "install", *arguments])


def packages_of(extra: str) -> list[str]:
    """Return the requirements of an extra from the installed metadata."""
    try:
        requirements = requires("thaigov") or []
    except PackageNotFoundError:
        requirements = []
    matches = filter(None, map(_EXTRA_REQUIREMENT.fullmatch, requirements))
    return [match["package"].strip() for match in matches if match["extra"] == extra]
