"""A Dask cluster reads pages as the processes of this machine do, though its parts die."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.imports.ingest import ingest
from scraper.model import Incoming
from scraper.stages import cluster as cluster_module
from scraper.stages.bounds import PageBounds
from scraper.stages.child import WorkerSetup
from scraper.stages.cluster import Cluster, ClusterTask
from scraper.stages.cluster_task import Batch, do_batch
from scraper.stages.jobs import PrepareCaptures, ReadPages
from scraper.stages.pool import WorkerPool
from scraper.stages.worker import WorkerError
from tests import poison
from tests.archive_dump import assert_sound, content
from tests.commands import ENVIRONMENT
from tests.conftest import REPOSITORY
from tests.factories import make_corpus_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from scraper.model import Capture
    from scraper.stages.executor import Executor, Machines, Pending
    from scraper.stages.jobs import Job

distributed = pytest.importorskip("distributed")
STAGES = (poison.STAGE, "pipelines.parse.Parse", "pipelines.clean.Clean")
BOUNDS = PageBounds(cpu_seconds=1, wall_seconds=60, memory=300 << 20)


class Parts:
    """A scheduler on loopback and two workers, each in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = self._read(self.scheduler, r"Scheduler at: +(tcp://\S+)")
        self.workers = [
            self._start(
                "worker", self.address, "--no-nanny", "--nthreads", "1", "--memory-limit", "0"
            )
            for _ in range(2)
        ]
        for worker in self.workers:
            self._read(worker, r"Registered to: +(tcp://\S+)")

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
            if process.stderr is not None:
                process.stderr.close()

    def _start(self, part: str, *arguments: str) -> subprocess.Popen[str]:
        program = ["-m", f"distributed.cli.dask_{part}", "--no-dashboard", *arguments]
        return subprocess.Popen(
            [sys.executable, *program],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self._folder,  # a worker writes there
            env={**ENVIRONMENT, "PYTHONPATH": str(REPOSITORY)},
        )

    @staticmethod
    def _read(process: subprocess.Popen[str], pattern: str) -> str:
        for line in process.stderr or ():
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError("it ended")


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    started = Parts(tmp_path)
    yield started
    started.end()


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.imports.ingest.BATCH", 2)
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 2)


def test_archives_are_equal_whatever_dies(parts: Parts, tmp_path: Path) -> None:
    """A worker is killed, a page never ends, the scheduler is killed, the next run goes on."""
    made = [make_corpus_file(number) for number in range(1, 21)]
    made[6] = make_corpus_file(7, f"{poison.MARK}spin_in_c")
    here, there = (tmp_path / name / "thaigov.db" for name in ("here", "there"))
    store(here, made, Here())
    with Cluster(parts.address) as cluster:
        assert cluster.slots == 2
        store(there, made[:12], Killing(cluster, parts.workers[0], after=2))
        killing = Killing(cluster, parts.scheduler, after=1)
        with pytest.raises(WorkerError, match="does not answer any more"):
            store(there, made, killing)
    store(there, made, Here())
    assert content(there) == content(here)
    assert_sound(there)
    assert [row[1:3] for row in content(there)["problems"]] == [("reading", "over-time-limit")]


def light(job: Job[Any, Any]) -> Job[Any, Any]:
    """Return a job without words and facts, whose tables take seconds to load in a process."""
    assert isinstance(job, PrepareCaptures)
    return replace(job, stages=STAGES)


class Here:
    """A process of this machine, with the light stages and the bounds of the cluster."""

    def pool(self, job: Job[Any, Any]) -> Executor[Any, Any]:
        return WorkerPool(light(job), 1, BOUNDS)


class Killing:
    """A cluster that loses a process after some batches were handed over."""

    def __init__(self, cluster: Cluster, process: subprocess.Popen[str], after: int) -> None:
        self._cluster = cluster
        self._process = process
        self._left = after
        self.slots = 2

    def pool(self, job: Job[Any, Any]) -> Executor[Any, Any]:
        self._pool = self._cluster.pool(light(job), BOUNDS)
        return self

    def close(self) -> None:
        self._pool.close()

    def submit(self, batch: Sequence[Any]) -> Pending[Any]:
        pending = self._pool.submit(batch)
        self._left -= 1
        if not self._left:
            self._process.kill()
            self._process.wait()
        return pending


def store(db: Path, captures: list[Capture], machines: Machines) -> None:
    with ArchiveWriter(db, "test", {}) as writer:
        ingest(writer, map(Incoming, captures), workers=machines)


def test_a_missing_scheduler_is_reported_in_a_sentence() -> None:
    with pytest.raises(WorkerError, match="no Dask scheduler answers at tcp:"):
        Cluster("tcp://127.0.0.1:9")


def test_other_code_on_a_worker_is_refused() -> None:
    batch = Batch([], WorkerSetup(ReadPages(STAGES), BOUNDS, is_timed=False), 1, "thaigov 0.1")
    with pytest.raises(WorkerError, match="has different code from this machine"):
        do_batch(pickle.dumps(batch))


class Scripted:
    """A cluster whose tasks end as written: an error is raised, bytes are the result."""

    def __init__(self, *ends: Exception | bytes) -> None:
        self.ends = [*ends]
        self.client = self
        self.address = "tcp://host:8786"
        self.submitted = 0

    def submit(self, *_: Any, **__: Any) -> Scripted:
        self.submitted += 1
        return self

    def result(self, **_: Any) -> bytes:
        end = self.ends.pop(0)
        if isinstance(end, Exception):
            raise end
        return end

    def workers(self) -> list[Any]:
        return []

    def task(self) -> ClusterTask[Any]:
        return ClusterTask(cast("Any", self), do_batch, None)


def killed() -> Exception:
    error: Exception = distributed.KilledWorker("task", None, 3)
    return error


def test_a_batch_whose_workers_died_is_handed_over_again() -> None:
    cluster = Scripted(killed(), killed(), pickle.dumps([1]))
    assert cluster.task().result() == [1]
    assert cluster.submitted == 3


def test_a_batch_is_not_handed_over_for_ever() -> None:
    with pytest.raises(WorkerError, match="keep dying"):
        Scripted(killed(), killed(), killed(), killed()).task().result()


def test_a_cluster_that_stays_empty_ends_the_run() -> None:
    waits = [TimeoutError()] * cluster_module.EMPTY_TICKS
    with pytest.raises(WorkerError, match="has no workers"):
        Scripted(*waits).task().result()
