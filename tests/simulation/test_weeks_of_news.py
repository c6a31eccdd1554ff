"""Nine days of the layout whose pages a browser renders.

A day costs three times the CPU time of one of the other layout, and the schedule is the same.
"""

from __future__ import annotations

import pytest

from scraper.model import Layout
from tests.practice.browser import chromium
from tests.simulation.weeks import Calendar, SomeWeeks


@pytest.fixture(scope="module", autouse=True)
def _browser() -> None:
    chromium()


class TestNews(SomeWeeks):
    layout = Layout.NEWS
    calendar = Calendar(days=9, challenge=4, down=6, killed=frozenset({2}))
