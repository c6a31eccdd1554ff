"""A month of the layout whose pages a browser renders."""

from __future__ import annotations

import pytest

from scraper.model import Layout
from tests.practice.browser import chromium
from tests.simulation.month import AMonth


@pytest.fixture(scope="module", autouse=True)
def _browser() -> None:
    chromium()


class TestNews(AMonth):
    layout = Layout.NEWS
