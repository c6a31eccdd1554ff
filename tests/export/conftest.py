"""The archive that the tests of exports read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.conftest import REPOSITORY
from tests.export.sample import make_sample

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the archive of ``tests.export.sample``, which must not be changed."""
    db = tmp_path_factory.mktemp("sample") / "news.db"
    make_sample(db)
    return db


@pytest.fixture
def peers_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the programs of other projects on the PATH, where they are installed."""
    folder = REPOSITORY / ".venv-peers" / "bin"
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{folder}")
