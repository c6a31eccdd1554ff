"""Lives through a month, once for all that is asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.practice.server.http import serve
from tests.simulation.month import Month

if TYPE_CHECKING:
    from tests.simulation.month import AMonth


@pytest.fixture(scope="class")
def month(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Month:
    """Return a month of the layout that the class of tests names."""
    tests: type[AMonth] = request.cls
    month = Month(tests.layout, tmp_path_factory.mktemp("month") / "thaigov.db")
    with serve(month.site, validators=True, intercept=month.weather) as served:
        month.live(served)
    return month
