"""Lays out charts; the template draws them as SVG, without script. Numbers in, geometry out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Of the viewBox, in its own units; the page scales it.
WIDTH, HEIGHT = 720, 240
LEFT, BOTTOM, TOP = 44, 24, 10
GAP_SHARE = 0.18  # of a column's place
MAX_SERIES = 6  # with a colour of their own
OTHERS, NONE = "others", "none"  # further series in one, and what belongs to none


class Block(NamedTuple):
    """One series' part of a column."""

    series: int
    y: float
    height: float
    value: int


class Column(NamedTuple):
    """What stands over one label of the axis."""

    label: str
    x: float
    width: float
    total: int
    blocks: tuple[Block, ...]


class GridLine(NamedTuple):
    """A line across the chart, with its value."""

    y: float
    value: int


@dataclass(frozen=True)
class Chart:
    """Stacked columns.

    Attributes:
        series: names, in the order in which they are stacked from below.
        columns: from left to right.
        lines: round values to read heights by.
    """

    series: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: tuple[GridLine, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def stacked_chart(labels: Sequence[str], series: Mapping[str, Mapping[str, int]]) -> Chart:
    """Return a chart of stacked columns.

    Args:
        labels: of the columns, from left to right.
        series: for each name its values by label; a label without a value counts 0.
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
            Column(label, round(x, 2), round(place * (1 - GAP_SHARE), 2), total, tuple(blocks))
        )
    marked = range(0, most + 1, step)
    lines = tuple(GridLine(round(base - value / most * room, 2), value) for value in marked)
    return Chart(tuple(series), tuple(columns), lines)


def largest_series(values: Mapping[str, Counter[str]]) -> dict[str, Counter[str]]:
    """Return the largest series, then the others added up, then what belongs to none.

    Args:
        values: for each name, of which ``NONE`` is one, its values by label.
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
    """Return a round distance between lines, so that there are at most five of them."""
    step = 1
    while step * 4 < most:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return step
