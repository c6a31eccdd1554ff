"""Adds up the time that the parts of a run take, for ``--profile``; off unless it is started.

Each process has its own times. Workers send theirs with their results.
"""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import contextmanager, nullcontext
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager


class Times(NamedTuple):
    """Seconds by part.

    Attributes:
        here: CPU time of this process.
        workers: CPU time of the workers.
        waits: time in which a process waited for another; not CPU time.
        begun: CPU time of this process at the beginning.
    """

    here: defaultdict[str, float]
    workers: defaultdict[str, float]
    waits: defaultdict[str, float]
    begun: float


_times: Times | None = None
_lock = Lock()
_NOTHING = nullcontext()


def start() -> Times:
    """Start measuring in this process; return the times, which grow from now on."""
    global _times  # noqa: PLW0603  one run, and one profile, a process
    _times = Times(defaultdict(float), defaultdict(float), defaultdict(float), time.process_time())
    return _times


def stop() -> None:
    """Stop measuring."""
    global _times  # noqa: PLW0603
    _times = None


def is_on() -> bool:
    """Return whether this process measures."""
    return _times is not None


def part(name: str) -> AbstractContextManager[None]:
    """Run a block whose CPU time counts for a part; parts must not be nested."""
    return _NOTHING if _times is None else _adding(_times.here, name, time.thread_time)


def waiting(name: str) -> AbstractContextManager[None]:
    """Run a block that only waits for another process."""
    return _NOTHING if _times is None else _adding(_times.waits, name, time.monotonic)


@contextmanager
def _adding(times: dict[str, float], name: str, now: Callable[[], float]) -> Iterator[None]:
    begun = now()
    try:
        yield
    finally:
        with _lock:
            times[name] += now() - begun


def take() -> tuple[dict[str, float], dict[str, float]] | None:
    """Return CPU times and waits of this worker since the last call; None if it is off."""
    if _times is None:
        return None
    taken = dict(_times.here), dict(_times.waits)
    _times.here.clear()
    _times.waits.clear()
    return taken


def add_worker(taken: tuple[Mapping[str, float], Mapping[str, float]] | None) -> None:
    """Add what a worker sent."""
    if _times is None or taken is None:
        return
    with _lock:
        for sums, values in zip((_times.workers, _times.waits), taken, strict=True):
            for name, seconds in values.items():
                sums[name] += seconds


def report(times: Times, items: int) -> list[str]:
    """Return the lines of a report: milliseconds an item by process and part, largest first."""
    used = time.process_time() - times.begun
    here = {**times.here, "everything else": used - sum(times.here.values())}
    lines = [f"ms an item, of {items:,}"]
    for process, parts in (("this process", here), ("workers", times.workers)):
        if parts:
            lines.append(_line(f"CPU of {process}", sum(parts.values()), items))
            lines += [_line(f"  {name}", spent, items) for name, spent in _largest_first(parts)]
    waits = _largest_first(times.waits)
    return lines + [_line(f"waited: {name}", spent, items) for name, spent in waits]


def _largest_first(parts: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(parts.items(), key=lambda part: -part[1])


def _line(label: str, seconds: float, items: int) -> str:
    return f"{1000 * seconds / max(1, items):10.3f}  {label}"
