"""The arithmetic of the benchmarks; what they measure is no test."""

from __future__ import annotations

import pytest

from benchmarks.results import (
    Point,
    Target,
    drift,
    overlap,
    per_thousand,
    percentile,
    precision_of,
)


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([5], 0.95, 5), ([3, 1, 2], 0.5, 2), (range(1, 21), 0.95, 19), (range(1, 101), 0.95, 95)],
)
def test_a_percentile_is_one_of_the_values(
    values: list[float], share: float, expected: float
) -> None:
    assert percentile(values, share) == expected


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.95)


@pytest.mark.parametrize(
    ("expected", "found", "least", "most"),
    [
        ("กรมโรงงานอุตสาหกรรม", "กรม โรงงาน\nอุตสาหกรรม", 1, 1),  # white space does not count
        ("กรมโรงงานอุตสาหกรรม", "กระทรวงการคลังและพาณิชย์", 0, 0),
        ("กรมโรงงานอุตสาหกรรม", "กรมโรงงานอุตสาหกรรม " * 3, 0.3, 0.5),  # too much is not right
        ("สั้น", "สั้น", 1, 1),
        ("", "", 1, 1),
        ("ข้อความหนึ่ง", "", 0, 0),
    ],
)
def test_overlap_is_the_share_of_common_pieces(
    expected: str, found: str, least: float, most: float
) -> None:
    assert least <= overlap(expected, found) <= most


def test_precision_compares_article_by_article() -> None:
    right = precision_of([([1, 2], [2, 3]), ([4], []), ([], [2])])
    assert right.precision == pytest.approx(1 / 3)
    assert right.recall == pytest.approx(1 / 3)
    assert precision_of([]) == (0, 0)


def test_steps_are_interpolated_between_samples() -> None:
    points = [
        Point(0, 2.0, 100),
        Point(500, 7.0, 300),
        Point(1500, 17.0, 400),
        Point(2000, 22.0, 500),
        Point(2100, 23.0, 9),
    ]
    assert per_thousand(points) == [Point(1000, 10.0, 300), Point(2000, 10.0, 500)]
    assert per_thousand([]) == []


def test_drift_compares_the_last_third_with_the_first() -> None:
    assert drift([1, 1, 9, 9, 2, 2]) == pytest.approx(1.0)
    assert drift([4, 4, 4]) == 0
    with pytest.raises(ValueError, match="no thirds"):
        drift([1, 2])


def test_a_target_is_a_greatest_or_a_least_value() -> None:
    most = Target("import", 0.8, 0.8, "×", "")
    assert most.is_met
    assert not most._replace(value=0.81).is_met
    least = most._replace(at_least=True, value=0.9)
    assert least.is_met
    assert not least._replace(value=0.7).is_met
