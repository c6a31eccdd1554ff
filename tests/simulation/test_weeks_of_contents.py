"""Three weeks of the layout whose pages come whole."""

from __future__ import annotations

from scraper.model import Layout
from tests.simulation.weeks import SomeWeeks


class TestContents(SomeWeeks):
    layout = Layout.CONTENTS
