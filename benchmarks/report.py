"""Writes the figures of a run: the tables of docs/performance.md, and docs/performance.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.scaling import COUNTS, Unit, needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from benchmarks.results import Comparison, Cost, Results, Target

START, END = "<!-- figures -->", "<!-- end of figures -->"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def figure(value: float | None) -> str:
    """Return a number as people read it: three digits, or all before the point; – for None."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def target_row(target: Target) -> tuple[str, ...]:
    """Return the row of a target."""
    sign = "≥" if target.at_least else "≤"
    return (
        target.work,
        f"{figure(target.value)} {target.unit}",
        f"{sign} {figure(target.bound)}",
        "yes" if target.is_met else "**no**",
        target.detail,
    )


def comparison_row(row: Comparison) -> tuple[str, ...]:
    """Return the row of a comparison."""
    return row.work, row.unit, figure(row.ours), figure(row.theirs), row.program


def cost_row(cost: Cost) -> tuple[str, ...]:
    """Return the row of a part of an import."""
    return cost.part, f"{cost.milliseconds:.2f}"


def markdown(results: Results, made: dict[str, Any]) -> str:
    """Return the generated part of the page."""
    tables = {
        "Targets": (
            ("work", "measured", "target", "met", "in figures"),
            [target_row(row) for row in results.targets],
        ),
        "Beside other programs": (
            ("work", "figure", "thaigov", "the other", "the other is"),
            [comparison_row(row) for row in results.comparisons],
        ),
        "Where the time of an import goes": (
            ("part", "ms of CPU an article"),
            [cost_row(row) for row in results.costs],
        ),
    }
    shown = (
        f"## {title}\n\n{table(heads, rows)}" for title, (heads, rows) in tables.items() if rows
    )
    return "\n\n".join((circumstances(made), *shown))


def circumstances(made: dict[str, Any]) -> str:
    """Return a sentence about when, where and with what a run was made."""
    versions = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    load, yardstick = made["load"], made["yardstick"]
    return (
        f"Measured on {made['day']} at commit {made['commit']}, in {made['minutes']:.0f} minutes, "
        f"on {made['cores']} cores ({made['processor']}) with {made['memory_gib']:.0f} GiB. The "
        f"load was {load[0]:.1f} at the start and {load[1]:.1f} at the end, and a fixed piece of "
        f"work took {yardstick[0]:.0f} and {yardstick[1]:.0f} ms of CPU.\n{versions}."
    )


def page_with(page: str, generated: str) -> str:
    """Return a page with its part between the markers replaced.

    Raises:
        ValueError: a marker is missing.
    """
    if START not in page or END not in page:
        raise ValueError(f"the page needs a line {START} and a line {END}")
    head, rest = page.split(START)
    return f"{head}{START}\n{generated}\n{END}{rest.split(END)[1]}"


def needs_table(unit: Unit) -> str:
    """Return the table of what 1, 10 and 100 million pages need."""
    heads = ("needed", "arithmetic", *(f"{count / 10**6:.0f} million" for count in COUNTS))
    rows = (
        (need.what, need.how, *(figure(need.value(count)) for count in COUNTS))
        for need in needs(unit)
    )
    return table(heads, rows)


def predictions_table(results: Results) -> str:
    """Return the table of what was predicted and then measured."""
    rows = (
        (row.work, row.unit, figure(row.predicted), figure(row.measured),
         f"{100 * (row.measured / row.predicted - 1):+.0f} %")
        for row in results.predictions
    )  # fmt: skip
    return table(("run", "figure", "predicted", "measured", "difference"), rows)


def write(results: Results, made: dict[str, Any], docs: Path) -> None:
    """Write the figures into both pages, and all of them as JSON.

    Args:
        results: the figures, complete.
        made: when, where and with what they were made.
        docs: folder that has performance.md and scaling.md.
    """
    tables = (needs_table(Unit(**results.unit)), predictions_table(results))
    generated = {
        "performance.md": markdown(results, made),
        "scaling.md": "\n\n".join((circumstances(made), *tables)),
    }
    for name, figures in generated.items():
        page = docs / name
        page.write_text(page_with(page.read_text("utf-8"), figures), "utf-8")
    content = {"made": made, "unit": results.unit, **_plain(results)}
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (docs / "performance.json").write_text(text + "\n", "utf-8")


def _plain(results: Results) -> dict[str, list[dict[str, Any]]]:
    lists = {name: rows for name, rows in vars(results).items() if isinstance(rows, list)}
    plain = {name: [row._asdict() for row in rows] for name, rows in lists.items()}
    for row, target in zip(plain["targets"], results.targets, strict=True):
        row["is_met"] = target.is_met
    return plain
