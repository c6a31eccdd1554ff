"""Pages that break worker processes are marked unparsed; all others are read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.model import Outcome, Page
from scraper.stages import pool as pool_module
from scraper.stages.bounds import PageBounds
from scraper.stages.in_process import pure_paths, pure_stages, read_page
from scraper.stages.jobs import ReadPages
from scraper.stages.pool import WorkerPool
from scraper.stages.worker import WorkerError
from tests import poison
from tests.factories import make_corpus_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.model import Capture

BOUNDS = PageBounds(cpu_seconds=2, wall_seconds=60, memory=300 << 20)
STAGES = (poison.STAGE, *pure_paths())
SENTENCE = "ประโยคหนึ่งของเรา"


def make(number: int, act: str | None = None) -> Capture:
    text = SENTENCE if act is None else f"{SENTENCE} {poison.MARK}{act}"
    return make_corpus_file(number, text).model_copy(update={"id": number})


def read_here(captures: Sequence[Capture]) -> list[Page]:
    return [read_page(pure_stages(), capture) for capture in captures]


@pytest.fixture
def pool(request: pytest.FixtureRequest) -> Iterator[WorkerPool[Capture, Page]]:
    hangs = any(f"[{act}]" in request.node.name for act in ("hang", "stop"))
    pool = WorkerPool(ReadPages(STAGES), 1, replace(BOUNDS, wall_seconds=5) if hangs else BOUNDS)
    yield pool
    pool.close()


@pytest.mark.parametrize("act", poison.KINDS)
def test_a_poisoned_page_is_unparsed_and_its_neighbours_are_read(
    pool: WorkerPool[Capture, Page], act: str
) -> None:
    captures = [make(1), make(2, act), make(3), make(4)]
    first, poisoned, *others = pool.submit(captures).result()
    assert [first, *others] == read_here([captures[0], *captures[2:]])
    assert (poisoned.outcome, poisoned.article) == (Outcome.UNPARSED, None)
    assert poisoned.capture == captures[1].model_copy(update={"body": b""})
    (problem,) = poisoned.problems
    kind, detail = poison.KINDS[act]
    assert problem.kind == kind
    assert detail in problem.detail
    assert pool.submit([make(5)]).result() == read_here([make(5)])


@pytest.mark.parametrize("workers", [1, 3])
def test_the_result_is_the_same_for_any_number_of_workers(workers: int) -> None:
    acts = {3: "spin", 7: "crash", 14: "allocate_at_once", 20: "fail_oddly"}
    captures = [make(number, acts.get(number)) for number in range(1, 21)]
    good = read_here([capture for capture in captures if capture.id not in acts])
    pool = WorkerPool(ReadPages(STAGES), workers, BOUNDS)
    futures = [pool.submit(captures[start : start + 5]) for start in range(0, 20, 5)]
    pages = [page for future in futures for page in future.result()]
    pool.close()
    assert [page.capture.id for page in pages] == list(range(1, 21))
    assert [page for page in pages if page.capture.id not in acts] == good
    kinds = [problem.kind for page in pages for problem in page.problems]
    assert kinds == [poison.KINDS[act][0] for act in acts.values()]


def test_slow_pages_within_the_bounds_are_read(pool: WorkerPool[Capture, Page]) -> None:
    pages = pool.submit([make(number, "be_slow") for number in range(1, 9)]).result()
    assert [page.outcome for page in pages] == [Outcome.ARTICLE] * 8  # 2.4 s in total


def test_a_worker_killed_once_costs_no_page(pool: WorkerPool[Capture, Page]) -> None:
    captures = [make(number, "be_slow") for number in range(1, 9)]
    future = pool.submit(captures)
    while not (worker := next(iter(pool._workers), None)):
        time.sleep(0.01)
    time.sleep(1)
    os.kill(worker._process.pid, signal.SIGKILL)
    assert [page.outcome for page in future.result()] == [Outcome.ARTICLE] * 8


def test_a_run_ends_when_every_worker_is_killed(pool: WorkerPool[Capture, Page]) -> None:
    future = pool.submit([make(number, "be_killed") for number in range(1, 9)])
    with pytest.raises(WorkerError, match="short of memory"):
        future.result()


def test_workers_that_cannot_start_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = WorkerPool(ReadPages(("tests.poison.Nothing",)), 1, BOUNDS)
    with pytest.raises(WorkerError, match="Nothing"):
        missing.submit([make(1)]).result()
    missing.close()
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    pool = WorkerPool(ReadPages(STAGES), 1, BOUNDS)
    with pytest.raises(WorkerError, match="no process can be started"):
        pool.submit([make(1)]).result()
    pool.close()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    pool = WorkerPool(ReadPages(STAGES), 1, BOUNDS)
    with pytest.raises(WorkerError, match="end before their first page"):
        pool.submit([make(1)]).result()
    pool.close()


def test_closing_kills_workers_in_the_middle_of_a_page(pool: WorkerPool[Capture, Page]) -> None:
    reason = KeyError("closed")
    futures = [pool.submit([make(1, act)]) for act in ("hang", "spin_in_c")]
    while not pool._workers:
        time.sleep(0.01)
    time.sleep(0.5)
    pids = [worker._process.pid for worker in pool._workers]
    pool.close(reason)
    assert not any(thread.is_alive() for thread in pool._threads)
    for future in (*futures, pool.submit([make(2)])):
        with pytest.raises(KeyError):
            future.result()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (2, 2), (100, 4)])
def test_captures_are_sent_in_messages_of_limited_size(
    monkeypatch: pytest.MonkeyPatch, limit: int, count: int
) -> None:
    captures = [make(number) for number in range(1, 5)]
    monkeypatch.setattr(pool_module, "MAX_MESSAGE", limit * len(captures[0].body))
    assert len(pool_module._first_message(captures, ReadPages().size)) == count


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has PR_SET_PDEATHSIG")
def test_a_worker_dies_with_its_parent_in_the_middle_of_a_page() -> None:
    program = (
        "from scraper.stages.bounds import PageBounds\n"
        "from scraper.stages.jobs import ReadPages\n"
        "from scraper.stages.pool import WorkerPool\n"
        "from tests.stages.test_pool import STAGES, make\n"
        "pool = WorkerPool(ReadPages(STAGES), 1, PageBounds(60, 60, 300 << 20))\n"
        "future = pool.submit([make(1, 'hang')])\n"
        "while not pool._workers: pass\n"
        "print(next(iter(pool._workers))._process.pid, flush=True)\n"
        "future.result()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        time.sleep(2)
        assert Path(f"/proc/{worker}").exists()
        parent.kill()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{worker}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
