"""Batches read by worker processes: their order, errors and end."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.stages.batches import batched, read_pages
from scraper.stages.bounds import PageBounds
from scraper.stages.in_process import pure_paths
from scraper.stages.jobs import ReadPages
from scraper.stages.pool import WorkerPool
from tests.factories import make_corpus_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.model import Capture, Page

# Long enough that a pipe cannot buffer a batch of captures or pages.
LONG = "ประโยคนี้ยาวพอที่จะทำให้ท่อเต็ม " * 400
FILES = [make_corpus_file(number, LONG) for number in range(1, 61)]
FULL_DISK = "tests.stages.test_batches.FullDisk"
BOUNDS = PageBounds(cpu_seconds=30, wall_seconds=60, memory=1 << 30)


def batches() -> Iterator[list[Capture]]:
    return batched(FILES, 5)


def numbers(pages: list[Any]) -> list[int]:
    return [page.article.site_id for page in pages]


@pytest.fixture
def pool() -> WorkerPool[Capture, Page]:
    return WorkerPool(ReadPages(), 2, BOUNDS)


def pids(pool: WorkerPool[Capture, Page]) -> list[int]:
    return [worker._process.pid for worker in tuple(pool._workers)]


def test_two_workers_read_the_same_as_none_and_end_afterwards(
    pool: WorkerPool[Capture, Page],
) -> None:
    here = list(read_pages(batches(), 0))
    in_workers = []
    seen: set[int] = set()
    for pages in read_pages(batches(), 2, pool):
        in_workers.append(pages)
        seen.update(pids(pool))
    assert in_workers == here
    assert [numbers(pages)[0] for pages in here] == list(range(1, 61, 5))
    assert len(seen) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in seen)


def test_a_killed_worker_is_replaced_and_no_page_is_missing(
    pool: WorkerPool[Capture, Page],
) -> None:
    killed = []

    def killing() -> Iterator[list[Capture]]:
        for number, batch in enumerate(batches()):
            if number in {3, 6, 9}:  # while workers start, read, and later
                for pid in pids(pool)[:1]:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
            yield batch

    pages = [page for batch in read_pages(killing(), 2, pool) for page in batch]
    assert numbers(pages) == list(range(1, 61))
    assert killed


def test_an_error_in_a_worker_is_raised_in_the_parent() -> None:
    with pytest.raises(AttributeError, match="body"):
        list(read_pages([["no capture"]], 1))  # type: ignore[list-item]


def test_a_machine_fault_in_a_worker_is_raised_in_the_parent() -> None:
    pool = WorkerPool(ReadPages((FULL_DISK, *pure_paths())), 1, BOUNDS)
    with pytest.raises(OSError, match="No space left"):
        list(read_pages(batches(), 1, pool))


class FullDisk:
    def process_item(self, item: Any) -> Any:  # noqa: ARG002
        raise OSError(28, "No space left on device")


def test_workers_end_when_the_reader_stops_early(pool: WorkerPool[Capture, Page]) -> None:
    pages = read_pages(batches(), 2, pool)
    assert numbers(next(pages)) == [1, 2, 3, 4, 5]
    started = pids(pool)
    pages.close()
    assert started
    assert not any(Path(f"/proc/{pid}").exists() for pid in started)
