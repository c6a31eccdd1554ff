"""Three weeks of the layout whose pages need no browser."""

from __future__ import annotations

from scraper.model import Layout
from tests.simulation.weeks import Calendar, SomeWeeks


class TestContents(SomeWeeks):
    layout = Layout.CONTENTS
    calendar = Calendar(days=21, challenge=9, down=14, killed=frozenset({5, 16}))
