"""Our figures beside those of other programs that did the same work."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from benchmarks.processes import alone
from benchmarks.results import Comparison

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OURS = "thaigov"


def compared(
    run: Callable[[str, int], Any],
    programs: Iterable[str],
    size: int,
    work: str,
    figures: dict[str, str],
) -> list[Comparison]:
    """Let each program do the work in a process of its own, ours first.

    Args:
        run: called with a program and the size; returns what was measured.
        programs: names, with ours among them.
        size: number of articles or pages.
        work: what is done.
        figures: the unit of each figure, and the attribute of what ``run`` returns that has it.
    """
    ours = alone(run, OURS, size)
    comparisons = []
    for program in programs:
        if program != OURS:
            theirs = alone(run, program, size)
            comparisons += [
                Comparison(work, unit, attrgetter(name)(ours), program, attrgetter(name)(theirs))
                for unit, name in figures.items()
            ]
    return comparisons
