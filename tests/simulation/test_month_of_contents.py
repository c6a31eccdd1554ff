"""A month of the layout whose pages come whole."""

from __future__ import annotations

from scraper.model import Layout
from tests.simulation.month import AMonth


class TestContents(AMonth):
    layout = Layout.CONTENTS
