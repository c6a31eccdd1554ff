"""The benchmark measures every kind of page."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from benchmarks.browse_speed import kinds, measure

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browse.conftest import Site


def test_every_kind_of_page_is_measured(practice: Site, practice_db: Path) -> None:
    asked = kinds(practice_db, 2, random.Random(1))
    for kind in asked:
        figures = asyncio.run(measure(practice.datasette, kind._replace(paths=kind.paths[:2])))
        assert figures["asked"] == 2, kind
        assert 0 < figures["cpu_median"] <= figures["cpu_p95"]
