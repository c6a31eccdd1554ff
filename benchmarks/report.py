"""Writes the figures of a run: the tables of docs/performance.md, and docs/performance.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.results import (
    Comparison,
    Cost,
    Point,
    Prediction,
    Results,
    Run,
    Target,
    joined,
)
from benchmarks.scaling import COUNTS, Unit, needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    Runs = Mapping[str, Run]  # by group

GROUPS = ("import", "pages", "dates", "crawl", "large")
ROWS: dict[str, Any] = {
    "targets": Target, "comparisons": Comparison, "costs": Cost, "growth": Point,
    "predictions": Prediction,
}  # fmt: skip
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


def markdown(runs: Runs) -> str:
    """Return the generated part of the page."""
    results = joined(runs.values())
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
    return "\n\n".join((circumstances(runs), *shown))


def circumstances(runs: Runs) -> str:
    """Return when, where and with what each group was measured."""
    heads = ("group", "day", "commit", "minutes", "load before and after", "yardstick, ms of CPU")
    rows = [
        (
            group, made["day"], made["commit"], figure(made["minutes"]),
            " and ".join(map(figure, made["load"])), " and ".join(map(figure, made["yardstick"])),
        )
        for group, (made, _) in runs.items()
    ]  # fmt: skip
    machines = (
        f"{made['cores']} cores ({made['processor']}) with {made['memory_gib']:.0f} GiB, "
        + ", ".join(f"{name} {version}" for name, version in made["versions"].items())
        for made, _ in runs.values()
    )
    return f"{table(heads, rows)}\n\n" + "\n".join(f"{text}." for text in dict.fromkeys(machines))


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


def write(runs: Runs, docs: Path) -> None:
    """Write the figures into both pages and docs/performance.json.

    Args:
        runs: of the groups that were measured; the others keep the figures of that file.
        docs: folder that has performance.md and scaling.md.
    """
    stored = docs / "performance.json"
    earlier = read(stored.read_text("utf-8")) if stored.exists() else {}
    runs = {group: run for group in GROUPS if (run := runs.get(group) or earlier.get(group))}
    results = joined(runs.values())
    tables = [predictions_table(results)] if results.predictions else []
    if len(results.unit) == len(Unit._fields):
        tables.insert(0, needs_table(Unit(**results.unit)))
    generated = {
        "performance.md": markdown(runs),
        "scaling.md": "\n\n".join((circumstances(runs), *tables)),
    }
    for name, figures in generated.items():
        page = docs / name
        page.write_text(page_with(page.read_text("utf-8"), figures), "utf-8")
    stored.write_text(to_json(runs), "utf-8")


def to_json(runs: Runs) -> str:
    """Return groups as JSON, with whether each target is met."""
    content = {group: {"made": made, **_plain(results)} for group, (made, results) in runs.items()}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _plain(results: Results) -> dict[str, Any]:
    plain: dict[str, Any] = {"unit": results.unit}
    for name, kind in ROWS.items():
        plain[name] = [
            row._asdict() | ({"is_met": row.is_met} if kind is Target else {})
            for row in getattr(results, name)
        ]
    return plain


def read(text: str) -> dict[str, Run]:
    """Return the groups of a text that ``to_json`` made."""
    return {
        group: Run(
            stored["made"],
            Results(
                **{
                    name: [kind(**{key: row[key] for key in kind._fields}) for row in stored[name]]
                    for name, kind in ROWS.items()
                },
                unit=stored["unit"],
            ),
        )
        for group, stored in json.loads(text).items()
    }
