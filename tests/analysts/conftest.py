"""The archive that docs/analysts.md and its notebook ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.analysts.archive import build_archive

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the archive where ``make demo`` puts it."""
    folder = tmp_path_factory.mktemp("desk")
    build_archive(folder / "data" / "demo" / "thaigov.db")
    return folder
