"""Progress of long work on stderr: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from rich.progress import TaskID

EVERY_SECONDS = 15.0  # between plain lines, so that a cron mail stays short


class Meter:
    """Counts things done; a context manager.

    Args:
        label: what is being done, such as ``import``.
        total: how many things there are; None where nobody knows.
        in_bytes: the things are bytes.
    """

    def __init__(self, label: str, total: int | None = None, *, in_bytes: bool = False) -> None:
        self._label = label
        self._total = total
        self._in_bytes = in_bytes
        self._done = 0
        self._told_at = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                DownloadColumn() if self._in_bytes else MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task(self._label, total=self._total)
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, count: int = 1) -> None:
        """Note that ``count`` more are done."""
        self._done += count
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, count)
        elif time.monotonic() - self._told_at >= EVERY_SECONDS:
            self._told_at = time.monotonic()
            total = "" if self._total is None else f" of {self._total:,}"
            unit = " bytes" if self._in_bytes else ""
            sys.stderr.write(f"{self._label}: {self._done:,}{total}{unit}\n")
