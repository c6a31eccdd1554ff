"""Outcomes and exit codes of runs."""

from __future__ import annotations

from collections import Counter

import pytest

from scraper.archive.runs import verdict


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, ("done", 0)),
        ({"new": 9, "failed": 1}, ("done", 0)),
        ({"new": 8, "failed": 2}, ("unmet", 3)),
        ({"unchanged": 100, "unparsed": 11}, ("done", 0)),
        ({"unchanged": 98, "unparsed": 11}, ("unmet", 3)),
        ({"unparsed": 1}, ("unmet", 3)),
        ({"failed": 1}, ("failed", 1)),
        ({"failed": 3, "missing": 1}, ("done", 0)),
        ({"shell": 3}, ("unmet", 3)),
        ({"shell": 3, "rendered": 3, "new": 3}, ("done", 0)),
        ({"forbidden": 2}, ("refused", 4)),
        ({"forbidden": 2, "new": 1}, ("done", 0)),
    ],
)
def test_verdict_depends_on_the_counts(counts: dict[str, int], expected: tuple[str, int]) -> None:
    assert verdict(Counter(counts), faults=0) == expected


def test_a_fault_makes_a_good_run_unmet() -> None:
    assert verdict(Counter(new=9), faults=1) == ("unmet", 3)
