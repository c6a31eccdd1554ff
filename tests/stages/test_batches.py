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
from scraper.stages.crew import Crew
from scraper.stages.in_process import pure_paths
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
def crew() -> Crew:
    return Crew(2, BOUNDS)


def pids(crew: Crew) -> list[int]:
    return [worker._process.pid for worker in tuple(crew._workers)]


def test_two_workers_read_as_none_does_and_leave_nothing_behind(crew: Crew) -> None:
    alone = list(read_pages(batches(), 0))
    together = []
    seen: set[int] = set()
    for pages in read_pages(batches(), 2, crew):
        together.append(pages)
        seen.update(pids(crew))
    assert together == alone
    assert [numbers(pages)[0] for pages in alone] == list(range(1, 61, 5))
    assert len(seen) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in seen)


def test_a_worker_that_is_killed_is_replaced_and_nothing_is_missing(crew: Crew) -> None:
    killed = []

    def killing() -> Iterator[list[Capture]]:
        for number, batch in enumerate(batches()):
            if number in {3, 6, 9}:  # at once, while it starts or reads, and later
                for pid in pids(crew)[:1]:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
            yield batch

    pages = [page for batch in read_pages(killing(), 2, crew) for page in batch]
    assert numbers(pages) == list(range(1, 61))
    assert killed


def test_an_error_in_a_worker_is_raised_here() -> None:
    with pytest.raises(AttributeError, match="body"):
        list(read_pages([["no capture"]], 1))  # type: ignore[list-item]


def test_a_machine_that_fails_a_stage_is_raised_here() -> None:
    crew = Crew(1, BOUNDS, ["tests.stages.test_batches.FullDisk", *pure_paths()])
    with pytest.raises(OSError, match="No space left"):
        list(read_pages(batches(), 1, crew))


class FullDisk:
    def process_item(self, item: Any) -> Any:  # noqa: ARG002
        raise OSError(28, "No space left on device")


def test_who_stops_reading_early_leaves_no_worker_behind(crew: Crew) -> None:
    pages = read_pages(batches(), 2, crew)
    assert numbers(next(pages)) == [1, 2, 3, 4, 5]
    left = pids(crew)
    pages.close()
    assert left
    assert not any(Path(f"/proc/{pid}").exists() for pid in left)
