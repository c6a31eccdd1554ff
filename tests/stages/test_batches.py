"""Batches that worker processes read: their order, their errors, their end."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.stages import batches as workers
from scraper.stages.batches import read_pages
from scraper.stages.bounds import Bounds
from scraper.stages.in_process import pure_paths
from scraper.stages.pool import WorkerPool
from tests.factories import make_corpus_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.model import Capture

# Long enough that a pipe does not hold a batch of them, neither coming nor going.
LONG = "ประโยคนี้ยาวพอที่จะทำให้ท่อเต็ม " * 400
FILES = [make_corpus_file(number, LONG) for number in range(1, 61)]
BOUNDS = Bounds(cpu_seconds=30, wall_seconds=60, memory=1 << 30)


def batches() -> Iterator[list[Capture]]:
    return workers.batched(FILES, 5)


def numbers(pages: list[Any]) -> list[int]:
    return [page.article.site_id for page in pages]


@pytest.fixture
def pool() -> WorkerPool:
    return WorkerPool(2, BOUNDS)


def pids(pool: WorkerPool) -> list[int]:
    return [worker._process.pid for worker in tuple(pool._workers)]


def test_two_workers_read_as_none_does_and_leave_nothing_behind(pool: WorkerPool) -> None:
    alone = list(read_pages(batches(), 0))
    together = []
    seen: set[int] = set()
    for pages in read_pages(batches(), 2, pool):
        together.append(pages)
        seen.update(pids(pool))
    assert together == alone
    assert [numbers(pages)[0] for pages in alone] == list(range(1, 61, 5))
    assert len(seen) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in seen)


def test_a_worker_that_is_killed_is_replaced_and_nothing_is_missing(pool: WorkerPool) -> None:
    killed = []

    def killing() -> Iterator[list[Capture]]:
        for number, batch in enumerate(batches()):
            if number in {3, 6, 9}:  # at once, while it starts or reads, and later
                for pid in pids(pool)[:1]:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
            yield batch

    pages = [page for batch in read_pages(killing(), 2, pool) for page in batch]
    assert numbers(pages) == list(range(1, 61))
    assert killed


def test_an_error_in_a_worker_is_raised_here() -> None:
    with pytest.raises(AttributeError, match="body"):
        list(read_pages([["no capture"]], 1))  # type: ignore[list-item]


def test_a_machine_that_fails_a_stage_is_raised_here() -> None:
    pool = WorkerPool(1, BOUNDS, ["tests.stages.test_batches.FullDisk", *pure_paths()])
    with pytest.raises(OSError, match="No space left"):
        list(read_pages(batches(), 1, pool))


class FullDisk:
    def process_item(self, item: Any) -> Any:  # noqa: ARG002
        raise OSError(28, "No space left on device")


def test_who_stops_reading_early_leaves_no_worker_behind(pool: WorkerPool) -> None:
    pages = read_pages(batches(), 2, pool)
    assert numbers(next(pages)) == [1, 2, 3, 4, 5]
    left = pids(pool)
    pages.close()
    assert left
    assert not any(Path(f"/proc/{pid}").exists() for pid in left)
