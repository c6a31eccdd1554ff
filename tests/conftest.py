"""Fixtures that several test packages use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from scraper.archive.writer import ArchiveWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent
REPOSITORY = TESTS.parent

# A busy machine is no failure; tests that are about time measure it themselves.
settings.register_profile("thaigov", deadline=None)
settings.load_profile("thaigov")


# Folders whose tests wait for processes, servers and browsers: they begin first, so that no core is
# idle at the end (with --no-loadscope-reorder; xdist would put files with few tests last).
SLOW_FOLDERS = ("simulation", "spiders", "recovery", "render", "practice", "cli")


def pytest_xdist_auto_num_workers() -> int:
    """Return one more process than cores: these tests wait a third of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of slow folders first; the order within a file stays."""
    ranks = {folder: rank for rank, folder in enumerate(SLOW_FOLDERS)}
    items.sort(key=lambda item: ranks.get(item.path.relative_to(TESTS).parts[0], len(ranks)))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes after its argument.

    Bytes in a test's name are unreadable, and those of a gzip file hold the second it was made:
    two processes that collect the tests in different seconds would know them by different names.
    """
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real articles, which is no part of the project."""
    folder = Path(os.environ.get("THAIGOV_SHARED") or REPOSITORY.parent / "shared")
    if not (folder / "corpus").is_dir():
        pytest.skip(f"real articles are not at {folder} (THAIGOV_SHARED names another folder)")
    return folder


@pytest.fixture
def db_path(tmp_path: Path) -> Path:
    """Return where a new archive may go."""
    return tmp_path / "archive" / "thaigov.db"


@pytest.fixture
def writer(db_path: Path) -> Iterator[ArchiveWriter]:
    """Yield the writer of a new archive."""
    writer = ArchiveWriter(db_path, "test", {})
    yield writer
    writer.close("done", 0)
