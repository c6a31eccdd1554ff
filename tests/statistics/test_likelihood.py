"""Published values of the log-likelihood ratio."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.statistics.likelihood import log_likelihood, per_hundred


@pytest.mark.parametrize(
    ("both", "first_only", "second_only", "neither", "expected"),
    [  # Dunning 1993, table 3
        (110, 2442, 111, 29114, 270.72),  # the swiss
        (29, 13, 123, 31612, 263.90),  # can be
        (31, 23, 139, 31584, 256.84),  # previous year
        (10, 0, 3, 31764, 167.23),  # mineral water
        (76, 104, 2476, 29121, 157.21),  # at the
        (16, 16, 51, 31694, 157.03),  # real terms
    ],
)
def test_published_values(
    both: int, first_only: int, second_only: int, neither: int, expected: float
) -> None:
    found = log_likelihood(both, first_only, second_only, neither)
    assert found == pytest.approx(expected, abs=0.01)


counts = st.integers(0, 10_000)


@given(counts, counts, counts, counts)
def test_it_is_symmetrical_and_never_negative(a: int, b: int, c: int, d: int) -> None:
    found = log_likelihood(a, b, c, d)
    assert found >= 0
    assert log_likelihood(a, c, b, d) == pytest.approx(found, abs=1e-6)
    assert log_likelihood(b, a, d, c) == pytest.approx(found, abs=1e-6)


@given(st.integers(1, 100), st.integers(1, 100), st.integers(1, 100))
def test_proportional_counts_are_independent(n: int, m: int, times: int) -> None:
    assert log_likelihood(n, m, n * times, m * times) == pytest.approx(0, abs=1e-6)


def test_shares() -> None:
    assert per_hundred(1, 3) == 33.33
    assert per_hundred(0, 0) == 0
