"""The page of the benchmarks keeps what people wrote around its figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.report import END, START, figure, page_with, read, write
from benchmarks.results import Comparison, Cost, Point, Prediction, Results, Run, Target
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

MADE: dict[str, Any] = {
    "day": "1 January 2026", "commit": "abc1234", "minutes": 12.4, "cores": 2,
    "processor": "Example", "memory_gib": 8.0, "load": [0.5, 1.5], "yardstick": [200.0, 210.0],
    "versions": {"Python": "3.11.7"},
}  # fmt: skip
UNIT = {
    "text": 8000.0, "warc": 3000.0, "database": 30_000.0, "worker": 20.0, "writer": 6.0,
    "crawl": 30.0,
}  # fmt: skip
PAGES = ("performance.md", "scaling.md")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0.0, "0"),
        (0.8049, "0.805"),
        (12.34, "12.3"),
        (1234.5, "1,234"),
        (-3.21, "-3.21"),
    ],
)
def test_figures_have_three_digits(value: float | None, shown: str) -> None:
    assert figure(value) == shown


def test_only_what_is_between_the_markers_changes() -> None:
    page = f"before\n{START}\nold\n{END}\nafter\n"
    assert page_with(page, "new") == f"before\n{START}\nnew\n{END}\nafter\n"
    with pytest.raises(ValueError, match="needs a line"):
        page_with("no markers", "new")


def test_both_files_have_every_figure(tmp_path: Path) -> None:
    results = Results(
        targets=[Target("import", 0.9, 0.8, "×", "9 s / 10 s")],
        comparisons=[Comparison("pages", "ms", 6.5, "another", None)],
        costs=[Cost("words", 3.14159)],
        growth=[Point(1000, 12.5, 1 << 20)],
        predictions=[Prediction("import", "s of CPU", 10.0, 11.0)],
        unit=UNIT,
    )
    for name in PAGES:
        (tmp_path / name).write_text(f"{START}{END}", "utf-8")
    write({"import": Run(MADE, results)}, tmp_path)
    page = (tmp_path / "performance.md").read_text("utf-8")
    assert "| import | 0.9 × | ≤ 0.8 | **no** | 9 s / 10 s |" in page
    assert "| pages | ms | 6.5 | – | another |" in page
    assert "| words | 3.14 |" in page
    page = (tmp_path / "scaling.md").read_text("utf-8")
    assert "| text, GB | N × 8.0 kB | 8 | 80 | 800 |" in page
    assert "| import | s of CPU | 10 | 11 | +10 % |" in page
    stored = json.loads((tmp_path / "performance.json").read_text("utf-8"))["import"]
    assert stored["made"] == MADE
    assert stored["unit"] == UNIT
    assert stored["targets"][0]["is_met"] is False
    assert stored["growth"] == [{"articles": 1000, "cpu": 12.5, "memory": 1 << 20}]


def test_a_group_that_was_not_measured_again_keeps_its_figures(tmp_path: Path) -> None:
    for name in PAGES:
        (tmp_path / name).write_text(f"{START}{END}", "utf-8")
    runs = {
        group: Run(MADE | {"commit": f"{group} 1"}, Results(costs=[Cost(f"{group} 1", 1.0)]))
        for group in ("crawl", "import")
    }
    write(runs, tmp_path)
    write({"crawl": Run(MADE, Results(costs=[Cost("crawl 2", 1.0)]))}, tmp_path)
    stored = read((tmp_path / "performance.json").read_text("utf-8"))
    assert {group: run.results.costs[0].part for group, run in stored.items()} == {
        "import": "import 1",
        "crawl": "crawl 2",
    }
    page = (tmp_path / "performance.md").read_text("utf-8")
    assert "| import | 1 January 2026 | import 1 | 12.4 | 0.5 and 1.5 | 200 and 210 |" in page
    assert "crawl 1" not in page


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_the_documents_have_the_markers(name: str) -> None:
    page = (REPOSITORY / "docs" / name).read_text("utf-8")
    assert page_with(page, "x").count("x\n" + END) == 1
