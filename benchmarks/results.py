"""The figures of a run: measured values against their targets, and beside other programs."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

SHINGLE = 8  # characters; Thai has no blanks to count words by


class Target(NamedTuple):
    """A figure with the bound that was set for it.

    Attributes:
        bound: the greatest value that is right, or the least if ``at_least``.
        unit: ``×`` for a ratio, ``%``, ``s``, ``ms`` or ``MiB``.
        detail: what was measured, with its absolute values.
    """

    work: str
    value: float
    bound: float
    unit: str
    detail: str
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the value is within the bound."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


class Comparison(NamedTuple):
    """A figure of ours beside that of another program; None if it has none.

    Attributes:
        unit: what is counted, such as ``ms of CPU a page`` or ``share of titles``.
    """

    work: str
    unit: str
    ours: float | None
    program: str
    theirs: float | None


class Cost(NamedTuple):
    """Milliseconds of CPU that an article takes in one part of the work."""

    part: str
    milliseconds: float


class Point(NamedTuple):
    """What a run had used when it had stored some articles: CPU seconds, bytes of memory."""

    articles: int
    cpu: float
    memory: int


class Prediction(NamedTuple):
    """A figure that was computed from smaller runs, and what the run itself took."""

    work: str
    unit: str
    predicted: float
    measured: float


@dataclass
class Results:
    """The figures of a group, or of several.

    Attributes:
        unit: what one article takes, by the names of ``scaling.Unit``.
    """

    targets: list[Target] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    growth: list[Point] = field(default_factory=list)
    predictions: list[Prediction] = field(default_factory=list)
    unit: dict[str, float] = field(default_factory=dict)


class Run(NamedTuple):
    """A group as it was measured.

    Attributes:
        made: when, where and with what (``machine.Made``).
        results: its figures.
    """

    made: dict[str, Any]
    results: Results


def joined(runs: Iterable[Run]) -> Results:
    """Return the figures of all groups."""
    whole = Results()
    for run in runs:
        for name, figures in vars(run.results).items():
            if isinstance(figures, list):
                getattr(whole, name).extend(figures)
        whole.unit |= run.results.unit
    return whole


def percentile(values: Collection[float], share: float) -> float:
    """Return the least value that at least this share of the values does not exceed.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def overlap(expected: str, found: str) -> float:
    """Return how well a text was found, from 0 to 1: F1 of its pieces of eight characters.

    White space does not count. A text shorter than a piece is one piece.
    """
    wanted, got = _shingles(expected), _shingles(found)
    total = wanted.total() + got.total()
    return 2 * (wanted & got).total() / total if total else 1.0


def _shingles(text: str) -> Counter[str]:
    joined = "".join(text.split())
    starts = range(max(1, len(joined) - SHINGLE + 1)) if joined else range(0)
    return Counter(joined[start : start + SHINGLE] for start in starts)


class Precision(NamedTuple):
    """The share of the found items that are right, and of the expected that are found."""

    precision: float
    recall: float


def precision_of(pairs: Iterable[tuple[Collection[object], Collection[object]]]) -> Precision:
    """Compare what is expected with what is found, article by article, as sets."""
    right = wanted = found = 0
    for expected, got in pairs:
        right += len(set(expected) & set(got))
        wanted += len(set(expected))
        found += len(set(got))
    return Precision(right / (found or 1), right / (wanted or 1))


def per_thousand(points: Sequence[Point], step: int = 1000) -> list[Point]:
    """Return what each step of articles took: its CPU seconds, and the greatest memory in it.

    Samples come at any count, so CPU time between two samples is interpolated; a last step that is
    not complete is left out.
    """
    if not points:
        return []
    ends = range(0, points[-1].articles + 1, step)
    return [
        Point(
            last,
            _cpu_at(points, last) - _cpu_at(points, first),
            max(point.memory for point in points if first <= point.articles <= last),
        )
        for first, last in pairwise(ends)
    ]


def _cpu_at(points: Sequence[Point], articles: int) -> float:
    """Return the CPU seconds at which an article was stored, of points in order."""
    before = Point(0, points[0].cpu, 0)
    for after in points:
        if after.articles >= articles:
            part = (articles - before.articles) / ((after.articles - before.articles) or 1)
            return before.cpu + part * (after.cpu - before.cpu)
        before = after
    return points[-1].cpu


def drift(values: Sequence[float]) -> float:
    """Return how much more the last third of the values is than the first, as a share.

    Raises:
        ValueError: fewer than three values.
    """
    third = len(values) // 3
    if not third:
        raise ValueError(f"{len(values)} values have no thirds")
    return (sum(values[-third:]) / third) / (sum(values[:third]) / third) - 1
