"""Computes the geometry of charts; the template draws them as SVG."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# In units of the viewBox; the page scales it.
WIDTH, HEIGHT = 720, 240
LEFT, BOTTOM, TOP = 44, 24, 10
GAP_SHARE = 0.18  # share of a column's width
MAX_SERIES = 6  # with their own colour
OTHERS, NONE = (
    "others",
    "none",
)  # names of the other series together, and of values without a series


class Block(NamedTuple):
    """One series' part of a column."""

    series: int
    y: float
    height: float
    value: int


class ChartColumn(NamedTuple):
    """The column over one label of the axis."""

    label: str
    x: float
    width: float
    total: int
    blocks: tuple[Block, ...]


class GridLine(NamedTuple):
    """A horizontal line with its value."""

    y: float
    value: int


@dataclass(frozen=True)
class Chart:
    """Stacked columns.

    Attributes:
        series: names, bottom to top.
        columns: left to right.
        lines: grid lines at round values.
    """

    series: tuple[str, ...]
    columns: tuple[ChartColumn, ...]
    lines: tuple[GridLine, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def stacked_chart(labels: Sequence[str], series: Mapping[str, Mapping[str, int]]) -> Chart:
    """Lay out a chart of stacked columns.

    Args:
        labels: of the columns, left to right.
        series: values by label, by name; missing labels count as 0.
    """
    totals = [sum(values.get(label, 0) for values in series.values()) for label in labels]
    step = round_step(max(totals, default=0))
    most = max(step, -(-max(totals, default=0) // step) * step)
    base, room = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    place = (WIDTH - LEFT) / max(1, len(labels))
    columns = []
    for index, (label, total) in enumerate(zip(labels, totals, strict=True)):
        blocks, y = [], float(base)
        for number, values in enumerate(series.values()):
            if value := values.get(label, 0):
                height = value / most * room
                y -= height
                blocks.append(Block(number, round(y, 2), round(height, 2), value))
        x = LEFT + (index + GAP_SHARE / 2) * place
        columns.append(
            ChartColumn(label, round(x, 2), round(place * (1 - GAP_SHARE), 2), total, tuple(blocks))
        )
    marked = range(0, most + 1, step)
    lines = tuple(GridLine(round(base - value / most * room, 2), value) for value in marked)
    return Chart(tuple(series), tuple(columns), lines)


def largest_series(values: Mapping[str, Counter[str]]) -> dict[str, Counter[str]]:
    """Return the largest series, the sum of the others, and values without a series, in this order.

    Args:
        values: values by label, by name of the series or ``NONE``.
    """
    named = [name for name in values if name != NONE]
    named.sort(key=lambda name: (-values[name].total(), name))
    series = {name: values[name] for name in named[:MAX_SERIES]}
    if rest := named[MAX_SERIES:]:
        series[OTHERS] = sum((values[name] for name in rest), Counter())
    if NONE in values:
        series[NONE] = values[NONE]
    return series


def round_step(most: int) -> int:
    """Return a round step that gives at most five grid lines."""
    step = 1
    while step * 4 < most:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return step
