"""Simulates weeks of daily runs in minutes."""

import pytest

pytest.register_assert_rewrite("tests.simulation.weeks")
