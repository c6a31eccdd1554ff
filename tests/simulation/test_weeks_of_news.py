"""Three weeks of the layout whose pages a browser renders."""

from __future__ import annotations

import pytest

from scraper.model import Layout
from tests.practice.browser import chromium
from tests.simulation.weeks import SomeWeeks


@pytest.fixture(scope="module", autouse=True)
def _browser() -> None:
    chromium()


class TestNews(SomeWeeks):
    layout = Layout.NEWS
