"""Shows the progress of long work on stderr: a bar on a terminal, a line now and then in a pipe.

Where stderr is a file or the journal nothing is shown: it is a job's log, which nobody watches, and
a job leaves one line there. ``thaigov status`` tells how far a run is.
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

FIRST_SECONDS = 15.0  # until the first line; each further one takes twice as long, for short mails
LONGEST_SECONDS = 600.0  # between two lines
_MB = 10**6


class Meter:
    """Counts things done; a context manager.

    Args:
        label: what is being done, such as ``import``.
        total: how many things there are; None where nobody knows (yet).
        in_bytes: the things are bytes.
    """

    def __init__(self, label: str, total: int | None = None, *, in_bytes: bool = False) -> None:
        self._label = label
        self._total = total
        self._in_bytes = in_bytes
        self._done = 0
        self._began = self._told_at = time.monotonic()
        self._pause = FIRST_SECONDS
        self._is_silent = False
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._began = self._told_at = time.monotonic()
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
        """Say how many things there are, now that it is known, or known better."""
        self._total = total
        self._show()

    def advance(self, count: int = 1) -> None:
        """Note that ``count`` more are done."""
        self._done += count
        if self._total is not None:
            self._total = max(self._total, self._done)  # never more than all
        self._show()

    def line(self, seconds: float) -> str:
        """Return how far the work is after so many seconds, in one line."""
        if self._total is None:
            return f"{self._label}: {self._amount(self._done)}"
        told = f"{self._label}: {self._amount(self._done)} of {self._amount(self._total)}"
        if not self._done or self._done == self._total:
            return told
        return f"{told}, about {_span(seconds / self._done * (self._total - self._done))} left"

    def _amount(self, count: int) -> str:
        return f"{count / _MB:,.1f} MB" if self._in_bytes else f"{count:,}"

    def _show(self) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done, total=self._total)
            return
        moment = time.monotonic()
        if not self._is_silent and moment - self._told_at >= self._pause:
            self._told_at = moment
            self._pause = min(2 * self._pause, LONGEST_SECONDS)
            sys.stderr.write(f"{self.line(moment - self._began)}\n")


def _is_log() -> bool:
    """Whether stderr is a file or the journal of systemd."""
    try:
        state = os.fstat(sys.stderr.fileno())
        journal = os.environ.get("JOURNAL_STREAM")  # device and number of systemd's stream
        return stat.S_ISREG(state.st_mode) or journal == f"{state.st_dev}:{state.st_ino}"
    except (OSError, ValueError):  # it is closed, or no file of the system at all
        return False


def _span(seconds: float) -> str:
    """Return a time for people: ``40 seconds``, ``3 minutes``, ``2.5 hours``."""
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} hours"
