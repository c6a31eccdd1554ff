"""Fixtures of the spiders' tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.practice.server.http import serve
from tests.spiders.crawls import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.practice.server.http import Served


@pytest.fixture
def served() -> Iterator[Served]:
    with serve(SITE) as server:
        yield server
