"""The geometry of charts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.browse.charts import BOTTOM, HEIGHT, TOP, WIDTH, round_step, stacked_chart

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 5000))


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.dictionaries(st.text(), COUNTS))
def test_column_heights_match_values_and_fit_the_chart(
    labels: list[str], series: dict[str, dict[str, int]]
) -> None:
    chart = stacked_chart(labels, series)
    assert [column.label for column in chart.columns] == labels
    for column in chart.columns:
        assert column.total == sum(block.value for block in column.blocks)
        assert 0 <= column.x <= column.x + column.width <= WIDTH
        for block in column.blocks:
            assert TOP - 0.1 <= block.y <= block.y + block.height <= HEIGHT - BOTTOM + 0.1
            assert block.height == pytest.approx(
                block.value / chart.lines[-1].value * (HEIGHT - BOTTOM - TOP), abs=0.01
            )


@given(st.integers(0, 10**9))
def test_grid_lines_are_few_and_round(most: int) -> None:
    step = round_step(most)
    assert step * 4 >= most
    assert step == 1 or step * 4 / 2.5 < most
    assert str(step).rstrip("0") in {"1", "2", "5"}
