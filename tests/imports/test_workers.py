"""Worker processes: their order, their errors, their deaths."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from scraper.imports import workers
from scraper.imports.workers import WorkerError, read_pages
from tests.factories import make_corpus_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.model import Capture

# Long enough that a pipe does not hold a batch of them, neither coming nor going.
LONG = "ประโยคนี้ยาวพอที่จะทำให้ท่อเต็ม " * 400
FILES = [make_corpus_file(number, LONG) for number in range(1, 61)]


def batches() -> Iterator[list[Capture]]:
    return workers.batched(FILES, 5)


def numbers(pages: list[Any]) -> list[int]:
    return [page.article.site_id for page in pages]


def kill(child: Any) -> None:
    os.kill(child.pid, signal.SIGKILL)


def test_two_workers_read_as_none_does_and_leave_nothing_behind() -> None:
    alone = list(read_pages(batches(), 0))
    together = list(read_pages(batches(), 2))
    assert together == alone
    assert [numbers(pages)[0] for pages in alone] == list(range(1, 61, 5))
    assert multiprocessing.active_children() == []


def at_once() -> None:
    """Kill while the interpreters of the workers are starting."""


def when_they_read() -> None:
    time.sleep(3)  # by then every pipe is full, and each worker in the middle of a message


@pytest.mark.parametrize("moment", [at_once, when_they_read])
def test_a_worker_that_is_killed_is_noticed(moment: Callable[[], None]) -> None:
    def killing() -> Iterator[list[Capture]]:
        for number, batch in enumerate(batches()):
            if number == 2:  # each of the two has something to do
                moment()
                kill(multiprocessing.active_children()[0])
            yield batch

    begun = time.monotonic()
    with pytest.raises(WorkerError, match="ended from outside"):
        list(read_pages(killing(), 2))
    assert time.monotonic() - begun < 30
    assert multiprocessing.active_children() == []


def test_an_error_in_a_worker_is_raised_here() -> None:
    with pytest.raises(ValidationError, match="capture"):
        list(read_pages([["no capture"]], 1))  # type: ignore[list-item]
    assert multiprocessing.active_children() == []


def test_who_stops_reading_early_leaves_no_worker_behind() -> None:
    pages = read_pages(batches(), 2)
    assert numbers(next(pages)) == [1, 2, 3, 4, 5]
    pages.close()  # type: ignore[attr-defined] # a generator
    assert multiprocessing.active_children() == []
