"""Simulates some weeks once, for all tests that read the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.practice.server.http import serve
from tests.simulation.weeks import Weeks

if TYPE_CHECKING:
    from tests.simulation.weeks import SomeWeeks


@pytest.fixture(scope="class")
def weeks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Weeks:
    """Return the weeks that the class of tests names."""
    tests: type[SomeWeeks] = request.cls
    weeks = Weeks(tests.layout, tests.calendar, tmp_path_factory.mktemp("weeks") / "thaigov.db")
    with serve(weeks.site, validators=True, intercept=weeks.challenge) as served:
        weeks.live(served)
    return weeks
