"""Computes the geometry of line charts; the template draws them as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from scraper.browse.charts import BOTTOM, HEIGHT, LEFT, TOP, WIDTH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25)  # percent, between grid lines
_MOST_LINES = 4


class Point(NamedTuple):
    """A value of a line, at a label of the axis."""

    label: str
    x: float
    y: float
    value: float


class Line(NamedTuple):
    """A named line.

    Attributes:
        name: of the line.
        points: left to right; a label without a value has none.
        path: of SVG; broken where a value is missing.
    """

    name: str
    points: tuple[Point, ...]
    path: str


class Tick(NamedTuple):
    """A place on an axis, with its text."""

    at: float
    text: str


@dataclass(frozen=True)
class LineChart:
    """Several lines over the same labels, with values in percent."""

    lines: tuple[Line, ...]
    labels: tuple[Tick, ...]
    grid: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def line_chart(labels: Sequence[str], values: Mapping[str, Mapping[str, float]]) -> LineChart:
    """Lay out a chart of percentages.

    Args:
        labels: left to right.
        values: by label, by name of the line.
    """
    most = max((value for line in values.values() for value in line.values()), default=0.0)
    step = next((step for step in _STEPS if step * _MOST_LINES >= most), _STEPS[-1])
    top = step * max(1, -(-most // step))
    base, room = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    place = (WIDTH - LEFT) / max(1, len(labels))
    across = {label: round(LEFT + (n + 0.5) * place, 2) for n, label in enumerate(labels)}
    lines = []
    for name, line in values.items():
        points = tuple(
            Point(label, across[label], round(base - line[label] / top * room, 2), line[label])
            for label in labels
            if label in line
        )
        lines.append(Line(name, points, _path(labels, points)))
    grid = tuple(
        Tick(round(base - n * step / top * room, 2), f"{n * step:g}")
        for n in range(round(top / step) + 1)
    )
    return LineChart(tuple(lines), tuple(Tick(x, label) for label, x in across.items()), grid)


def _path(labels: Sequence[str], points: Sequence[Point]) -> str:
    """Return the path through points, with a new start after a label without one."""
    order = {label: number for number, label in enumerate(labels)}
    parts, last = [], None
    for point in points:
        number = order[point.label]
        parts.append(f"{'L' if last == number - 1 else 'M'}{point.x} {point.y}")
        last = number
    return "".join(parts)
