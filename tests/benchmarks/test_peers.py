"""Our figures are put beside those of every other program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import peers
from benchmarks.peers import compared
from benchmarks.results import Comparison

if TYPE_CHECKING:
    import pytest


class Right(NamedTuple):
    recall: float


class Found(NamedTuple):
    milliseconds: float
    right: Right


def test_each_figure_is_compared_with_each_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def here(run: Any, *arguments: Any) -> Any:
        return run(*arguments)

    def run(program: str, size: int) -> Found:
        return Found(len(program) * size, Right(1 / len(program)))

    monkeypatch.setattr(peers, "alone", here)
    figures = {"ms": "milliseconds", "share": "right.recall"}
    assert compared(run, ["thaigov", "four", "a"], 10, "work", figures) == [
        Comparison("work", "ms", 70, "four", 40),
        Comparison("work", "share", 1 / 7, "four", 1 / 4),
        Comparison("work", "ms", 70, "a", 10),
        Comparison("work", "share", 1 / 7, "a", 1),
    ]
