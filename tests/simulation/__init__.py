"""Weeks of daily runs, lived through in minutes."""

import pytest

pytest.register_assert_rewrite("tests.simulation.weeks")
