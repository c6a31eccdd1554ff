"""The base of every exception that ends a command with a message instead of a traceback."""

from __future__ import annotations

from typing import ClassVar


class ReportedError(Exception):
    """An error that its user can fix; the message says what happened and what to do."""

    exit_code: ClassVar[int] = 1
