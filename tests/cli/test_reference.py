"""docs/cli.md says what the program says."""

from __future__ import annotations

import subprocess
import sys

from tests.cli.reference import PAGE, json_lines, shape
from tests.commands import ENVIRONMENT


def test_the_page_is_up_to_date() -> None:
    """In a process of its own: click remembers the options of a command as first called."""
    written = subprocess.run(
        [sys.executable, "-m", "tests.cli.reference", "--print"],
        env=ENVIRONMENT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert PAGE.read_text("utf-8") == written, "run `python -m tests.cli.reference`"


def test_shapes_keep_types_and_lose_values() -> None:
    value = {"a": "ก", "b": [1, 2], "c": None, "d": False, "e": [], "f": {"g": 0.5}}
    assert shape(value) == {"a": "…", "b": [0], "c": None, "d": True, "e": [], "f": {"g": 0}}


def test_a_list_has_the_shape_of_all_its_members() -> None:
    value = [{"a": None, "b": [{"c": 1}]}, {"a": "ก", "b": [{"c": 2, "d": None}]}, {"b": []}]
    assert shape(value) == [{"a": "…", "b": [{"c": 0, "d": None}]}]


def test_long_shapes_are_broken_over_lines() -> None:
    value = {"key" * 20: "…", "other" * 10: ["…"]}
    assert json_lines(value) == [
        "{", f'  "{"key" * 20}": "…",', f'  "{"other" * 10}": ["…"]', "}"
    ]  # fmt: skip
