"""How much one page may cost, and what becomes of a page that costs more."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from scraper.model import Outcome, Page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from scraper.model import Capture

STAGE = "reading"  # of the problems noted here
OVER_TIME, OVER_MEMORY, DIED = "over-time-limit", "over-memory-limit", "worker-died"
MIB = 1 << 20


@dataclass(frozen=True)
class Bounds:
    """What one page may cost.

    Attributes:
        cpu_seconds: CPU time of the worker, user and system; kept by the kernel.
        wall_seconds: time until the parent gives up on a worker that hangs or is stopped; seconds
            in which it is at work count a tenth.
        memory: bytes of address space beyond what a worker has before its first page.
    """

    cpu_seconds: float
    wall_seconds: float
    memory: int

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Return the bounds that settings name."""
        return cls(
            float(values["PAGE_CPU_SECONDS"]),
            float(values["PAGE_WALL_SECONDS"]),
            int(values["PAGE_MEMORY"]),
        )


class ReadingError(Exception):
    """A page could not be read to its end.

    Attributes:
        kind: of the problem the page gets.
        is_certain: no second try is needed to know that it is the page's fault.
        was_killed: by SIGKILL, which a page does not do; the kernel does when memory runs out.
    """

    def __init__(
        self, kind: str, detail: str, *, is_certain: bool = False, was_killed: bool = False
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.is_certain = is_certain
        self.was_killed = was_killed

    def set_aside(self, capture: Capture) -> Page:
        """Return the page of the capture: unparsed, for ``thaigov reparse`` to try again."""
        page = Page(capture=capture, outcome=Outcome.UNPARSED)
        page.add_problem(STAGE, self.kind, f"{self}; only `thaigov reparse` tries it again")
        return page


def over_cpu_time(bounds: Bounds) -> ReadingError:
    """Return the error of a page that took too much CPU time."""
    detail = f"reading it took more than {bounds.cpu_seconds:g} s of CPU time"
    return ReadingError(OVER_TIME, detail, is_certain=True)


def over_wall_time(bounds: Bounds) -> ReadingError:
    """Return the error of a page whose worker did not answer."""
    detail = f"the process that read it gave no answer for {bounds.wall_seconds:g} s"
    return ReadingError(OVER_TIME, detail)


def over_memory(allowed: int) -> ReadingError:
    """Return the error of a page that took more than ``allowed`` bytes."""
    detail = f"reading it took more than {allowed // MIB:,} MiB of memory"
    return ReadingError(OVER_MEMORY, detail)


def worker_died(returncode: int, bounds: Bounds) -> ReadingError:
    """Return the error of a page whose worker ended, by the worker's exit code."""
    if returncode == -signal.SIGPROF:
        return over_cpu_time(bounds)
    how = f"exit code {returncode}"
    if returncode < 0:
        how = f"signal {signal.Signals(-returncode).name}"
    detail = f"it ended the process that read it, twice ({how})"
    return ReadingError(DIED, detail, was_killed=returncode == -signal.SIGKILL)
