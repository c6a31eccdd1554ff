"""Exceptions that end a command with a message instead of a traceback."""

from __future__ import annotations

from typing import ClassVar


class ReportedError(Exception):
    """An error that its user can fix; the message says what happened and what to do."""

    exit_code: ClassVar[int] = 1


class FilterError(ReportedError, ValueError):
    """A filter of a search has a value that no article can have."""
