"""Draws the growth of an archive: what an article costs, by how many there are already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.results import Point

INK, LINE = "#7a7a7a", "#3c78b4"  # readable on white and on black
STYLE: dict[Any, Any] = {
    "axes.edgecolor": INK, "axes.labelcolor": INK, "axes.titlecolor": INK, "xtick.color": INK,
    "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False, "font.size": 10,
    "svg.fonttype": "none",  # texts stay texts
    "svg.hashsalt": "thaigov",  # the same figures give the same bytes
}  # fmt: skip


def draw(growth: Sequence[Point], path: Path) -> None:
    """Draw milliseconds of CPU an article and memory, per 1,000 articles, as SVG."""
    mpl.use("svg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the choice of a backend

    articles = [point.articles / 1000 for point in growth]
    # Seconds of 1,000 articles are milliseconds of one.
    panels = {
        "CPU of all processes, ms an article": [point.cpu for point in growth],
        "memory of all processes, MiB": [point.memory / (1 << 20) for point in growth],
    }
    with plt.rc_context(STYLE):
        drawing, axes = plt.subplots(1, len(panels), figsize=(9, 3.2), layout="constrained")
        for axis, (title, values) in zip(axes, panels.items(), strict=True):
            axis.plot(articles, values, color=LINE, linewidth=1.8)
            axis.set_ylim(0, 1.25 * max(values))
            axis.set_xlim(left=0)
            axis.set_title(title, fontsize=10)
            axis.set_xlabel("articles in the archive, thousands")
        drawing.savefig(path, transparent=True, metadata={"Date": None})
        plt.close(drawing)
