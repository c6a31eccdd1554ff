"""Shows progress on stderr: a bar on a terminal, an occasional line in a pipe.

If stderr is a file or the journal, nothing is shown, because it is the log of a job that no one
watches. ``thaigov status`` shows the progress of a run.
"""

from __future__ import annotations

import os
import stat
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

FIRST_PAUSE = 15.0  # seconds until the first line; each pause doubles, to keep cron mails short
LONGEST_SILENCE = 600.0  # seconds
_MB = 10**6


class Meter:
    """Counts finished items and shows progress; a context manager.

    Args:
        label: the work, such as ``import``.
        total: number of items; None if it is not known (yet).
        in_bytes: the items are bytes.
    """

    def __init__(self, label: str, total: int | None = None, *, in_bytes: bool = False) -> None:
        self._label = label
        self._total = total
        self._in_bytes = in_bytes
        self._done = 0
        self._began = self._shown_at = time.monotonic()
        self._pause = FIRST_PAUSE
        self._is_silent = False
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._began = self._shown_at = time.monotonic()
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
        self._is_silent = _is_log()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def expect(self, total: int | None) -> None:
        """Set the total, once it is known."""
        self._total = total
        self._show()

    def advance(self, count: int = 1) -> None:
        """Add ``count`` finished items."""
        self._done += count
        if self._total is not None:
            self._total = max(self._total, self._done)
        self._show()

    def line(self, seconds: float) -> str:
        """Return the progress after some seconds as one line."""
        if self._total is None:
            return f"{self._label}: {self._amount(self._done)}"
        text = f"{self._label}: {self._amount(self._done)} of {self._amount(self._total)}"
        if not self._done or self._done == self._total:
            return text
        return f"{text}, about {_duration(seconds / self._done * (self._total - self._done))} left"

    def _amount(self, count: int) -> str:
        return f"{count / _MB:,.1f} MB" if self._in_bytes else f"{count:,}"

    def _show(self) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done, total=self._total)
            return
        moment = time.monotonic()
        if not self._is_silent and moment - self._shown_at >= self._pause:
            self._shown_at = moment
            self._pause = min(2 * self._pause, LONGEST_SILENCE)
            sys.stderr.write(f"{self.line(moment - self._began)}\n")


def _is_log() -> bool:
    """Return whether stderr is a file or the systemd journal."""
    try:
        state = os.fstat(sys.stderr.fileno())
        journal = os.environ.get("JOURNAL_STREAM")  # device and inode of systemd's stream
        return stat.S_ISREG(state.st_mode) or journal == f"{state.st_dev}:{state.st_ino}"
    except (OSError, ValueError):  # it is closed or has no file descriptor
        return False


def _duration(seconds: float) -> str:
    """Format a duration as ``40 seconds``, ``3 minutes`` or ``2.5 hours``."""
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} hours"
