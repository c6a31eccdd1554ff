"""Keeps PyThaiNLP to the data in its package."""

from __future__ import annotations

import os


def use_packaged_data() -> None:
    """Prevent PyThaiNLP from creating folders and downloading; call it before its first import.

    Without this, PyThaiNLP creates a folder in the home directory and might download a corpus. A
    user's own setting wins, also under its former name: PyThaiNLP does not accept both at once.
    """
    os.environ.setdefault("PYTHAINLP_OFFLINE", "1")
    if "PYTHAINLP_READ_MODE" not in os.environ:
        os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
