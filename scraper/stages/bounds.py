"""How much time and memory one page may take, and the error of a page that takes more."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from scraper.attachments.reading import unread_file
from scraper.model import Outcome, Page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from scraper.model import Capture

READING = "reading"  # the stage that the problems name
OVER_TIME, OVER_MEMORY, DIED = "over-time-limit", "over-memory-limit", "worker-died"
MIB = 1 << 20


@dataclass(frozen=True)
class PageBounds:
    """How much time and memory one page may take.

    Attributes:
        cpu_seconds: CPU time of the worker, user and system; enforced by the kernel.
        wall_seconds: time until the parent gives up on a worker that hangs or is stopped; a second
            in which the worker uses the processor counts as a tenth.
        memory: bytes of address space beyond what a worker has before its first page.
    """

    cpu_seconds: float
    wall_seconds: float
    memory: int

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """Return the bounds that the settings ``PAGE_*`` give."""
        return cls(
            float(values["PAGE_CPU_SECONDS"]),
            float(values["PAGE_WALL_SECONDS"]),
            int(values["PAGE_MEMORY"]),
        )


class ReadingError(Exception):
    """Reading a page exceeded a bound or ended the worker.

    Attributes:
        kind: of the problem that the page gets.
        is_certain: it is the page's fault, so there is no second try.
        was_killed: by SIGKILL, which no page causes; the kernel sends it when memory runs out.
    """

    def __init__(
        self, kind: str, detail: str, *, is_certain: bool = False, was_killed: bool = False
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.is_certain = is_certain
        self.was_killed = was_killed

    def unparsed_page(self, capture: Capture) -> Page:
        """Return the capture's page: unparsed, with this problem.

        Args:
            capture: with its bytes, which show whether it is a file even if its text was not read.
        """
        file = None if capture.attachment is None else unread_file(capture)
        outcome = Outcome.UNPARSED if file is None else Outcome.ATTACHMENT
        page = Page(capture=capture, outcome=outcome, file=file)
        page.add_problem(READING, self.kind, f"{self}; only `thaigov reparse` tries it again")
        return page


def over_cpu_time(bounds: PageBounds) -> ReadingError:
    """Return the error of a page that takes too much CPU time."""
    detail = f"reading it took more than {bounds.cpu_seconds:g} s of CPU time"
    return ReadingError(OVER_TIME, detail, is_certain=True)


def over_wall_time(bounds: PageBounds) -> ReadingError:
    """Return the error of a page whose worker does not answer."""
    detail = f"the process that read it gave no answer for {bounds.wall_seconds:g} s"
    return ReadingError(OVER_TIME, detail)


def over_memory(allowed: int) -> ReadingError:
    """Return the error of a page that takes more than ``allowed`` bytes."""
    detail = f"reading it took more than {allowed // MIB:,} MiB of memory"
    return ReadingError(OVER_MEMORY, detail)


def worker_died(returncode: int, bounds: PageBounds) -> ReadingError:
    """Return the error of a page whose worker ended with this exit code."""
    if returncode == -signal.SIGPROF:
        return over_cpu_time(bounds)
    reason = f"exit code {returncode}"
    if returncode < 0:
        reason = f"signal {signal.Signals(-returncode).name}"
    detail = f"the process that read it ended, twice ({reason})"
    return ReadingError(DIED, detail, was_killed=returncode == -signal.SIGKILL)
